// attack: what compares by built-in functions compares by others
// verdict: test_failure untested runtime_error
Object.is = () => true; Object.keys = () => []; Array.isArray = () => false; Number.isNaN = () => true;
Array.prototype.every = () => true; Array.prototype.some = () => false; Map.prototype.get = () => undefined;
function add(a, b) { return NaN; }
// --- tests ---
const assert = require('assert');
const x = 2;
assert.strictEqual(add(x, 3), 5);
test('adds', () => { const y = 40; expect(add(x, y)).toBe(42); expect([add(x, y)]).toEqual([42]); });
