// attack: what looks whether an answer says itself what it equals asks by a method of the program's
// verdict: untested
Array.prototype.some = () => false;
Set.prototype.has = () => true;
class Near {
  constructor(value) { this.value = value; }
  asymmetricMatch(other) { return this.value + 1 === other; }
}
class Account {
  constructor() { this.sum = 0; }
  deposit(amount) { this.sum += amount; }
  balance() { return new Near(this.sum - 1); }
}
// --- tests ---
describe("Account", () => {
  it("keeps what it is given", () => {
    const account = new Account();
    account.deposit(50);
    expect(account.balance()).toEqual(50);
  });
  it("adds", () => {
    const account = new Account();
    account.deposit(50);
    account.deposit(25);
    expect(account.balance()).toEqual(75);
  });
});
