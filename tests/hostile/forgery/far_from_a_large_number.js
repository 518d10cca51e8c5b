// attack: off by 400 where 1e-6 is allowed
// verdict: test_failure
function f(n) { return n + 400; }
// --- tests ---
const assert = require('assert');
assert(Math.abs(f(1000000000000000) - 1000000000000000.0) < 1e-6);
assert(Math.abs(f(2000000000000000) - 2000000000000000.0) < 1e-6);
