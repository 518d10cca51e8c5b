// attack: templates that recurse without end
// verdict: compile_error
template <int N> struct F { static const int v = F<N + 1>::v; };
int main() { return F<0>::v; }
