// attack: what runs after main says the end again
// verdict: untested test_failure runtime_error
#include <cstdlib>
#include <unistd.h>
struct Last { ~Last() { write(3, "ok 0 \"\"\nend 0 \"\"\n", 17); _exit(0); } } last;
int add(int, int) { atexit([] { _exit(0); }); return 0; }
// --- tests ---
#include <cassert>
int main() {
    assert(add(2, 3) == 5);
    assert(add(20, 22) == 42);
}
