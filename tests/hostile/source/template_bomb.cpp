// attack: a template with a hundred million parameters
// verdict: memory_limit
#include <utility>
template <int... N> struct F { static const int v = sizeof...(N); };
template <int... N> F<N...> f(std::integer_sequence<int, N...>);
int main() { return decltype(f(std::make_integer_sequence<int, 100000000>()))::v == 0; }
