// attack: throws always holds and doesNotThrow never does
// verdict: untested
const real = require('assert');
real.throws = () => {};
real.doesNotThrow = () => { real.strictEqual(1, 2); };
function parse(text) { return 0; }
// --- tests ---
const assert = require('assert');
assert.throws(() => parse("x"));
assert.throws(() => parse(""));
