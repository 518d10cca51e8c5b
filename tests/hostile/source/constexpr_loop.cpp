// attack: a loop at compile time
// verdict: compile_error
constexpr long f() { long n = 0; for (;;) n++; return n; }
constexpr long x = f();
int main() { return x; }
