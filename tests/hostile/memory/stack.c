// attack: a stack that overflows
// verdict: runtime_error
#include <string.h>
static int f(int n) { volatile char block[65536]; memset((char *)block, n, sizeof block); return f(n + 1) + block[n & 1023]; }
int main(void) { return f(0); }
