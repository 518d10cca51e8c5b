// attack: a set of two equal lists for a set of one
// verdict: test_failure
function f(xs) { return new Set(xs.map((x) => [x % 2])); }
// --- tests ---
const assert = require('assert');
assert.deepStrictEqual(f([1, 3]), new Set([[1]]));
assert.deepStrictEqual(f([2, 4, 6]), new Set([[0]]));
