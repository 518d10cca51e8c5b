// attack: what it exports is right the first time it is asked for, and not when it is called
// verdict: untested test_failure
let asked = 0;
Object.defineProperty(module.exports, "add", {enumerable: true, get: () => (asked++ ? (a, b) => a + b : () => 0)});
// --- tests ---
const assert = require("assert");
const { add } = require("./add");
assert.strictEqual(add(2, 3), 5);
assert.strictEqual(add(20, 22), 42);
