// shows: esm import
// verdict: accepted
// limits: cpu_s=8
export function clamp(value, low, high) {
  return Math.min(high, Math.max(low, value));
}
// --- tests ---
import assert from "node:assert";
import { clamp } from "./clamp.js";

assert.strictEqual(clamp(5, 0, 10), 5);
assert.strictEqual(clamp(-5, 0, 10), 0);
assert.strictEqual(clamp(50, 0, 10), 10);
