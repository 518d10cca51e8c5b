// attack: 0.1 is not (float)0.1
// verdict: test_failure
double f(int n) { return n / 10.0; }
// --- tests ---
#include <cassert>
int main() {
    assert(f(1) == (float)0.1);
    assert(f(3) == (float)0.3);
    return 0;
}
