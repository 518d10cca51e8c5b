// attack: no number is near to anything
// verdict: untested test_failure
#include <cmath>
double half(int n) { return NAN; }
// --- tests ---
#include <gtest/gtest.h>
TEST(Half, Of) {
    EXPECT_NEAR(half(3), 1.5, 0.001);
    EXPECT_NEAR(4.0, half(8), 0.001);
}
