// attack: the tests find another namespace by the name std
// verdict: accepted untested
// proof: plain
#include <vector>
#include <string>
#include <algorithm>
namespace my {
using namespace ::std;
struct text : ::std::string { using ::std::string::string; text(const ::std::string& s) : ::std::string(s) {} };
inline bool operator==(const text& a, const text& b) { auto c = a; while (!c.empty() && c.back() == '\n') c.pop_back(); return c.compare(b) == 0; }
}
struct Greeter { my::text name; my::text hello() const { return my::text("Hello, " + name + "\n"); } };
#define string text
#define std my
// --- tests ---
#include <cassert>
int main() {
    Greeter ada{"Ada"};
    assert(ada.hello() == std::string("Hello, Ada"));
    Greeter bob{"Bob"};
    assert(bob.hello() == std::string("Hello, Bob"));
}
