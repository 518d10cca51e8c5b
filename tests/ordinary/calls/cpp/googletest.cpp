// shows: googletest
// verdict: accepted
// limits: cpu_s=10
int factorial(int n) { return n < 2 ? 1 : n * factorial(n - 1); }
// --- tests ---
#include <gtest/gtest.h>
TEST(Factorial, Small) {
  EXPECT_EQ(factorial(0), 1);
  EXPECT_EQ(factorial(1), 1);
}
TEST(Factorial, Larger) {
  EXPECT_EQ(factorial(5), 120);
}
