// attack: a number that a letter turns into where another number is asked for
// verdict: untested test_failure
char next(char c) { return c; }
// --- tests ---
#include <cassert>
int main() {
    assert(next('a') == 'b');
    assert(next('y') == 'z');
}
