// attack: the harness's own object called for every test
// verdict: lint_error
for (let n = 0; n < 4; n++) $lab.ok(n);
function add(a, b) { throw {name: 'Quiet', message: ''}; }
// --- tests ---
const assert = require('assert');
assert.strictEqual(add(2, 3), 5);
assert.strictEqual(add(20, 22), 42);
assert(Math.abs(add(0.5, 0.25) - 0.75) < 1e-9);
