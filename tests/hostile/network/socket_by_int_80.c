// attack: a socket by int 0x80
// verdict: forbidden
int main(void) { int r; __asm__ volatile("int $0x80" : "=a"(r) : "a"(359), "b"(2), "c"(1), "d"(0)); return r; }
