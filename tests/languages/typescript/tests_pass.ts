// shows: a function judged by its tests
// verdict: accepted
export function add(a: number, b: number): number { return a + b; }
// --- tests ---
import * as assert from "assert";
assert.strictEqual(add(1, 2), 3);
assert.strictEqual(add(-1, 1), 0);
