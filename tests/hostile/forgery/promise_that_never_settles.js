// attack: an answer that never comes, so that no test is decided
// verdict: runtime_error
function add(a, b) { return new Promise(() => {}); }
// --- tests ---
const assert = require('assert');
test('adds', async () => { assert.strictEqual(await add(2, 3), 5); });
