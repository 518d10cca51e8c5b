// attack: #include </dev/random>
// verdict: memory_limit
#include </dev/random>
int main(void) { return 0; }
