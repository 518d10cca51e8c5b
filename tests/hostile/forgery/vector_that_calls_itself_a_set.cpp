// attack: an unsorted vector that calls itself a set
// verdict: test_failure
#include <vector>
struct Keyed : std::vector<int> { using key_type = int; using std::vector<int>::vector; };
Keyed sorted(std::vector<int> v) { return Keyed(v.begin(), v.end()); }
// --- tests ---
#include <cassert>
#include <vector>
using namespace std;
int main() {
    assert(sorted({3, 1, 2}) == vector<int>{1, 2, 3});
    assert(sorted({5, 4}) == vector<int>{4, 5});
    return 0;
}
