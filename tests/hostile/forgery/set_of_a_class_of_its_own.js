// attack: a set of a class whose has says yes
// verdict: untested test_failure
class All extends Set { has() { return true; } get size() { return 2; } }
function letters(text) { return new All(["a"]); }
// --- tests ---
const assert = require("assert");
assert.deepStrictEqual(letters("ab"), new Set(["a", "b"]));
assert.deepStrictEqual(letters("aba"), new Set(["a", "b"]));
