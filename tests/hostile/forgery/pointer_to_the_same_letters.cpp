// attack: a pointer to letters, which GoogleTest compares as a pointer
// verdict: untested test_failure compile_error
const char* greet(int n) { static char text[3] = "hi"; return text; }
// --- tests ---
#include <gtest/gtest.h>
TEST(Greet, Says) {
    EXPECT_EQ(greet(1), "hi");
    EXPECT_EQ(greet(2), "hi");
}
