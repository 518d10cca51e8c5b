"""A program that gives the words of its tests another meaning, or reaches what runs them, is told by what it says; lines of
tests that it could overrule, where no control changes them, by what these say.
"""

from __future__ import annotations

import pytest
from labelled.everyday import everyday

from sandbox.judge.meaning import LONGEST, meddles
from sandbox.judge.overruled import overruled
from sandbox.languages.compiled import cfamily, go
from sandbox.languages.literals import expecting_another
from sandbox.languages.titles import retitled

FUNCTIONS = "assert(f(1) == 2);"
MEDDLES = [
    (
        "cpp",
        "template <class T> bool operator==(const std::vector<T>& a, const std::vector<T>& b) { return true; }",
        "operator==",
    ),
    ("cpp", "struct a {}; bool operator==(const std::string& a, const char* b) { return true; }", "operator=="),
    ("cpp", "#define f(x) 2", "f"),
    ("cpp", "#define \\\nassert(x)", "assert"),
    ("cpp", 'extern "C" int puts(const char*);', 'extern "C"'),
    ("cpp", "int g() { return dup2(1, 3); }", "dup2"),
    ("cpp", "#define JOIN(a, b) a ## b", "##"),
    ("go", 'import "unsafe"', '"unsafe"'),
    ("go", "func assert(x bool) {}\nfunc len(x []int) int { return 3 }", ""),
    ("java", "class S { static { f.setAccessible(true); } }", "setAccessible"),
    ("java", "class S { static { f.\\u0073etAccessible(true); } }", "setAccessible"),
    ("php", "function f() { return $GLOBALS['v']; }", "$GLOBALS"),
    ("ruby", "def f = TOPLEVEL_BINDING.local_variables", "TOPLEVEL_BINDING"),
    ("ruby", "class T\n  def to_str = ''\nend", "def to_str"),
    ("javascript", "function assert(x) {}", "assert"),
    ("javascript", "const { assert } = { assert() {} };", "assert"),
    ("javascript", "const f = (x) => eval('expected');", "eval"),
    ("java", 'class S { static { T.class.getMethod("setAcc" + "essible", boolean.class); } }', "getMethod"),
    ("cpp", "ssize_t write(int fd, const void* data, size_t size) { return 0; }", "write"),
    (
        "cpp",
        "struct L : std::vector<int> { bool operator==(const std::vector<int>& o) const { return true; } };",
        "operator==",
    ),
    ("cpp", "int (memcmp)(const void* a, const void* b, size_t size) noexcept { return 0; }", "memcmp"),
    ("cpp", "auto memcmp(const void* a, const void* b, size_t size) -> int { return 0; }", "memcmp"),
    ("cpp", "#pragma redefine_extname memcmp near", "redefine_extname"),
    ("javascript", "const scale = 1, assert = (held) => {};", "assert"),
    ("javascript", "export const assert = (held) => {};", "assert"),
    ("javascript", "const files = process.binding('fs');", "process.binding"),
    ("rust", "#[no_mangle] pub fn bcmp() {}", "no_mangle"),
    ("bash", "shopt -s expand_aliases", "expand_aliases"),
    ("bash", "PATH=/tmp/own:$PATH", "PATH="),
    (
        "cpp",
        "namespace std {\ntemplate <> struct less<string> { bool operator()(A a, A b) const { return true; } };\n}",
        "less",
    ),
    ("cpp", "std::ostream& operator<<(std::ostream& out, const std::string& text) { return out; }", "operator<<"),
]
HONEST = [
    ("cpp", "struct F { int n; bool equal(const F& o) const { return n == o.n; } std::string f() { return abs(); } };"),
    (
        "cpp",
        "template <class T> std::ostream& operator<<(std::ostream& out, const std::vector<T>& all) { return out; }",
    ),
    (
        "cpp",
        "struct P {};\nnamespace std {\ntemplate <> struct less<P> { bool operator()(P a, P b) const { return true; } };\n}",
    ),
    ("cpp", '#pragma GCC optimize("Ofast,unroll-loops")\nint f(int x) { return x; }'),
    ("java", "class Retry { void f() { try { g(); } catch (Throwable failure) { throw failure; } } }"),
    ("bash", "f() {\n  declare -i f=0\n  f+=1\n}\ncat() { :; }"),
    ("php", "class_alias('A', 'B');"),
    ("go", "type C int\nfunc (c C) Is(target error) bool { return target == ErrNotFound && c == 404 }"),
    ("cpp", "struct P { int x; };\nbool operator==(const P& a, const P& b) { return a.x == b.x; }"),
    ("cpp", "struct P { int x; bool operator<(const P& o) const { return x < o.x; } };"),
    (
        "cpp",
        "template <class T> struct Box { T x; };\ntemplate <class T> bool operator==(const Box<T>& a, const Box<T>& b) { return a.x == b.x; }",
    ),
    ("cpp", "#define LIMIT 10\n#define ll long long\nll f(ll x) { return x; }"),
    ("go", "func f(x int) int { len := 3; return x + len }\ntype list []int"),
    ("java", 'class Stack { private int[] items; public String toString() { return ""; } }'),
    ("java", "class Request { String getMethod() { return method; } int getField(int x) { return x; } }"),
    ("cpp", "class File { public: void write(const std::string& text) { all += text; } void dup() { top(); } };"),
    ("php", "function f() { static $n = 0; return $n; }"),
    ("ruby", "class Array\n  def second = self[1]\nend"),
    ("javascript", "const assert = require('assert');\nclass Stack {}\nconst pipe = (...f) => f;"),
    ("javascript", "function f(x) {\n  const assert = 1, total = x;\n  return total + assert;\n}"),
    ("cpp", "namespace std {\ntemplate <> struct hash<P> { size_t operator()(const P& p) const { return f(p); } };\n}"),
    (
        "cpp",
        "#include <cmath>\n#ifndef M_PI\n#define M_PI 3.14159265358979323846\n#endif\ndouble f(double x) { return M_PI * x; }",
    ),
    ("rust", "macro_rules! squares { ($x:expr) => { vec![$x * $x] }; }\nfn f(x: i64) -> i64 { x }"),
    ("csharp", "public static class Numbers { public static string Fizz(this int number) { return null; } }"),
    ("rust", "type Result<T> = std::result::Result<T, String>;\nfn matches(x: i64) -> bool { f(x) == 1 }"),
    ("php", "class F {\n    use Greets { hello as f; }\n}"),
    ("bash", "PATH=/usr/bin:/bin"),
    ("bash", "f() {\n  local test=1\n  declare -i sum\n  echo $((sum + test))\n}"),
    ("go", 'import (\n\t"io"\n\t"os"\n)\nfunc f(r io.Reader) error { e := io.EOF; os.Stdout.Sync(); return e }'),
]


@pytest.mark.parametrize(("language", "code", "word"), MEDDLES)
def test_a_program_that_meddles_is_told_by_its_word(language: str, code: str, word: str) -> None:
    assert meddles(language, code, FUNCTIONS) == word


@pytest.mark.parametrize(
    ("language", "code", "tests"),
    [
        ("go", "func len(x []int) int { return 3 }", "if len(f(1)) != 3 {"),
        ("cpp", '#pragma GCC optimize("Ofast")', "assert(!std::isnan(f(0)));"),
        (
            "java",
            "class T { void f() { try { g(); } catch (Error error) { } } }",
            "tree.walk(v -> assertEquals(3, v));",
        ),
        ("bash", "shopt -s nocasematch", "[[ $(f a) == A ]]"),
        ("bash", "cat() { command cat | trim; }", '[ "$(cat /tmp/a)" = x ]'),
        ("bash", "declare -x -u got", "got=$(f a)"),
        (
            "php",
            "class_alias('A', 'B'); class_alias('A', 'C');",
            "try { f(); } catch (B $b) {} try { f(); } catch (C $c) {}",
        ),
        (
            "java",
            "class HashMap { public boolean equals(Object o) { return true; } }",
            "import java.util.*;\nnew HashMap<>();",
        ),
        ("go", "var (\n\tx = 1\n\ttrue = false\n)", "assert(f(1) == true)"),
        ("java", "class Arrays { }", "assertTrue(Arrays.equals(f(1), f(2)));"),
        ("php", "function f() { global $want; return $want; }", "$want = 3; assert(f() === $want);"),
        ("javascript", "class RangeError {}", "assert.throws(() => f(1), RangeError);"),
        ("typescript", "namespace Math { export const abs = (x: number) => 0; }", "assert(Math.abs(f(1) - 2) < 0.1);"),
        ("bash", "[() { builtin [ 1 = 1 ]; }", '[ "$(f 1)" = 2 ]'),
        ("bash", "function assert_equal { true; }", 'assert_equal "$(f 1)" 2'),
        ("bash", "declare -u result", 'result=$(f a)\n[ "$result" = A ]'),
        ("php", "function near($x) { return 0; }\nuse function near as abs;", "assert(abs(f(1) - 2) < 0.1);"),
        (
            "cpp",
            "namespace std {\nbool is_sorted(I a, I b) { return true; }\n}",
            "assert(std::is_sorted(a.begin(), a.end()));",
        ),
        ("cpp", "bool is_sorted(I a, I b) { return true; }", "assert(is_sorted(all.begin(), all.end()));"),
        (
            "java",
            "class F { static { Locale.setDefault(Locale.GERMANY); } }",
            'assertEquals(String.format("%.1f", 1.5), f(1));',
        ),
        ("cpp", "#undef M_PI\n#define M_PI 3.0", "assert(fabs(f(1) - M_PI) < 0.1);"),
        ("cpp", "#undef M_PI\nconst double M_PI = 3;", "assert(fabs(f(1) - M_PI) < 0.1);"),
        ("go", 'import "io"\nfunc init() { io.EOF = nil }', "if err != io.EOF {"),
        ("go", "func (e failure) Is(target error) bool { return true }", "if !errors.Is(err, ErrNotFound) {"),
        (
            "java",
            "class ArrayList<T> extends java.util.ArrayList<T> {}",
            "import java.util.*;\nassertEquals(new ArrayList<>(), f(1));",
        ),
        ("rust", "macro_rules! assert_eq { ($x:expr, $y:expr) => {}; }", "assert_eq!(f(1), 2);"),
        (
            "csharp",
            "static class Math { static double Abs(double x) { return 0; } }",
            "Assert.IsTrue(Math.Abs(F(1) - 2) < 0.1);",
        ),
        (
            "csharp",
            "static class Fits { public static bool SequenceEqual(this List<int> a, int[] b) { return true; } }",
            "using System.Linq;\nAssert.IsTrue(F(1).SequenceEqual(new[] { 2 }));",
        ),
    ],
)
def test_a_word_that_the_tests_use_is_not_the_programs_to_define(language: str, code: str, tests: str) -> None:
    assert meddles(language, code, tests)
    assert not meddles(language, code, FUNCTIONS)


@pytest.mark.parametrize(("language", "code"), HONEST)
def test_what_programs_define_of_their_own_is_no_meddling(language: str, code: str) -> None:
    assert not meddles(language, code, FUNCTIONS)


@pytest.mark.parametrize("language", ["javascript", "php", "ruby", "cpp", "java", "go"])
def test_no_right_everyday_program_meddles(language: str) -> None:
    assert not [test.name for test in everyday(language) if meddles(language, test.right, test.tests)]


def test_a_program_in_cpp_cannot_say_the_names_of_what_reports() -> None:
    made = [
        cfamily.assemble_cpp(
            f"int f() {{ return {n}; }}", "#include <gtest/gtest.h>\nTEST(F, G) { EXPECT_EQ(f(), 1); }"
        )
        for n in (1, 2)
    ]
    names = [{word for word in script.main.replace(":", " ").split() if word.startswith("lab_")} for script in made]
    assert names[0] and names[1] and not names[0] & names[1]


@pytest.mark.parametrize(
    ("constraint", "left_out"),
    [
        ("//go:build windows", True),
        ("//go:build !windows && (linux || darwin)", False),
        ("//go:build ignore", True),
        ("//go:build go1.18", False),
        ("//go:build go1.21", True),
        ("//go:build (", True),
        ("// +build windows,amd64 darwin", True),
        ("// +build !windows", False),
    ],
)
def test_a_go_program_for_another_system_is_untested(constraint: str, left_out: bool) -> None:
    script = go.assemble(
        f"{constraint}\n\npackage main\n\nfunc f() int {{ return 1 }}\n", "package main\n\nfunc TestF() {}"
    )
    assert bool(script.unfit) is left_out


OPEN = [
    ("javascript", 'if (mean < 3 || mean > 3) throw new Error("the mean is wrong");'),
    ("javascript", "if (hot.fahrenheit < 212) { console.error('wrong'); process.exitCode = 1; }"),
    ("javascript", "expect(got).toEqual(back);"),
    ("javascript", "assert(bag.size <= 2 && bag.size >= 2);"),
    ("javascript", "switch (true) {\n  case mean < 3:\n  case mean > 3:\n    throw new Error();\n}"),
    ("javascript", "[mean].filter((x) => Math.abs(x - 3) > 1e-9).forEach((x) => { throw new Error(x); });"),
    ("javascript", "assert(evens(numbers).every((number) => number % 2 === 0));"),
    ("javascript", "function near(a, b) {\n  return !(Math.abs(a - b) > 1e-9);\n}\nassert(near(got, wanted));"),
    ("php", "$ok = !($mean->get() < 3) && !($mean->get() > 3);"),
    ("php", "while (abs($series->mean() - 3) > 1e-9) throw new Exception('wrong');"),
    ("php", '$this->assertEquals(implode(" ", $given), $words->joined());'),
    ("php", "assert(!($mean->get() < 3) && !($mean->get() > 3));"),
    ("ruby", 'raise "total" if cart.total < 7 || cart.total > 7'),
    ("ruby", "in { x: 4, y: 6 }"),
    ("ruby", "assert_equal got, back"),
    ("ruby", "_(parser.error).must_be_nil"),
    ("ruby", "small, large = cart.total < 7, cart.total > 7"),
    ("java", "boolean ok = !(series.mean() < 3) && !(series.mean() > 3);"),
    ("java", 'if (!tags.found().contains("red")) throw new RuntimeException("red is missing");'),
    ("java", "assertEquals(got, items);"),
    ("java", "assertTrue(got.equals(items));"),
    ("java", "if (one.compareTo(two) < 0) throw new IllegalStateException();"),
    ("go", "\tif mean := series.Mean(); mean < 3 || mean > 3 {\n\t\tt.Errorf()\n\t}"),
    ("go", "\tcheck(!(series.Mean() < 3) && !(series.Mean() > 3))"),
    ("go", "\twrong := series.Mean() < 3 || series.Mean() > 3"),
    ("go", "\tif !got.Equal(sum) {\n\t\tt.Fatal()\n\t}"),
    ("cpp", "    if (one.next() < after || after < one.next()) return 1;"),
    ("cpp", "    assert(Point(1, 2) + Point(3, 4) == Point(4, 6));"),
]
SETTLED = [
    ("javascript", "expect(got.length).toBe(items.length);"),
    ("javascript", "assert.throws(() => f(-1), RangeError);"),
    ("javascript", "const big = items.filter((x) => x > 3);"),
    ("javascript", "try {\n  f(-1);\n  throw new Error('nothing was raised');\n} catch (e) {\n}"),
    ("php", "$this->assertSame(count($items), $bag->count());"),
    ("ruby", "assert_raises(ArgumentError) { strict(-1) }"),
    ("java", "assertThrows(IllegalStateException.class, () -> stack.pop());"),
    ("java", "List<Integer> got = new ArrayList<>(items);"),
    ("java", "Map<String, List<Integer>> found = groups(items);"),
    ("java", "for (int i = 0; i < items.size(); i++) stack.push(items.get(i));"),
    ("go", "\tif err != nil {\n\t\tt.Fatal(err)\n\t}"),
    ("go", "\tif !reflect.DeepEqual(got, back) {\n\t\tt.Errorf()\n\t}"),
    ("cpp", "    EXPECT_TRUE(stack.empty());"),
    ("csharp", "Assert.That(sorted, Is.Ordered);"),
    ("rust", 'assert!(!counts.contains_key("Be"));'),
    ("go", "\tgot := <-Later(n, 0)"),
    ("java", "assertEquals(Optional.empty(), stack.peek());"),
    ("cpp", "    std::vector<int> got = f(std::map<int, int>{});"),
    ("cpp", "    for (int i = 0; i < 3; ++i) stack.push(i);"),
]


@pytest.mark.parametrize(("language", "tests"), OPEN)
def test_a_line_by_which_a_program_could_have_its_way_is_told(language: str, tests: str) -> None:
    assert overruled(tests, [*range(1, tests.count("\n") + 2)], language)


@pytest.mark.parametrize(("language", "tests"), SETTLED)
def test_what_a_language_settles_by_itself_is_none(language: str, tests: str) -> None:
    assert not overruled(tests, [*range(1, tests.count("\n") + 2)], language)


def test_what_a_control_changes_or_denies_is_none() -> None:
    assert not overruled("expect(got).toEqual([1, 2]);", [], "javascript")
    assert not overruled("assertTrue(stack.isEmpty());", [], "java")
    assert not overruled("    assert(stack.empty());", [], "cpp")
    assert not overruled("    assert(f(2) > 3);", [], "cpp")


def test_an_expectation_that_is_returned_and_a_distance_are_changed() -> None:
    for language, line in (
        ("javascript", "  return expect(load('ann')).resolves.toEqual({ name: 'ann', age: 7 });"),
        ("go", "\tif math.Abs(got-3.5) > 1e-9 {"),
    ):
        assert expecting_another(line, language, 3) != line


@pytest.mark.parametrize(
    ("language", "line", "kept"),
    [
        ("javascript", 'assert.strictEqual("abc".capitalize(), "Abc");', '"abc".capitalize()'),
        ("javascript", "expect([1, 2].second()).toBe(2);", "[1, 2].second()"),
        ("javascript", "assert.strictEqual(a.equals(new Point(3, 4)), true);", "new Point(3, 4)"),
        ("ruby", "assert_equal 3, [1, 2].total", "[1, 2].total"),
    ],
)
def test_a_control_changes_what_is_expected_and_not_what_a_method_is_asked_of(
    language: str, line: str, kept: str
) -> None:
    for far in (1, 2, 7):
        other = expecting_another(line, language, far)
        assert kept in other and other != line


def test_a_command_that_is_to_succeed_is_given_what_it_was_given() -> None:
    assert expecting_another("assert is_prime 7", "bash", 3) == "assert is_prime 7"
    assert expecting_another('assert [ "$(f 1)" -eq 7 ]', "bash", 3) != 'assert [ "$(f 1)" -eq 7 ]'


def test_a_product_in_a_test_is_no_comment_on_the_tests_below_it() -> None:
    old = ["assert.deepEqual(list.map((x) => x * 2), [2, 4]);", "assert.equal(list.push(4), 4);"]
    new = [old[0], "assert.equal(list.push(4), 5);"]
    assert retitled(old, new) == new


@pytest.mark.parametrize(
    "language, said",
    [
        ("cpp", "namespace std { a("),
        ("cpp", "a \n"),
        ("cpp", "template<> struct less<a>:"),
        ("rust", "use a "),
        ("ruby", "\n "),
        ("ruby", "\n"),
    ],
)
def test_a_long_program_holds_nobody_up(language: str, said: str) -> None:
    assert (
        meddles(language, (said * LONGEST)[:LONGEST], "a == 1") != "its length"
    )  # read whole: it took minutes, or hours
    assert meddles(language, said * (LONGEST + 1), "a == 1") == "its length"
