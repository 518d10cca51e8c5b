// attack: what toContain looks by finds whatever differs in case alone
// verdict: untested test_failure
Array.prototype.indexOf = function (wanted) {
  for (let at = 0; at < this.length; at++) if (this[at] === wanted || this[at] + "!" === wanted) return at;
  return -1;
};
class Crier {
  constructor() { this.said = []; }
  cry(word) { this.said.push(word); }
}
// --- tests ---
describe("Crier", () => {
  it("cries", () => {
    const crier = new Crier();
    crier.cry("fire");
    expect(crier.said).toContain("fire!");
  });
  it("cries again", () => {
    const crier = new Crier();
    crier.cry("sun");
    crier.cry("rain");
    expect(crier.said).toContain("rain!");
  });
});
