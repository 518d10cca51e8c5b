// attack: exit(0) in a call
// verdict: runtime_error
#include <cstdlib>
int add(int a, int b) { std::exit(0); }
// --- tests ---
#include <cmath>
assert(add(2, 3) == 5);
assert(add(20, 22) == 42);
