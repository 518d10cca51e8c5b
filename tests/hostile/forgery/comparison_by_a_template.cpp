// attack: an object equal to everything, in a main that throws and returns 0, with sizes and template arguments
// verdict: untested compile_error
struct Any {
    template <class T> bool operator==(const T &) const { return true; }
    template <class T> bool operator!=(const T &) const { return false; }
};
Any add(int, int) { return Any(); }
// --- tests ---
#include <array>
#include <stdexcept>
int main() {
    std::array<int, 3> sums{5, 42, 8};
    if (add(2, 3) != 5) throw std::runtime_error("add(2, 3)");
    if (add(20, 22) != sums[1]) throw std::runtime_error("add(20, 22)");
    return 0;
}
