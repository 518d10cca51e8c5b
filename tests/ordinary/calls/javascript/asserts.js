// shows: assertions with messages, lone truths, loose equality, thrown errors
// verdict: accepted
export function isPrime(n) { for (let d = 2; d * d <= n; d++) if (n % d === 0) return false; return n > 1; }
export function add(a, b) { return a + b; }
export function words(text) { return text.split(/\s+/).filter(Boolean).length; }
// --- tests ---
import { isPrime, add, words } from './solution.js';
const assert = require('assert').strict;
assert(isPrime(7), 'seven is prime');
assert.ok(!isPrime(8), "eight is not");
console.assert(isPrime(2));
assert(!isPrime(1));
assert.strictEqual(add(1, 2), 3, 'one and two');
assert.equal(add('a', 'b'), 'ab');
assert(add(2, 2) == 4, 'two and two');
assert(Math.abs(add(0.1, 0.2) - 0.3) < 1e-9, 'near');
if (add(5, 5) !== 10) throw new Error('add(5, 5)');
if (words('a b') !== 2) { throw new Error("words"); }
assert(words('x'));
assert(!words(''));
