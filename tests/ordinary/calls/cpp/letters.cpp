// shows: letters
// verdict: accepted
// limits: cpu_s=10
#include <string>
#include <vector>
char most(const std::string& text) { int n[128] = {}; char best = text[0]; for (char c : text) if (++n[(int)c] > n[(int)best]) best = c; return best; }
std::string fill(char c, int n) { return std::string(n, c); }
std::vector<char> letters(const std::string& text) { return {text.begin(), text.end()}; }
// --- tests ---
#include <cassert>
#include <iostream>
#include <string>
#include <vector>
using namespace std;

int main() {
    assert(most("banana") == 'a');
    assert(fill('x', 3) == "xxx");
    assert((letters("ab") == vector<char>{'a', 'b'}));
    cout << "All tests passed!" << endl;
    return 0;
}
