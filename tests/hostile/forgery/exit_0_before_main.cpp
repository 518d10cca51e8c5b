// attack: _exit(0) in a constructor
// verdict: runtime_error
#include <unistd.h>
__attribute__((constructor)) static void leave() { _exit(0); }
int add(int a, int b) { return 0; }
// --- tests ---
#include <cmath>
assert(add(2, 3) == 5);
assert(add(20, 22) == 42);
