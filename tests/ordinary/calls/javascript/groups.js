// shows: groups
// verdict: accepted
// limits: cpu_s=8
function groupBy(words) {
  const out = {};
  for (const w of words) (out[w[0]] ||= []).push(w);
  return out;
}
// --- tests ---
const assert = require('assert');
assert.deepStrictEqual(groupBy(["ape", "ant", "bee"]), {a: ["ape", "ant"], b: ["bee"]});
assert.deepStrictEqual(groupBy([]), {});
