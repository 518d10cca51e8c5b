// attack: a pointer is not the text that it points to
// verdict: test_failure
#include <string>
static char kept[64];
const char* f(int n) { std::string s(n, 'a'); s.copy(kept, 60); kept[n] = 0; return kept; }
// --- tests ---
#include <cassert>
int main() {
    assert(f(2) == "aa");
    assert(f(3) == "aaa");
    return 0;
}
