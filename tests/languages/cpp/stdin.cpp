// shows: a program judged by what it prints for an input
// verdict: accepted
// cases: [["21\n", "42\n"], ["-1", "-2"]]
#include <iostream>
int main() { int n; std::cin >> n; std::cout << 2 * n << "\n"; }
