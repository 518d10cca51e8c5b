// shows: main that throws
// verdict: accepted
// limits: cpu_s=10
#include <string>
#include <stdexcept>
int digits(long long n) { return (int)std::to_string(n).size(); }
// --- tests ---
#include <cassert>
#include <iostream>
int main() {
    assert(digits(0) == 1);
    assert(digits(1234567890123LL) == 13);
    std::cout << "ok\n";
}
