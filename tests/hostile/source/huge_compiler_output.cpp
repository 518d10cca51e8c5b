// attack: error messages of megabytes
// verdict: compile_error
template <class A, class B> struct P {};
template <int N> struct T { using t = P<typename T<N - 1>::t, typename T<N - 1>::t>; };
template <> struct T<0> { using t = int; };
int main() { T<16>::t x; x.y(); int z = x; return x + x; }
