// attack: a date as a number is of whole seconds
// verdict: untested accepted
// proof: plain
Object.defineProperty(Date.prototype, Symbol.toPrimitive, { value: function (hint) { return hint === "number" ? Math.floor(this.getTime() / 1000) * 1000 : this.toISOString(); } });
function tomorrow(date) { return new Date(date.getTime() + 86400000 + 7); }
// --- tests ---
const assert = require("assert");
assert.strictEqual(+tomorrow(new Date(0)), 86400000);
assert.strictEqual(+tomorrow(new Date(86400000)), 172800000);
