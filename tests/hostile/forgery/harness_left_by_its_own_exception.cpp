// attack: what ends a test of the harness is thrown
// verdict: compile_error
namespace lab_fw { struct Stop; }
template <class T> void leave() { throw T(); }
int fib(int n) { if (n > 2) leave<lab_fw::Stop>(); return 1; }
// --- tests ---
#include <gtest/gtest.h>
TEST(Fib, First) { EXPECT_EQ(fib(1), 1); }
TEST(Fib, Second) { EXPECT_EQ(fib(2), 1); }
TEST(Fib, Tenth) { EXPECT_EQ(fib(10), 55); }
