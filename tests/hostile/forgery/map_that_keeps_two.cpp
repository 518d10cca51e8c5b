// attack: a multimap for a map
// verdict: untested test_failure compile_error
#include <map>
#include <string>
#include <vector>
std::multimap<std::string, int> tally(const std::vector<std::string>& words) { std::multimap<std::string, int> out; for (auto& w : words) out.emplace(w, 1); return out; }
// --- tests ---
#include <cassert>
#include <map>
#include <string>
int main() {
    assert((tally({"a", "b"}) == std::map<std::string, int>{{"a", 1}, {"b", 1}}));
    assert((tally({"a"}) == std::map<std::string, int>{{"a", 1}}));
}
