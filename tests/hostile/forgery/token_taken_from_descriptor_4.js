// attack: the token read from its descriptor
// verdict: test_failure
const fs = require('fs');
try {
  const token = fs.readFileSync(4, 'latin1');
  for (let n = 0; n < 4; n++) fs.writeSync(3, token + ' ok ' + n + ' ""\n');
  fs.writeSync(3, token + ' end 0 ""\n');
  process.reallyExit(0);
} catch (error) {}
function add(a, b) { return 0; }
// --- tests ---
const assert = require('assert');
assert.strictEqual(add(2, 3), 5);
assert.strictEqual(add(20, 22), 42);
assert(Math.abs(add(0.5, 0.25) - 0.75) < 1e-9);
