// shows: doubles
// verdict: accepted
// limits: cpu_s=10
#include <cmath>
double hypotenuse(double a, double b) { return std::sqrt(a * a + b * b); }
bool close(double a, double b) { return std::fabs(a - b) < 0.5; }
// --- tests ---
#include <cassert>
#include <cmath>
int main() {
    assert(std::abs(hypotenuse(3, 4) - 5.0) < 1e-9);
    assert(fabs(hypotenuse(1, 1) - 1.41421356) < 1e-6);
    assert(close(1.0, 1.2));
    assert(!close(1.0, 2.0));
}
