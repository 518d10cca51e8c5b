// attack: what root reads, quoted in an error message
// verdict: compile_error
#include "/etc/shadow"
int main(void) { return 0; }
