// attack: a promise is true whatever comes of it
// verdict: test_failure
function isPrime(n) { return Promise.resolve(n === 7); }
// --- tests ---
assert(isPrime(7));
assert(!isPrime(8));
