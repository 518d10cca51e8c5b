// shows: a program that crashes
// verdict: runtime_error
#include <stdexcept>
int main() { throw std::runtime_error("no"); }
