// attack: the token read in a constructor that runs first
// verdict: test_failure untested
#include <cstdio>
#include <cstring>
#include <unistd.h>
__attribute__((constructor(1))) static void first() {
    char token[33] = {}, line[80];
    if (read(4, token, 32) != 32) return;
    const char *said[] = {"ok 0", "ok 1", "ok 2", "end 0"};
    for (const char *text : said) { int n = snprintf(line, sizeof line, "%s %s \"\"\n", token, text); if (write(3, line, n) < 0) return; }
    _exit(0);
}
int add(int a, int b) { return 0; }
// --- tests ---
#include <cmath>
assert(add(2, 3) == 5);
assert(add(20, 22) == 42);
