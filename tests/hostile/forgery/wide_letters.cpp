// attack: a wide number whose last byte is the letter
// verdict: untested test_failure
int next(char c) { return 0x100 + c + 1; }
// --- tests ---
#include <cassert>
#include <iostream>
int main() {
    assert(next('a') == 'b');
    assert(next('y') == 'z');
    std::cout << "ok" << std::endl;
}
