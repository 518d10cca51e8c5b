// shows: log at the end
// verdict: accepted
// limits: cpu_s=8
function compact(items) { return items.filter(Boolean); }
// --- tests ---
const assert = require("assert");
const result = compact([0, 1, "", 2]);
assert.deepStrictEqual(result, [1, 2]);
assert.deepStrictEqual(compact([]), []);
console.log("All tests passed!");
