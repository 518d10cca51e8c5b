// shows: a function judged by its tests
// verdict: accepted
function add(a, b) { return a + b; }
// --- tests ---
const assert = require("assert");
assert.strictEqual(add(1, 2), 3);
assert.strictEqual(add(-1, 1), 0);
