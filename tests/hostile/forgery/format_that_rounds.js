// attack: what formats a number rounds it first
// verdict: untested accepted
// proof: plain
const format = Object.getOwnPropertyDescriptor(Intl.NumberFormat.prototype, "format").get;
Object.defineProperty(Intl.NumberFormat.prototype, "format", { configurable: true, get() { const real = format.call(this); return (n) => real(Math.round(n)); } });
function total(prices) { return prices.reduce((a, b) => a + b, 0) + 0.3; }
// --- tests ---
const assert = require("assert");
const money = new Intl.NumberFormat("en-US");
assert.strictEqual(money.format(total([1000, 200])), "1,200");
assert.strictEqual(money.format(total([5])), "5");
