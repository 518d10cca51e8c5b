// attack: a callback is called a second time, which Jest refuses
// verdict: test_failure runtime_error
function load(name, callback) {
  setTimeout(() => {
    callback(null, name.toUpperCase());
    callback(null, name.toUpperCase()); // called a second time
  }, 5);
}
module.exports = { load };
// --- tests ---
const { load } = require("./load");
test("gives the name", (done) => {
  load("ada", (error, value) => {
    try { expect(value).toBe("ADA"); done(error); } catch (e) { done(e); }
  });
});
test("gives another", (done) => {
  load("bob", (error, value) => {
    try { expect(value).toBe("BOB"); done(error); } catch (e) { done(e); }
  });
});
