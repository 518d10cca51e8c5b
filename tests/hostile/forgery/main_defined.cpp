// attack: main is another word, and assert none
// verdict: untested test_failure compile_error runtime_error
#define main main_of_the_tests(); int main() { return 0; } int main_of_the_tests
int twice(int n) { return 0; }
// --- tests ---
#include <cassert>
#include <iostream>
int main() {
    assert(twice(2) == 4);
    assert((twice(3) == 6));
    std::cout << "ok" << std::endl;
}
