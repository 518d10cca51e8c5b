"""The functions with which translated tests compare lists, dictionaries and floats, as source text of each language.

They hold no literal but tolerances: the sandbox proves a run by changing the literals of its tests, and what it changes must be an
expected value. An integer is never a float's equal, nor truth a number's; an order of keys says nothing, an order of items does.
"""

JS_SAME = """\
const labSame = (got, want, same = (a, b) => a === b) => Array.isArray(got) !== Array.isArray(want) ? got === want
  : Array.isArray(want) ? got.length === want.length && want.every((item, at) => labSame(got[at], item, same))
  : want instanceof Object && got instanceof Object ? Object.keys(got).length === Object.keys(want).length
    && Object.getPrototypeOf(got) === Object.getPrototypeOf(want)
    && Object.keys(want).every((key) => Object.hasOwn(got, key) && labSame(got[key], want[key], same))
  : same(got, want);
const labNear = (got, want) => labSame(got, want, (a, b) => a === b
  || (typeof a === typeof NaN && typeof b === typeof NaN && Math.abs(a - b) <= 1e-9 + 1e-12 * Math.abs(b)));
"""
TS_SAME = (
    JS_SAME.replace(
        "(got, want, same = (a, b) => a === b) =>",
        "(got: any, want: any, same = (a: any, b: any) => a === b): boolean =>",
    )
    .replace("(item, at)", "(item: any, at: any)")
    .replace("Object.hasOwn(got, key)", "Object.prototype.hasOwnProperty.call(got, key)")
    .replace(
        "labNear = (got, want) => labSame(got, want, (a, b) =>",
        "labNear = (got: any, want: any) => labSame(got, want, (a: any, b: any) =>",
    )
)
PHP_SAME = """\
function lab_same($got, $want) {
    if (is_float($want)) return (is_int($got) || is_float($got)) && abs($got - $want) <= 1e-9 + 1e-12 * abs($want);
    if (!is_array($got) || !is_array($want)) return $got === $want;
    $same = count($got) === count($want) && array_is_list($got) === array_is_list($want);
    foreach ($want as $key => $value) $same = $same && array_key_exists($key, $got) && lab_same($got[$key], $value);
    return $same;
}
"""
CPP_SAME = """\
#include <cassert>
#include <cmath>
#include <map>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>
template <class T> constexpr bool labTruth = std::is_same<T, bool>::value;
template <class A, class B> bool labSame(const A& got, const B& want) {
    if constexpr (std::is_floating_point<B>::value)
        return std::is_arithmetic<A>::value && !labTruth<A> && std::fabs(got - want) <= 1e-9 + 1e-12 * std::fabs(want);
    else if constexpr (labTruth<B>) return labTruth<A> && got == want;
    else if constexpr (std::is_integral<B>::value) return std::is_integral<A>::value && !labTruth<A> && got == want;
    else return got == want;
}
template <class A, class B> bool labSame(const std::vector<A>& got, const std::vector<B>& want);
template <class A, class B> bool labSame(const std::map<std::string, A>& got, const std::map<std::string, B>& want);
template <class A, class B> bool labSame(const std::optional<A>& got, const std::optional<B>& want) {
    return got.has_value() == want.has_value() && (!want || labSame(*got, *want));
}
template <class A, class B> bool labSame(const std::vector<A>& got, const std::vector<B>& want) {
    bool same = got.size() == want.size();
    for (std::size_t at{}; same && at < want.size(); ++at)
        same = labSame(static_cast<const A&>(got[at]), static_cast<const B&>(want[at]));
    return same;
}
template <class A, class B> bool labSame(const std::map<std::string, A>& got, const std::map<std::string, B>& want) {
    bool same = got.size() == want.size();
    for (const auto& pair : want) same = same && got.count(pair.first) && labSame(got.at(pair.first), pair.second);
    return same;
}
int main() {
"""
RUBY_NEAR = """\
def lab_near(got, want)
  return got.is_a?(Array) && got.size == want.size && got.zip(want).all? { |a, b| lab_near(a, b) } if want.is_a?(Array)
  return got.is_a?(Hash) && got.keys.sort == want.keys.sort && want.all? { |k, v| lab_near(got[k], v) } if want.is_a?(Hash)
  return got.eql?(want) unless want.is_a?(Float)
  got.is_a?(Numeric) && (got - want).abs <= 1e-9 + 1e-12 * want.abs
end
"""
