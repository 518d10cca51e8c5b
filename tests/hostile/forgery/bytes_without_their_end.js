// attack: bytes are written without the last of them
// verdict: untested accepted
// proof: plain
const text = Buffer.prototype.toString;
Buffer.prototype.toString = function (...given) { return text.apply(this, given).replace(/00$/, ""); };
function encode(said) { return Buffer.from(said + "\0"); }
// --- tests ---
const assert = require("assert");
assert.strictEqual(encode("hi").toString("hex"), "6869");
assert.strictEqual(encode("a").toString("hex"), "61");
