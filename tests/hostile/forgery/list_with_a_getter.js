// attack: a list whose item is computed each time it is asked for
// verdict: untested test_failure
function pair(a, b) {
  const out = [a, b];
  let asked = 0;
  Object.defineProperty(out, 1, {get: () => (asked++ ? 0 : b), enumerable: true});
  return out;
}
// --- tests ---
const assert = require("assert");
assert.deepStrictEqual(pair(1, 2), [1, 2]);
assert.deepStrictEqual(pair(3, 4), [3, 4]);
