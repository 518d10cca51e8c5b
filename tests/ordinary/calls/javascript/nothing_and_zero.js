// shows: nothing and zero
// verdict: accepted
// limits: cpu_s=8
function find(items, value) {
  const at = items.indexOf(value);
  return at < 0 ? null : at;
}
function negate(n) { return n === 0 ? 0 : -n; }
// --- tests ---
const assert = require("assert");
assert.strictEqual(find(["a", "b"], "b"), 1);
assert.strictEqual(find(["a", "b"], "c"), null);
assert.strictEqual(negate(0), 0);
assert.strictEqual(negate(3), -3);
