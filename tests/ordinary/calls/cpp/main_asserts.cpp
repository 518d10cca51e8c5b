// shows: main asserts
// verdict: accepted
// limits: cpu_s=10
#include <string>
#include <vector>
std::vector<std::string> split(const std::string& text, char mark) {
    std::vector<std::string> out(1);
    for (char c : text) { if (c == mark) out.emplace_back(); else out.back() += c; }
    return out;
}
int length(const std::string& text) { return (int)text.size(); }
// --- tests ---
#include <cassert>
#include <iostream>
int main() {
    assert(length("abc") == 3);
    assert(length("") == 0);
    std::vector<std::string> want = {"a", "b"};
    assert(split("a,b", ',') == want);
    std::cout << "ok" << std::endl;
    return 0;
}
