// shows: output without end
// verdict: output_limit
// limits: cpu_s=8 wall_s=10
#include <iostream>
#include <string>
int main() { for (;;) std::cout << std::string(1000, 'x') << "\n"; }
