// attack: each step of a generator rounds a number
// verdict: untested accepted
// proof: plain
const proto = Object.getPrototypeOf(Object.getPrototypeOf((function* () {})())), next = proto.next;
proto.next = function (...given) { const step = next.apply(this, given); if (typeof step.value === "number") step.value = Math.round(step.value); return step; };
function* squares(n) { for (let at = 0; at < n; at++) yield at * at + 0.2; }
// --- tests ---
const assert = require("assert");
assert.deepStrictEqual([...squares(3)], [0, 1, 4]);
assert.deepStrictEqual([...squares(1)], [0]);
