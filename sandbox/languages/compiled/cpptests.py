"""What GoogleTest, doctest and Catch2 call their tests, for C++: small macros of ours, since each of the real ones takes
seconds to compile, five times for a program that is accepted.

Each test is one; its assertions are counted, and say nothing one by one. What is not known here (GoogleTest's matchers,
mocks, death tests) does not compile.
"""

from __future__ import annotations

import json
import re

from sandbox.languages.script import SKIPPED

_INCLUDE = re.compile(
    r"^[ \t]*#[ \t]*(?:include[ \t]*[<\"](?:gtest|doctest|catch2)/[^\n]*|define[ \t]+(?:DOCTEST|CATCH)_CONFIG_[^\n]*)$",
    re.M,
)
_HEAD = re.compile(
    r"^[ \t]*((?:TEST|TEST_F|TEST_P|TEST_CASE|TEST_CASE_FIXTURE|TEST_CASE_METHOD|SCENARIO|TEST_CASE_TEMPLATE|TEMPLATE_TEST_CASE)[ \t]*\([^\n{]*)",
    re.MULTILINE,
)
_LEFT_OUT = ("(DISABLED_", ",DISABLED_", '"[.', "][.", "[!hide]", "doctest::skip()", "doctest::skip(true)")
"""What in a test's words says that it is not run unless one asks for it."""
_OTHERWISE = re.compile(
    r"\[!(?:shouldfail|mayfail|throws|nonportable|benchmark)\]"
    r"|\b(?:SetUpTestSuite|SetUpTestCase|AddGlobalTestEnvironment|SCENARIO_\w+|INSTANTIATE_TEST_CASE_P|TEST_CASE_TEMPLATE_\w+)\b"
    r"|\bdoctest::(?:should_fail|may_fail|expected_failures|timeout)\b|\bEXPECT_(?:NON)?FATAL_FAILURE\b"
)
"""What turns a test's meaning round."""
MAIN = re.compile(r"\bmain[ \t]*\(")


def framework(tests: str) -> bool:
    """Whether a test script is written for one of the three."""
    return _INCLUDE.search(tests) is not None and _HEAD.search(tests) is not None


def bare(tests: str) -> str:
    """The script without the frameworks' own headers, line by line."""
    return _INCLUDE.sub("", tests)


def units(tests: str) -> list[tuple[int, str]]:
    """Line and words of each test."""
    return [
        (
            tests.count("\n", 0, match.start(1)) + 1,
            (match[1].rstrip().removesuffix(")") or "test")
            + (SKIPPED if any(mark in re.sub(r"\s", "", match[1]) for mark in _LEFT_OUT) else ""),
        )
        for match in _HEAD.finditer(tests)
    ]


def unfit(tests: str) -> str:
    """What a script asks for that nothing here can do."""
    found = _OTHERWISE.search(tests)
    return f"The tests use {found[0]}, which is not known here." if found else ""


HEADER = r"""
#include <algorithm>
#include <cfloat>
#include <climits>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <strings.h>
#include <functional>
#include <iostream>
#include <set>
#include <sstream>
#include <stdexcept>
#include <string>
#include <tuple>
#include <vector>
namespace lab_fw {
struct Stop {};
inline bool left_out(const char* words) { for (const char* mark : {$LEFT_OUT}) if (strstr(words, mark)) return true; return false; }
struct Case { int line; std::function<void()> run; };
inline std::vector<Case>& cases() { static std::vector<Case> all; return all; }
inline int& line() { static int now = 0; return now; }
inline int& checks() { static int many = 0; return many; }
inline bool& failed() { static bool bad = false; return bad; }
inline bool& skipped() { static bool yes = false; return yes; }
inline bool add(int line, std::function<void()> run, const char* words) { if (!left_out(words)) cases().push_back({line, run}); return true; }
template <class T> auto put(std::ostream& out, const T& value, int) -> decltype(out << value, void()) { out << std::boolalpha << value; }
template <class T> void put(std::ostream& out, const T&, long) { out << "(an object)"; }
template <class T> std::string show(const T& value) { std::ostringstream out; put(out, value, 0); return out.str(); }
struct Result { bool ok; std::string text; explicit operator bool() const { ++checks(); return ok; } };
struct Msg { std::ostringstream out; template <class T> Msg& operator<<(const T& value) { put(out, value, 0); return *this; } };
struct Sink { std::string text; void operator=(const Msg& more) const { failed() = true; lab_seen(line(), 0, "fail", (text + " " + more.out.str()).c_str()); } };
struct Skip { void operator=(const Msg&) const { skipped() = true; } };
template <class A, class B> Result told(bool ok, const char* said, const A& a, const B& b) { return {ok, ok ? "" : std::string(said) + ": " + show(a) + " and " + show(b)}; }
#define LAB_OP(name, op) template <class A, class B> Result name(const char* said, const A& a, const B& b) { return told(static_cast<bool>(a op b), said, a, b); }
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wsign-compare"
LAB_OP(eq, ==) LAB_OP(ne, !=) LAB_OP(lt, <) LAB_OP(le, <=) LAB_OP(gt, >) LAB_OP(ge, >=)
#pragma GCC diagnostic pop
inline bool same_text(const char* a, const char* b) { return a == b || (a && b && std::string(a) == b); }
inline Result streq(const char* said, const char* a, const char* b, bool same) { return told(same_text(a, b) == same, said, a ? a : "NULL", b ? b : "NULL"); }
inline bool same_letters(const char* a, const char* b) { return a == b || (a && b && !strcasecmp(a, b)); }
inline Result strcase(const char* said, const char* a, const char* b, bool same) { return told(same_letters(a, b) == same, said, a ? a : "NULL", b ? b : "NULL"); }
inline std::int64_t place(double value) { std::int64_t bits; memcpy(&bits, &value, 8); return bits < 0 ? INT64_MIN - bits : bits; }
inline std::int64_t place(float value) { std::int32_t bits; memcpy(&bits, &value, 4); return bits < 0 ? std::int64_t(INT32_MIN) - bits : bits; }
template <class T> Result almost(const char* said, T a, T b) {
    const auto x = place(a), y = place(b); const std::uint64_t apart = x > y ? std::uint64_t(x) - std::uint64_t(y) : std::uint64_t(y) - std::uint64_t(x);
    return told(a == a && b == b && apart <= 4, said, a, b);
}
inline Result near(const char* said, double a, double b, double by) { return told(std::fabs(a - b) <= by, said, a, b); }
inline void finish(const Case& one) {
    line() = one.line; checks() = 0; failed() = skipped() = false;
    try { one.run(); }
    catch (const Stop&) {}
    catch (const std::exception& e) { failed() = true; lab_seen(one.line, 0, "error", (std::string("raised ") + e.what()).c_str()); }
    catch (...) { failed() = true; lab_seen(one.line, 0, "error", "raised what is no std::exception"); }
    if (!failed() && !skipped() && checks()) lab_seen(one.line, 1, "ok", "");
}
inline bool& ran() { static bool yes = false; return yes; }
inline int run_all() {
    if (ran()) return 0;
    ran() = true;
    bool bad = false, some = false;
    const auto all = cases();
    for (const auto& one : all) { finish(one); bad = bad || failed(); some = some || (!skipped() && checks()); }
    if (!bad && !some) lab_void("no test compared anything");
    return bad;
}
struct State { std::vector<std::pair<std::string, int>> stack; std::set<std::vector<std::pair<std::string, int>>> passed; std::size_t deepest = 0; bool again = false; };
inline State& state() { static State now; return now; }
struct Sub { // a part of a test: the test is run once for each of them, alone
    bool entered = false;
    Sub(const std::string& name, int at) {
        auto& now = state();
        if (now.stack.size() < now.deepest) { now.again = true; return; }
        now.stack.push_back({name, at});
        if (now.passed.count(now.stack)) { now.stack.pop_back(); return; }
        now.deepest = now.stack.size(); entered = true;
    }
    ~Sub() { if (!entered) return; auto& now = state(); if (!now.again) now.passed.insert(now.stack); now.stack.pop_back(); }
    operator bool() const { return entered; }
};
struct Turn { int line; std::size_t at, many; };
inline std::vector<Turn>& turns() { static std::vector<Turn> all; return all; }
inline std::size_t turn(int line, std::size_t many) { // which of its values a generator gives in this run
    for (const auto& one : turns()) if (one.line == line) return one.at;
    turns().push_back({line, 0, many});
    return 0;
}
inline bool next_turn() {
    for (auto one = turns().rbegin(); one != turns().rend(); ++one) { if (++one->at < one->many) return true; one->at = 0; }
    return false;
}
inline void parted(const std::function<void()>& body) {
    turns().clear();
    do {
        state() = State();
        do { auto& now = state(); now.again = false; now.deepest = 0; now.stack.clear(); body(); } while (state().again);
    } while (next_turn());
}
inline bool worded(const std::string& said, const std::string& wanted) { return said == wanted; }
template <class M> auto worded(const std::string& said, const M& wanted) -> decltype(wanted.match(said)) { return wanted.match(said); }
template <std::size_t I, class Out, class G, class T> void combine(Out& out, const G& parts, T row) {
    if constexpr (I == std::tuple_size<T>::value) out.push_back(row);
    else {
        std::vector<typename std::tuple_element<I, T>::type> part;
        std::get<I>(parts)(part);
        for (std::size_t n = 0; n < part.size(); ++n) { std::get<I>(row) = part[n]; combine<I + 1>(out, parts, row); }
    }
}
template <class S> std::vector<typename S::ParamType>& params() { static std::vector<typename S::ParamType> all; return all; }
template <class C> void body() { C test; test.lab_run(); }
struct Ignored { template <class... T> Ignored(T&&...) {} };
}
namespace testing {
class Test {
public:
    virtual ~Test() {}
    void lab_run() { SetUp(); try { if (!lab_fw::failed()) TestBody(); } catch (const lab_fw::Stop&) {} catch (...) { TearDown(); throw; } TearDown(); }
    static void SetUpTestSuite() {}
    static void TearDownTestSuite() {}
    static bool HasFailure() { return lab_fw::failed(); }
protected:
    virtual void SetUp() {}
    virtual void TearDown() {}
    virtual void TestBody() = 0;
};
template <class T> class TestWithParam : public Test {
public:
    using ParamType = T;
    static const T*& lab_current() { static const T* now = nullptr; return now; }
    static const T& GetParam() { return *lab_current(); }
};
template <class... T> auto Values(T... all) { return [=](auto& out) { (out.push_back(all), ...); }; }
template <class C> auto ValuesIn(const C& all) { return [=](auto& out) { for (const auto& one : all) out.push_back(one); }; }
template <class T> auto Range(T from, T to, T step = 1) { return [=](auto& out) { for (T n = from; n < to; n = n + step) out.push_back(n); }; }
inline auto Bool() { return [](auto& out) { out.push_back(false); out.push_back(true); }; }
template <class... G> auto Combine(G... parts) { return [all = std::make_tuple(parts...)](auto& out) { using T = typename std::decay<decltype(out)>::type::value_type; lab_fw::combine<0>(out, all, T()); }; }
template <class... A> void InitGoogleTest(A&&...) {}
class AssertionResult {
    bool ok; std::string text;
public:
    explicit AssertionResult(bool held) : ok(held) {}
    operator bool() const { return ok; }
    AssertionResult operator!() const { AssertionResult other(!ok); other.text = text; return other; }
    template <class T> AssertionResult& operator<<(const T& value) { text += lab_fw::show(value); return *this; }
    const char* message() const { return text.c_str(); }
    const char* failure_message() const { return message(); }
};
inline AssertionResult AssertionSuccess() { return AssertionResult(true); }
inline AssertionResult AssertionFailure() { return AssertionResult(false); }
}
namespace doctest {
struct Approx {
    double value, eps = double(FLT_EPSILON) * 100, size = 1;
    explicit Approx(double given) : value(given) {}
    Approx& epsilon(double by) { eps = by; return *this; }
    Approx& scale(double by) { size = by; return *this; }
    bool same(double other) const { return std::fabs(other - value) < eps * (size + std::max(std::fabs(other), std::fabs(value))); }
};
inline std::ostream& operator<<(std::ostream& out, const Approx& it) { return out << "Approx(" << it.value << ")"; }
}
namespace Catch {
struct Approx {
    double value, eps = double(FLT_EPSILON) * 100, size = 0, by_margin = 0;
    explicit Approx(double given) : value(given) {}
    Approx& epsilon(double by) { eps = by; return *this; }
    Approx& margin(double by) { by_margin = by; return *this; }
    Approx& scale(double by) { size = by; return *this; }
    static bool within(double a, double b, double by) { return (a + by >= b) && (b + by >= a); }
    bool same(double other) const { return within(value, other, by_margin) || within(value, other, eps * (size + std::fabs(std::isinf(value) ? 0 : value))); }
};
namespace Detail { using Catch::Approx; }
struct CaseSensitive { enum Choice { Yes, No }; };
namespace Matchers {
template <class F> struct Matcher { F matches; template <class V> bool match(const V& value) const { return matches(value); } };
template <class F> Matcher<F> lab_made(F matches) { return {matches}; }
template <class A, class B> auto operator&&(Matcher<A> a, Matcher<B> b) { return lab_made([=](const auto& value) { return a.match(value) && b.match(value); }); }
template <class A, class B> auto operator||(Matcher<A> a, Matcher<B> b) { return lab_made([=](const auto& value) { return a.match(value) || b.match(value); }); }
template <class A> auto operator!(Matcher<A> a) { return lab_made([=](const auto& value) { return !a.match(value); }); }
inline std::string lab_cased(std::string text, CaseSensitive::Choice how) { if (how == CaseSensitive::No) for (auto& c : text) c = static_cast<char>(tolower(static_cast<unsigned char>(c))); return text; }
#define LAB_TEXT(name, holds) inline auto name(const std::string& text, CaseSensitive::Choice how = CaseSensitive::Yes) { \
    return lab_made([=, want = lab_cased(text, how)](const std::string& given) { const std::string got = lab_cased(given, how); return holds; }); }
LAB_TEXT(Equals, got == want) LAB_TEXT(Contains, got.find(want) != std::string::npos) LAB_TEXT(StartsWith, got.compare(0, want.size(), want) == 0)
LAB_TEXT(EndsWith, got.size() >= want.size() && got.compare(got.size() - want.size(), want.size(), want) == 0)
template <class T> auto Equals(const std::vector<T>& want) { return lab_made([=](const std::vector<T>& got) { return got == want; }); }
template <class T> auto UnorderedEquals(const std::vector<T>& want) { return lab_made([=](const std::vector<T>& got) { return got.size() == want.size() && std::is_permutation(got.begin(), got.end(), want.begin()); }); }
template <class T> auto VectorContains(const T& want) { return lab_made([=](const std::vector<T>& got) { return std::find(got.begin(), got.end(), want) != got.end(); }); }
template <class T> auto Contains(const std::vector<T>& want) { return lab_made([=](const std::vector<T>& got) { return std::all_of(want.begin(), want.end(), [&](const T& one) { return std::find(got.begin(), got.end(), one) != got.end(); }); }); }
inline auto WithinAbs(double want, double by) { return lab_made([=](double got) { return Approx::within(got, want, by); }); }
inline auto WithinRel(double want, double by = DBL_EPSILON * 100) { return lab_made([=](double got) { return Approx::within(got, want, by * std::max(std::fabs(got), std::fabs(want))); }); }
inline auto Message(const std::string& want) { return lab_made([=](const std::exception& got) { return got.what() == want; }); }
}
using namespace Matchers;
namespace Generators {
template <class T> struct as {};
template <class T> struct Listed { std::vector<T> all; };
template <class T> Listed<T> values(std::initializer_list<T> all) { return {all}; }
template <class... T> Listed<std::tuple<T...>> table(std::initializer_list<std::tuple<T...>> all) { return {all}; }
template <class T> Listed<T> range(T from, T to, T step = 1) { Listed<T> made; for (T n = from; step > 0 ? n < to : n > to; n = n + step) made.all.push_back(n); return made; }
template <class T> Listed<T> lab_listed(const Listed<T>& made) { return made; }
template <class T, class... R> Listed<T> lab_listed(as<T>, R... rest) { return {{T(rest)...}}; }
template <class T, class... R> Listed<T> lab_listed(T first, R... rest) { return {{first, static_cast<T>(rest)...}}; }
template <class T> T lab_pick(int line, const Listed<T>& made) { return made.all.at(lab_fw::turn(line, made.all.size())); }
}
}
#define LAB_APPROX(A) namespace A { inline bool operator==(double a, const Approx& b) { return b.same(a); } inline bool operator==(const Approx& b, double a) { return b.same(a); } \
    inline bool operator!=(double a, const Approx& b) { return !b.same(a); } inline bool operator<=(double a, const Approx& b) { return a < b.value || b.same(a); } inline bool operator>=(double a, const Approx& b) { return a > b.value || b.same(a); } }
LAB_APPROX(doctest) LAB_APPROX(Catch)
$APPROX
#define LAB_J2(a, b) a##b
#define LAB_J(a, b) LAB_J2(a, b)
#define LAB_SOFT(result, words) switch (0) case 0: default: if (::lab_fw::Result lab_r = result) ; else ::lab_fw::Sink{std::string(words) + lab_r.text} = ::lab_fw::Msg()
#define LAB_HARD(result, words) switch (0) case 0: default: if (::lab_fw::Result lab_r = result) ; else return ::lab_fw::Sink{std::string(words) + lab_r.text} = ::lab_fw::Msg()
#define LAB_BODY(cls, base, words) struct cls : public base { void TestBody() override; }; \
    static const bool LAB_J(lab_added_, cls) = ::lab_fw::add(__LINE__, ::lab_fw::body<cls>, words); void cls::TestBody()
#define TEST(suite, name) LAB_BODY(suite##_##name##_LabTest, ::testing::Test, "(" #suite "," #name ")")
#define TEST_F(suite, name) LAB_BODY(suite##_##name##_LabTest, suite, "(" #suite "," #name ")")
#define TEST_P(suite, name) struct suite##_##name##_LabTest : public suite { void TestBody() override; }; \
    static const bool LAB_J(lab_added_, suite##_##name) = ::lab_fw::add(__LINE__, [] { for (const auto& one : ::lab_fw::params<suite>()) { suite::lab_current() = &one; ::lab_fw::body<suite##_##name##_LabTest>(); } }, "(" #suite "," #name ")"); \
    void suite##_##name##_LabTest::TestBody()
#define INSTANTIATE_TEST_SUITE_P(prefix, suite, ...) static const bool lab_filled_##prefix##suite = (::lab_fw::fill<suite>(__VA_ARGS__), true)
namespace lab_fw { template <class S, class G, class... More> void fill(const G& made, More&&...) { made(params<S>()); } }
#define RUN_ALL_TESTS() ::lab_fw::run_all()
#define SCOPED_TRACE(...) ::lab_fw::Ignored LAB_J(lab_trace_, __LINE__)(__VA_ARGS__); (void)LAB_J(lab_trace_, __LINE__)
#define LAB_PAIR(how, f, a, b) how(::lab_fw::f(#a " " #f " " #b, a, b), "")
#define EXPECT_EQ(a, b) LAB_PAIR(LAB_SOFT, eq, a, b)
#define EXPECT_NE(a, b) LAB_PAIR(LAB_SOFT, ne, a, b)
#define EXPECT_LT(a, b) LAB_PAIR(LAB_SOFT, lt, a, b)
#define EXPECT_LE(a, b) LAB_PAIR(LAB_SOFT, le, a, b)
#define EXPECT_GT(a, b) LAB_PAIR(LAB_SOFT, gt, a, b)
#define EXPECT_GE(a, b) LAB_PAIR(LAB_SOFT, ge, a, b)
#define ASSERT_EQ(a, b) LAB_PAIR(LAB_HARD, eq, a, b)
#define ASSERT_NE(a, b) LAB_PAIR(LAB_HARD, ne, a, b)
#define ASSERT_LT(a, b) LAB_PAIR(LAB_HARD, lt, a, b)
#define ASSERT_LE(a, b) LAB_PAIR(LAB_HARD, le, a, b)
#define ASSERT_GT(a, b) LAB_PAIR(LAB_HARD, gt, a, b)
#define ASSERT_GE(a, b) LAB_PAIR(LAB_HARD, ge, a, b)
#define LAB_TRUE(...) (::lab_fw::Result{static_cast<bool>(__VA_ARGS__), ""})
#define LAB_FALSE(...) (::lab_fw::Result{!static_cast<bool>(__VA_ARGS__), ""})
#define EXPECT_TRUE(...) LAB_SOFT(LAB_TRUE(__VA_ARGS__), "expected true: " #__VA_ARGS__)
#define EXPECT_FALSE(...) LAB_SOFT(LAB_FALSE(__VA_ARGS__), "expected false: " #__VA_ARGS__)
#define ASSERT_TRUE(...) LAB_HARD(LAB_TRUE(__VA_ARGS__), "expected true: " #__VA_ARGS__)
#define ASSERT_FALSE(...) LAB_HARD(LAB_FALSE(__VA_ARGS__), "expected false: " #__VA_ARGS__)
#define EXPECT_STREQ(a, b) LAB_SOFT(::lab_fw::streq(#a " and " #b, a, b, true), "")
#define EXPECT_STRNE(a, b) LAB_SOFT(::lab_fw::streq(#a " and " #b, a, b, false), "")
#define ASSERT_STREQ(a, b) LAB_HARD(::lab_fw::streq(#a " and " #b, a, b, true), "")
#define ASSERT_STRNE(a, b) LAB_HARD(::lab_fw::streq(#a " and " #b, a, b, false), "")
#define EXPECT_STRCASEEQ(a, b) LAB_SOFT(::lab_fw::strcase(#a " and " #b, a, b, true), "")
#define EXPECT_STRCASENE(a, b) LAB_SOFT(::lab_fw::strcase(#a " and " #b, a, b, false), "")
#define ASSERT_STRCASEEQ(a, b) LAB_HARD(::lab_fw::strcase(#a " and " #b, a, b, true), "")
#define ASSERT_STRCASENE(a, b) LAB_HARD(::lab_fw::strcase(#a " and " #b, a, b, false), "")
#define EXPECT_DOUBLE_EQ(a, b) LAB_SOFT(::lab_fw::almost<double>(#a " and " #b, a, b), "")
#define EXPECT_FLOAT_EQ(a, b) LAB_SOFT(::lab_fw::almost<float>(#a " and " #b, a, b), "")
#define ASSERT_DOUBLE_EQ(a, b) LAB_HARD(::lab_fw::almost<double>(#a " and " #b, a, b), "")
#define ASSERT_FLOAT_EQ(a, b) LAB_HARD(::lab_fw::almost<float>(#a " and " #b, a, b), "")
#define EXPECT_NEAR(a, b, by) LAB_SOFT(::lab_fw::near(#a " and " #b, a, b, by), "")
#define ASSERT_NEAR(a, b, by) LAB_HARD(::lab_fw::near(#a " and " #b, a, b, by), "")
#define LAB_ALL(f, ...) (::lab_fw::Result{static_cast<bool>(f(__VA_ARGS__)), ""})
#define EXPECT_PRED1(f, ...) LAB_SOFT(LAB_ALL(f, __VA_ARGS__), #f "(" #__VA_ARGS__ ")")
#define EXPECT_PRED2 EXPECT_PRED1
#define EXPECT_PRED3 EXPECT_PRED1
#define ASSERT_PRED1(f, ...) LAB_HARD(LAB_ALL(f, __VA_ARGS__), #f "(" #__VA_ARGS__ ")")
#define ASSERT_PRED2 ASSERT_PRED1
#define ASSERT_PRED3 ASSERT_PRED1
#define LAB_RAISES(type, ...) ([&]() -> ::lab_fw::Result { try { (void)0; __VA_ARGS__; } catch (const type&) { return {true, ""}; } catch (...) { return {false, "another exception"}; } return {false, "no exception"}; }())
#define LAB_RAISES_ANY(...) ([&]() -> ::lab_fw::Result { try { __VA_ARGS__; } catch (...) { return {true, ""}; } return {false, "no exception"}; }())
#define LAB_RAISES_NONE(...) ([&]() -> ::lab_fw::Result { try { __VA_ARGS__; } catch (const std::exception& e) { return {false, e.what()}; } catch (...) { return {false, "an exception"}; } return {true, ""}; }())
#define LAB_RAISES_WITH(words, ...) ([&]() -> ::lab_fw::Result { try { __VA_ARGS__; } catch (const std::exception& e) { return {::lab_fw::worded(e.what(), words), e.what()}; } catch (...) { return {false, "no words"}; } return {false, "no exception"}; }())
#define LAB_RAISES_AS(type, words, ...) ([&]() -> ::lab_fw::Result { try { __VA_ARGS__; } catch (const type& e) { return {::lab_fw::worded(e.what(), words), e.what()}; } catch (...) { return {false, "another exception"}; } return {false, "no exception"}; }())
#define LAB_RAISES_LIKE(type, how, ...) ([&]() -> ::lab_fw::Result { try { __VA_ARGS__; } catch (const type& e) { return {(how).match(e), "it is another"}; } catch (...) { return {false, "another exception"}; } return {false, "no exception"}; }())
#define LAB_THAT(what, how) ([&]() -> ::lab_fw::Result { auto&& lab_given = what; return {(how).match(lab_given), "got " + ::lab_fw::show(lab_given)}; }())
#define EXPECT_THROW(what, type) LAB_SOFT(LAB_RAISES(type, what), "expected " #type ", got ")
#define ASSERT_THROW(what, type) LAB_HARD(LAB_RAISES(type, what), "expected " #type ", got ")
#define EXPECT_ANY_THROW(...) LAB_SOFT(LAB_RAISES_ANY(__VA_ARGS__), "expected an exception, got ")
#define ASSERT_ANY_THROW(...) LAB_HARD(LAB_RAISES_ANY(__VA_ARGS__), "expected an exception, got ")
#define EXPECT_NO_THROW(...) LAB_SOFT(LAB_RAISES_NONE(__VA_ARGS__), "expected no exception, got ")
#define ASSERT_NO_THROW(...) LAB_HARD(LAB_RAISES_NONE(__VA_ARGS__), "expected no exception, got ")
#define ADD_FAILURE() ::lab_fw::Sink{"failed"} = ::lab_fw::Msg()
#define SUCCEED() (void)++::lab_fw::checks()
#define GTEST_SKIP() return ::lab_fw::Skip() = ::lab_fw::Msg()
#if $DOCTEST
#define LAB_CASE(name, words) static void name(); static const bool LAB_J(lab_added_, name) = ::lab_fw::add(__LINE__, [] { ::lab_fw::parted(name); }, words); static void name()
#define TEST_CASE(...) LAB_CASE(LAB_J(lab_case_, __LINE__), #__VA_ARGS__)
#define LAB_CASE_IN(base, name, words) namespace { struct name : public base { void lab_body(); }; } \
    static const bool LAB_J(lab_added_, name) = ::lab_fw::add(__LINE__, [] { ::lab_fw::parted([] { name one; one.lab_body(); }); }, words); void name::lab_body()
#define TEST_CASE_FIXTURE(base, ...) LAB_CASE_IN(base, LAB_J(lab_case_, __LINE__), #__VA_ARGS__)
#define TEST_CASE_METHOD(base, ...) LAB_CASE_IN(base, LAB_J(lab_case_, __LINE__), #__VA_ARGS__)
#define LAB_TYPED(name, words, T, ...) template <class T> static void name(); \
    template <class... All> static void LAB_J(name, _all)() { (::lab_fw::parted(name<All>), ...); } \
    static const bool LAB_J(lab_added_, name) = ::lab_fw::add(__LINE__, LAB_J(name, _all)<__VA_ARGS__>, words); template <class T> static void name()
#define TEST_CASE_TEMPLATE(words, T, ...) LAB_TYPED(LAB_J(lab_case_, __LINE__), #words, T, __VA_ARGS__)
#define TEMPLATE_TEST_CASE(words, tags, ...) LAB_TYPED(LAB_J(lab_case_, __LINE__), #words #tags, TestType, __VA_ARGS__)
#define SCENARIO(...) TEST_CASE(__VA_ARGS__)
#define LAB_PART(words) if (const ::lab_fw::Sub& LAB_J(lab_sub_, __LINE__) = ::lab_fw::Sub((::lab_fw::Msg() << words).out.str(), __LINE__))
#define DYNAMIC_SECTION(words) LAB_PART(words)
#define GIVEN(words) LAB_PART(words)
#define AND_GIVEN(words) LAB_PART(words)
#define WHEN(words) LAB_PART(words)
#define AND_WHEN(words) LAB_PART(words)
#define THEN(words) LAB_PART(words)
#define AND_THEN(words) LAB_PART(words)
#define GENERATE(...) ([&] { using namespace ::Catch::Generators; return lab_pick(__LINE__, lab_listed(__VA_ARGS__)); }())
#define STATIC_REQUIRE(...) static_assert((__VA_ARGS__), #__VA_ARGS__)
#define TEST_SUITE(...) namespace LAB_J(lab_suite_, __LINE__)
#define SUBCASE(...) if (const ::lab_fw::Sub& LAB_J(lab_sub_, __LINE__) = ::lab_fw::Sub(__VA_ARGS__, __LINE__))
#define LAB_NAME(name, ...) name
#define SECTION(...) if (const ::lab_fw::Sub& LAB_J(lab_sub_, __LINE__) = ::lab_fw::Sub(LAB_NAME(__VA_ARGS__, ), __LINE__))
#define LAB_CHECK(result, words) do { if (::lab_fw::Result lab_r = result) {} else ::lab_fw::Sink{std::string(words) + lab_r.text} = ::lab_fw::Msg(); } while (0)
#define LAB_REQUIRE(result, words) do { if (::lab_fw::Result lab_r = result) {} else { ::lab_fw::Sink{std::string(words) + lab_r.text} = ::lab_fw::Msg(); throw ::lab_fw::Stop(); } } while (0)
$ASSERTIONS
#define CHECK_MESSAGE(what, ...) LAB_CHECK(LAB_TRUE(what), #what)
#define REQUIRE_MESSAGE(what, ...) LAB_REQUIRE(LAB_TRUE(what), #what)
#define INFO(...) (void)0
#define CAPTURE(...) (void)0
#define MESSAGE(...) (void)0
#define WARN(...) (void)0
#define FAIL(...) do { ::lab_fw::Sink{"failed"} = ::lab_fw::Msg(); throw ::lab_fw::Stop(); } while (0)
#define FAIL_CHECK(...) ::lab_fw::Sink{"failed"} = ::lab_fw::Msg()
#else
#define FAIL() return ::lab_fw::Sink{"failed"} = ::lab_fw::Msg()
#endif
"""
_ASSERTION = r"""
#define X(...) LAB_X(LAB_TRUE(__VA_ARGS__), #__VA_ARGS__)
#define X_FALSE(...) LAB_X(LAB_FALSE(__VA_ARGS__), "not " #__VA_ARGS__)
#define X_UNARY(...) LAB_X(LAB_TRUE(__VA_ARGS__), #__VA_ARGS__)
#define X_EQ(a, b) LAB_PAIR(LAB_X, eq, a, b)
#define X_NE(a, b) LAB_PAIR(LAB_X, ne, a, b)
#define X_LT(a, b) LAB_PAIR(LAB_X, lt, a, b)
#define X_LE(a, b) LAB_PAIR(LAB_X, le, a, b)
#define X_GT(a, b) LAB_PAIR(LAB_X, gt, a, b)
#define X_GE(a, b) LAB_PAIR(LAB_X, ge, a, b)
#define X_THROWS(...) LAB_X(LAB_RAISES_ANY(__VA_ARGS__), "expected an exception, got ")
#define X_THROWS_AS(what, type) LAB_X(LAB_RAISES(type, what), "expected " #type ", got ")
#define X_THROWS_WITH(what, words) LAB_X(LAB_RAISES_WITH(words, what), "expected " #words ", got ")
#define X_THROWS_WITH_AS(what, words, type) LAB_X(LAB_RAISES_AS(type, words, what), "expected " #type " " #words ", got ")
#define X_THROWS_MATCHES(what, type, how) LAB_X(LAB_RAISES_LIKE(type, how, what), "expected " #type " " #how ", ")
#define X_THAT(what, how) LAB_X(LAB_THAT(what, how), #how ": ")
#define X_UNARY_FALSE(...) LAB_X(LAB_FALSE(__VA_ARGS__), "not " #__VA_ARGS__)
#define X_NOTHROW(...) LAB_X(LAB_RAISES_NONE(__VA_ARGS__), "expected no exception, got ")
"""


def header(tests: str) -> str:
    """What stands before a script of one of the three."""
    parts = re.search(r"[<\"](?:doctest|catch2)/", tests) is not None
    approx = "using Catch::Approx;" if re.search(r"[<\"]catch2/", tests) else ""
    checks = "".join(_ASSERTION.replace("LAB_X", f"LAB_{name}").replace("X", name) for name in ("CHECK", "REQUIRE"))
    marks = ", ".join(map(json.dumps, _LEFT_OUT))
    return (
        HEADER.replace("$LEFT_OUT", marks)
        .replace("$DOCTEST", str(int(parts)))
        .replace("$APPROX", approx)
        .replace("$ASSERTIONS", checks)
    )
