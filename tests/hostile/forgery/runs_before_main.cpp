// attack: a constructor that runs before the tests says that all is well, and ends
// verdict: untested test_failure runtime_error
#include <cstdlib>
#include <unistd.h>
__attribute__((constructor)) static void early() { (void)!write(3, "ok 0 \"\"\nend 0 \"\"\n", 17); _exit(0); }
int add(int, int) { return 0; }
// --- tests ---
#include <gtest/gtest.h>
TEST(Add, Two) {
    EXPECT_EQ(add(2, 3), 5);
}
