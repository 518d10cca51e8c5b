// attack: an object that is true and false
// verdict: test_failure untested
struct Both { mutable int n = 0; explicit operator bool() const { return true; } bool operator!() const { return true; } };
Both even(int n) { return {}; }
// --- tests ---
#include <cassert>
assert(even(2));
assert(!even(3));
