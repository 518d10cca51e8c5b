// attack: rejections are handled, and nobody listens for what is thrown
// verdict: untested test_failure
process.on("unhandledRejection", () => {});
process.removeAllListeners("uncaughtException");
class Account {
  constructor() { this.sum = -1; }
  async deposit(amount) { this.sum += amount; }
}
// --- tests ---
describe("Account", () => {
  it("keeps what it is given", async () => {
    const account = new Account();
    await account.deposit(50);
    expect(account.sum).toBe(50);
  });
  it("adds", async () => {
    const account = new Account();
    await account.deposit(50);
    await account.deposit(25);
    expect(account.sum).toBe(75);
  });
});
