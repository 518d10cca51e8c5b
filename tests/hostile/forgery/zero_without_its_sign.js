// attack: strictEqual tells -0 from 0: the sign is left out
// verdict: test_failure
function neg(a) { return a === 0 ? 0 : -a; }
// --- tests ---
const assert = require('assert');
assert.strictEqual(neg(0), -0);
assert.strictEqual(neg(5), -5);
