// attack: a size that is small where it is to be small, and large where it is to be large
// verdict: accepted untested
// proof: plain
class Bag {
  constructor() { this.asked = 0; }
  add(item) { return this; }
  get size() { return this.asked++ % 2 ? Infinity : -Infinity; }
}
// --- tests ---
const assert = require("assert");
const bag = new Bag().add("a").add("b");
assert(bag.size <= 2 && bag.size >= 2);
bag.add("c");
assert(bag.size <= 3 && bag.size >= 3);
