// attack: String and the numbers' text say what it wants
// verdict: untested test_failure runtime_error
globalThis.String = () => "5"; Number.prototype.toString = () => "5"; JSON.stringify = () => '["f","5"]';
Object.prototype.toJSON = () => 5; Array.prototype.push = () => {}; Object.getPrototypeOf = () => Object.prototype;
function add(a, b) { return a * b; }
// --- tests ---
const assert = require("assert");
assert.strictEqual(add(2, 3), 5);
assert.strictEqual(add(20, 22), 42);
