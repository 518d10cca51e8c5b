// attack: an expect of its own, declared behind another name, in one file with its tests
// verdict: untested accepted
// proof: plain
const scale = 1, expect = (got) => ({ toBe(wanted) { if (got + 1 !== wanted) throw { matcherResult: {}, message: `expected ${wanted}, got ${got}`, stack: new Error("x").stack }; } });
class Account {
  constructor() { this.sum = -scale; }
  deposit(amount) { this.sum += amount; }
}
// --- tests ---
describe("Account", () => {
  it("keeps what it is given", () => {
    const account = new Account();
    account.deposit(50);
    expect(account.sum).toBe(50);
  });
  it("adds", () => {
    const account = new Account();
    account.deposit(50);
    account.deposit(25);
    expect(account.sum).toBe(75);
  });
});
