// shows: a function judged by its tests
// verdict: accepted
int add(int a, int b) { return a + b; }
// --- tests ---
#include <cassert>
int main() {
    assert(add(1, 2) == 3);
    assert(add(-1, 1) == 0);
}
