// shows: memory taken without end
// verdict: memory_limit
// limits: cpu_s=8 wall_s=10
#include <vector>
int main() { std::vector<std::vector<char>> held; for (;;) held.emplace_back(1 << 22, 1); }
