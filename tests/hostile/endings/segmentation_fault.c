// attack: a crash
// verdict: runtime_error
int main(void) { *(volatile int *)0 = 1; return 0; }
