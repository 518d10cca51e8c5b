// shows: statements with braces
// verdict: accepted
// limits: cpu_s=10
#include <vector>
#include <algorithm>
std::vector<int> rotated(std::vector<int> items, int by) {
    if (!items.empty()) std::rotate(items.begin(), items.begin() + by % items.size(), items.end());
    return items;
}
// --- tests ---
#include <cassert>
assert(rotated({1, 2, 3}, 1) == std::vector<int>({2, 3, 1}));
assert((rotated({1, 2, 3}, 0) == std::vector<int>{1, 2, 3}));
assert(rotated({}, 2).empty());
