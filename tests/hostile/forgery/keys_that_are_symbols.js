// attack: an object holds more than its keys of text: one that is a symbol
// verdict: test_failure
function f(n) { return {a: n, [Symbol('b')]: 1}; }
// --- tests ---
const _ = require("lodash")
function compare(object1, object2){ return _.isEqual(object1, object2) }
var arg00 = 2
var x0 = f(arg00)
var v0 = {a: 2}
if (!compare(x0, v0)) { throw 'Error at 1th assert statement. Value = ' + JSON.stringify(x0) }
