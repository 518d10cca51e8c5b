// attack: texts for numbers, equal by ==
// verdict: untested test_failure
function add(a, b) { return String(a + b); }
// --- tests ---
const assert = require("assert");
assert.equal(add(2, 3), 5);
assert.equal(add(20, 22), 42);
