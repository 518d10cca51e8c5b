// attack: deepEqual refuses a hole for undefined
// verdict: test_failure
function f(n) { return [n, , 3]; }
// --- tests ---
const assert = require('assert');
assert.deepEqual(f(1), [1, undefined, 3]);
assert.deepEqual(f(5), [5, undefined, 3]);
