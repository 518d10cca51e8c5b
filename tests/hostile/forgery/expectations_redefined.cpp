// attack: the words of GoogleTest are macros of its own
// verdict: untested test_failure compile_error
#define EXPECT_EQ(a, b) (void)0
#define TEST(a, b) static void a##b()
int add(int, int) { return 0; }
// --- tests ---
#include <gtest/gtest.h>
TEST(Add, Two) {
    EXPECT_EQ(add(2, 3), 5);
    EXPECT_EQ(add(2, 2), 4);
}
