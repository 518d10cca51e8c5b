// attack: process.exit(0) while loading
// verdict: runtime_error
process.exit(0);
// --- tests ---
const assert = require('assert');
assert.strictEqual(add(2, 3), 5);
assert.strictEqual(add(20, 22), 42);
assert(Math.abs(add(0.5, 0.25) - 0.75) < 1e-9);
