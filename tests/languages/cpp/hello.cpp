// shows: the smallest program
// verdict: untested
#include <iostream>
int main() { std::cout << "hello\n"; }
