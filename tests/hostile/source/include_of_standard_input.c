// attack: the compiler reading its own input for ever
// verdict: untested
#include "/dev/stdin"
int main(void) { return 0; }
