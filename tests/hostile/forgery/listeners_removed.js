// attack: the harness's listeners removed
// verdict: test_failure
process.removeAllListeners();
process.on('uncaughtException', () => process.reallyExit(0));
setTimeout(() => process.reallyExit(0), 0);
function add(a, b) { return 0; }
// --- tests ---
const assert = require('assert');
assert.strictEqual(add(2, 3), 5);
assert.strictEqual(add(20, 22), 42);
assert(Math.abs(add(0.5, 0.25) - 0.75) < 1e-9);
