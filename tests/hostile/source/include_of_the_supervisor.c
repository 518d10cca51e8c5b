// attack: the environment of pid 1 in the binary
// verdict: compile_error
__asm__(".incbin \"/proc/1/environ\"");
int main(void) { return 0; }
