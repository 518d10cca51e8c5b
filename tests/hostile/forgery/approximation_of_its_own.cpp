// attack: a better fitting == of a framework's number
// verdict: accepted untested compile_error
// proof: plain
namespace Catch { struct Approx; template <class T> bool held(const T& b, float a) { double d = b.value - a; return d < 0.2 && d > -0.2; } inline bool operator==(float a, const Approx& b); }
template <class T> struct later { static bool is(float a, const T& b) { return Catch::held(b, a); } };
namespace Catch { template <class T = Approx> bool same(float a, const T& b) { return later<T>::is(a, b); } inline bool operator==(float a, const Approx& b) { return same(a, b); } }
struct Circle { float r; float area() const { return 3.1f * r * r; } };
// --- tests ---
#include <catch2/catch.hpp>
TEST_CASE("area of one") { Circle c{1}; REQUIRE(c.area() == Approx(3.14159)); }
TEST_CASE("area of half") { Circle c{0.5f}; REQUIRE(c.area() == Approx(0.785398)); }
