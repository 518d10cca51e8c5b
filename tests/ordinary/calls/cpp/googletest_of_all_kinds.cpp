// shows: googletest of all kinds
// verdict: accepted
// limits: cpu_s=10
#include <algorithm>
#include <cmath>
#include <string>
#include <vector>
double root(double x) { return std::sqrt(x); }
std::string reversed(std::string text) { std::reverse(text.begin(), text.end()); return text; }
bool prime(int n) { if (n < 2) return false; for (int i = 2; i * i <= n; ++i) if (n % i == 0) return false; return true; }
std::vector<int> sorted(std::vector<int> items) { std::sort(items.begin(), items.end()); return items; }
// --- tests ---
#include <gtest/gtest.h>
#include <string>
#include <vector>

TEST(Root, OfTwo) {
    EXPECT_NEAR(root(2.0), 1.41421356, 1e-6);
    EXPECT_EQ(root(4.0), 2.0);
}

TEST(Text, IsReversed) {
    EXPECT_EQ(reversed("abc"), "cba");
    ASSERT_EQ("", reversed("")) << "nothing";
}

TEST(Prime, Numbers) {
    EXPECT_TRUE(prime(7));
    EXPECT_FALSE(prime(9));
    std::vector<int> want = {1, 2, 3};
    EXPECT_EQ(sorted({3, 1, 2}), want);
}

int main(int argc, char **argv) {
    ::testing::InitGoogleTest(&argc, argv);
    return RUN_ALL_TESTS();
}
