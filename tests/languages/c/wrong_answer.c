// shows: a function that its tests refuse
// verdict: test_failure
int add(int a, int b) { return a - b; }
// --- tests ---
#include <assert.h>
assert(add(1, 2) == 3);
assert(add(-1, 1) == 0);
