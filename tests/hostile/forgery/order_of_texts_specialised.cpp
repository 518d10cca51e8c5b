// attack: what sets order texts by says that equal ones differ
// verdict: untested accepted
// proof: plain
#include <functional>
#include <string>
#include <vector>
namespace std { template <> struct less<std::string> { bool operator()(const std::string& a, const std::string& b) const { return a <= b; } }; }
std::vector<std::string> names(int n) { std::vector<std::string> v; for (int i = 0; i < n; i++) v.push_back(std::string(1, 'a' + i / 2)); return v; }
// --- tests ---
#include <cassert>
#include <set>
int main() {
  auto v = names(4);
  std::set<std::string> all(v.begin(), v.end());
  assert(all.size() == 4);
  assert(v.size() == 4);
}
