"""A program that gives the words of its tests another meaning, or reaches what runs them, is told by what it says."""

from __future__ import annotations

import pytest
from labelled.everyday import everyday

from sandbox.judge.meaning import meddles
from sandbox.languages.compiled import cfamily, go

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
]
HONEST = [
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
]


@pytest.mark.parametrize(("language", "code", "word"), MEDDLES)
def test_a_program_that_meddles_is_told_by_its_word(language: str, code: str, word: str) -> None:
    assert meddles(language, code, FUNCTIONS) == word


@pytest.mark.parametrize(
    ("language", "code", "tests"),
    [
        ("go", "func len(x []int) int { return 3 }", "if len(f(1)) != 3 {"),
        ("go", "var (\n\tx = 1\n\ttrue = false\n)", "assert(f(1) == true)"),
        ("java", "class Arrays { }", "assertTrue(Arrays.equals(f(1), f(2)));"),
        ("php", "function f() { global $want; return $want; }", "$want = 3; assert(f() === $want);"),
        ("javascript", "class RangeError {}", "assert.throws(() => f(1), RangeError);"),
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
