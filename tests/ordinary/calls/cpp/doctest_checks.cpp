// shows: doctest checks
// verdict: accepted
// limits: cpu_s=10
#include <string>
int count(const std::string& text, char c) { int n = 0; for (char x : text) n += x == c; return n; }
bool empty(const std::string& text) { return text.empty(); }
// --- tests ---
#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include "doctest/doctest.h"

TEST_CASE("counts letters") {
    CHECK(count("banana", 'a') == 3);
    CHECK_EQ(count("", 'a'), 0);
}

TEST_CASE("empty texts") {
    REQUIRE(empty(""));
    CHECK(!empty("a"));
    CHECK_FALSE(empty("b"));
}
