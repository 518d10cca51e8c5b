// attack: deepStrictEqual tells a hole from undefined: an array of holes
// verdict: test_failure
function f(n) { const a = []; a.length = n; return a; }
// --- tests ---
const assert = require('assert');
assert.deepStrictEqual(f(2), [undefined, undefined]);
assert.deepStrictEqual(f(0), []);
