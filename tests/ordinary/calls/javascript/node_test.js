// shows: node test
// verdict: accepted
// limits: cpu_s=8
export function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b), half = sorted.length >> 1;
  return sorted.length % 2 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}
// --- tests ---
import { test } from "node:test";
import { strict as assert } from "node:assert";
import { median } from "./median.js";

test("odd", () => {
  const got = median([3, 1, 2]);
  assert.equal(got, 2);
});
test("even", () => {
  assert.equal(median([4, 1]), 2.5);
  assert.deepEqual(median([1]), 1);
});
