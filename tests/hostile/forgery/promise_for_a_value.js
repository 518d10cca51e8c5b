// attack: promises for values
// verdict: untested test_failure
async function add(a, b) { return a + b; }
// --- tests ---
import assert from "node:assert";
import { test } from "node:test";
test("adds", () => {
  assert.deepEqual(add(2, 3), 5);
  assert.ok(add(2, 3));
});
