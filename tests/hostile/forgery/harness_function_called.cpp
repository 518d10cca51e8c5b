// attack: the harness's own functions called for every test
// verdict: test_failure untested
#include <unistd.h>
int add(int a, int b) {
    for (int n = 0; n < 3; n++) lab_say("ok", n, "");
    lab_say("end", 0, "");
    _exit(0);
}
// --- tests ---
#include <cmath>
assert(add(2, 3) == 5);
assert(add(20, 22) == 42);
