// attack: #include </dev/zero>
// verdict: memory_limit
#include </dev/zero>
int main(void) { return 0; }
