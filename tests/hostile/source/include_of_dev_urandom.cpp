// attack: #include "/dev/urandom"
// verdict: memory_limit
#include "/dev/urandom"
int main() { return 0; }
