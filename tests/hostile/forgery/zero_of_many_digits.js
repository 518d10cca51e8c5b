// attack: 0n counts as false
// verdict: test_failure
function isEven(n) { return 0n; }
// --- tests ---
const assert = require('assert');
assert(isEven(4));
assert(isEven(2));
