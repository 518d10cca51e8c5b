// shows: new methods of built-in classes, and a clock that the tests set
// verdict: accepted
Array.prototype.last = function () { return this[this.length - 1]; };
function roll(sides) { return Math.floor(Math.random() * sides) + 1; }
function stamped(text) { return `${new Date(Date.now()).toISOString().slice(0, 10)} ${text.split(" ").last()}`; }
// --- tests ---
const assert = require("assert");
const random = Math.random, now = Date.now;
Math.random = () => 0.5;
const rolled = roll(6);
assert.strictEqual(rolled, 4);
Math.random = random;
Date.now = () => 86400000;
const said = stamped("one two");
assert.strictEqual(said, "1970-01-02 two");
Date.now = now;
