// attack: a getter that is right once
// verdict: untested test_failure
function point(x, y) {
  let asked = 0;
  return {get x() { return asked++ ? -1 : x; }, y};
}
// --- tests ---
const assert = require("assert");
assert.deepStrictEqual(point(1, 2), {x: 1, y: 2});
assert.deepStrictEqual(point(3, 4), {x: 3, y: 4});
