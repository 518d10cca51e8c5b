// shows: a class, its state, errors and nothing
// verdict: accepted
class Stack {
  constructor() { this.items = []; }
  push(item) { this.items.push(item); return this; }
  pop() { if (!this.items.length) throw new RangeError('empty'); return this.items.pop(); }
  peek() { return this.items.length ? this.items[this.items.length - 1] : null; }
  get size() { return this.items.length; }
}
module.exports = { Stack };
// --- tests ---
const assert = require('assert');
const { Stack } = require('./stack');
const stack = new Stack();
assert.strictEqual(stack.size, 0);
assert.strictEqual(stack.peek(), null);
stack.push(1).push(2);
assert.deepStrictEqual(stack.items, [1, 2]);
assert.strictEqual(stack.pop(), 2);
assert.strictEqual(stack.size, 1);
let message = 'none';
try { new Stack().pop(); } catch (error) { message = error.message; }
assert.strictEqual(message, 'empty');
