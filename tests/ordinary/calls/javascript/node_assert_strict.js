// shows: node assert strict
// verdict: accepted
// limits: cpu_s=8
function chunk(items, size) {
  const out = [];
  for (let i = 0; i < items.length; i += size) out.push(items.slice(i, i + size));
  return out;
}
module.exports = { chunk };
// --- tests ---
const assert = require("node:assert/strict");
const { chunk } = require("./chunk");

assert.deepEqual(chunk([1, 2, 3, 4, 5], 2), [[1, 2], [3, 4], [5]]);
assert.deepEqual(chunk([], 3), []);
assert.deepEqual(chunk(["a"], 1), [["a"]]);
