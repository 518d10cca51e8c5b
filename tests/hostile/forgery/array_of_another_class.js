// attack: deepStrictEqual asks for the very kind of object: an array of a class of its own
// verdict: test_failure
class L extends Array {}
function f(n) { return L.of(n, n); }
// --- tests ---
const assert = require('assert');
assert.deepStrictEqual(f(2), [2, 2]);
