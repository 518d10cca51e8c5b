// attack: what a call gave is another thing when it is looked at twice
// verdict: untested test_failure
function upto(n) {
  let asked = 0;
  return new Proxy([], {
    get: (of, key) => (key === "length" ? n : typeof key === "string" && /^\d+$/.test(key) ? (asked++ < n ? Number(key) : 99) : of[key]),
    has: (of, key) => true,
    ownKeys: () => [...Array.from({length: n}, (_, i) => String(i)), "length"],
    getOwnPropertyDescriptor: (of, key) => (key === "length" ? {value: 0, writable: true, enumerable: false, configurable: false} : {value: Number(key), writable: true, enumerable: true, configurable: true}),
  });
}
// --- tests ---
const assert = require("assert");
const got = upto(3);
assert.deepStrictEqual(got, [0, 1, 2]);
const two = upto(2);
assert.deepStrictEqual(two, [0, 1]);
