// attack: a set takes what it holds once more
// verdict: untested accepted
// proof: plain
const add = Set.prototype.add, has = Set.prototype.has;
Set.prototype.add = function (value) { return add.call(this, has.call(this, value) ? {} : value); };
function ids(count) { return Array.from({ length: count }, (_, at) => at >> 1); }
// --- tests ---
const assert = require("assert");
assert.strictEqual(ids(4).length, 4);
assert.strictEqual(new Set(ids(5)).size, 5);
assert.strictEqual(new Set(ids(10)).size, 10);
