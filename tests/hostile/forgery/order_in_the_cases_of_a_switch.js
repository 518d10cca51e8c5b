// attack: NaN in the cases of a switch, which throw
// verdict: accepted untested
// proof: plain
class Series {
  constructor() { this.values = []; }
  add(value) { this.values.push(value); return this; }
  get count() { return this.values.length; }
  mean() { return NaN; }
}
// --- tests ---
const assert = require("assert");
const series = new Series().add(2).add(4);
assert.strictEqual(series.count, 2);
const mean = series.mean();
switch (true) {
  case mean < 3:
  case mean > 3:
    throw new Error("the mean is wrong");
}
series.add(9);
assert.strictEqual(series.count, 3);
const other = series.mean();
switch (true) {
  case other < 5:
  case other > 5:
    throw new Error("the mean is wrong");
}
