// attack: what the first call gave is changed by the second, before it is compared
// verdict: test_failure runtime_error
const out = [];
function f(n) { out.length = 0; for (let i = 0; i < n; i++) out.push(i); return out; }
// --- tests ---
const _ = require("lodash")
function compare(object1, object2){ return _.isEqual(object1, object2) }
var x0 = f(2)
var x1 = f(3)
if (!compare(x0, [0, 1])) { throw 'Error 1' }
if (!compare(x1, [0, 1, 2])) { throw 'Error 2' }
