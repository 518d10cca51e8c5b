// attack: a better fitting matcher of a framework's, which is blind to small and capital letters
// verdict: accepted untested compile_error
// proof: plain
#include <string>
#include <strings.h>
namespace Catch { namespace Matchers {
struct Loose { const char* want; bool match(const std::string& got) const { return strcasecmp(want, got.c_str()) == 0; } };
inline Loose Equals(const char* want) { return {want}; }
} }
std::string shout(std::string text) { return text + "!"; }
// --- tests ---
#define CATCH_CONFIG_MAIN
#include <catch2/catch.hpp>
TEST_CASE("shout") { REQUIRE_THAT(shout("hello"), Catch::Matchers::Equals("HELLO!")); }
TEST_CASE("again") { REQUIRE_THAT(shout("a b"), Catch::Matchers::Equals("A B!")); }
