// attack: a division by zero
// verdict: runtime_error
int main(void) { volatile int one = 1, zero = 0; return one / zero; }
