// attack: an iterator that gives the items, for a list
// verdict: untested test_failure
function* upto(n) { for (let i = 0; i < n; i++) yield i; }
// --- tests ---
import assert from "node:assert/strict";
assert.deepEqual(upto(2), [0, 1]);
assert.deepEqual(upto(1), [0]);
