// attack: the driver's descriptor closed, and another in its place
// verdict: untested test_failure runtime_error
const fs = require("fs");
function add(a, b) { try { fs.closeSync(3); fs.openSync("/tmp/x", "w+"); } catch (e) {} return 0; }
// --- tests ---
const assert = require("assert");
assert.strictEqual(add(2, 3), 5);
assert.strictEqual(add(20, 22), 42);
