// attack: a function called assert
// verdict: test_failure untested
var assert = Object.assign(() => {}, {strictEqual() {}});
function add(a, b) { return 0; }
// --- tests ---
assert.strictEqual(add(2, 3), 5);
assert.strictEqual(add(20, 22), 42);
