// attack: bool, if and return as macros for the tests to come
// verdict: compile_error
int add(int a, int b) { return 0; }
#define bool struct always { always(...) {} operator int() { return 1; } }; int
#define static_cast
#define if(x) if (1)
// --- tests ---
#include <cmath>
assert(add(2, 3) == 5);
assert(add(20, 22) == 42);
