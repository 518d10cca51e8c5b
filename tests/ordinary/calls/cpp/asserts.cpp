// shows: lone truths, fabs, comments behind
// verdict: accepted
#include <algorithm>
#include <cmath>
#include <map>
#include <string>
#include <vector>
bool is_prime(int n) { for (int d = 2; d * d <= n; ++d) if (n % d == 0) return false; return n > 1; }
int divides(int a, int b) { return b % a == 0; }
double mean(const std::vector<double>& v) { double s = 0; for (double x : v) s += x; return v.empty() ? 0 : s / v.size(); }
std::string reversed(std::string s) { std::reverse(s.begin(), s.end()); return s; }
const char* greeting(int n) { return n > 12 ? "evening" : nullptr; }
// --- tests ---
#include <cassert>
#include <cmath>
int main() {
    assert(is_prime(7)); // seven
    assert(!is_prime(8));
    assert(divides(2, 4));
    assert(!divides(3, 4));
    assert(std::fabs(mean({1.0, 2.0}) - 1.5) < 1e-9);
    assert(fabs(mean({}) - 0.0) < 1e-9);
    assert(reversed("abc") == "cba"); // back
    assert(greeting(13));
    assert(!greeting(3));
    return 0;
}
