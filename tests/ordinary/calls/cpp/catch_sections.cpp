// shows: catch sections
// verdict: accepted
// limits: cpu_s=10
long long power(long long base, int by) { long long out = 1; while (by--) out *= base; return out; }
// --- tests ---
#define CATCH_CONFIG_MAIN
#include <catch2/catch.hpp>

TEST_CASE("powers", "[math]") {
    REQUIRE(power(2, 10) == 1024);
    REQUIRE(power(10, 12) == 1000000000000LL);
    CHECK(power(5, 0) == 1);
}
