// attack: a number cut to 32 bits, where the tests ask for a long one
// verdict: untested test_failure
int big(int n) { return (int)(1000000000000LL * n); }
// --- tests ---
#include <cassert>
int main() {
    assert(big(1) == 1000000000000LL);
    assert(big(2) == 2000000000000LL);
}
