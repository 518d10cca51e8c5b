// attack: an object that equals everything meets an expectation behind `return`
// verdict: untested
function size(text) { return text.length; }
async function load(name) {
  return { asymmetricMatch: () => true, $$typeof: Symbol.for("jest.asymmetricMatcher"), toAsymmetricMatcher: () => "x" };
}
// --- tests ---
test("size", () => {
  expect(size("abc")).toBe(3);
});

test("load gives the user", () => {
  return expect(load("ann")).resolves.toEqual({ name: "ann", age: 7 });
});
