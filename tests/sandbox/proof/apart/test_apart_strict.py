"""What differs from the value wanted in what a language sees, and a quick look does not."""

import json
import re
from typing import Any

import pytest

from sandbox.apart import script
from sandbox.apart.compare import decided
from sandbox.apart.recognise import recognise
from sandbox.languages.table import LANGUAGES

INCLUDED = "#include <cassert>\n#include <vector>\nusing namespace std;\n"
LARGE = "1000000000000000.0"
DIALECT = LANGUAGES["php"].dialect
TRANSLATED = DIALECT.translation.before if DIALECT and DIALECT.translation else ""
PHPUNIT = "use PHPUnit\\Framework\\TestCase;\nclass FTest extends TestCase\n{\n    public function testF(): void\n    {\n        $$\n    }\n}\n"
JUNIT = "import org.junit.jupiter.api.Test;\nclass FTest {\n    @Test\n    void a() {\n        $\n    }\n}"


def passes(language: str, tests: str, got: Any) -> bool:
    """Whether the first call of a test script, whatever it is, may give a value."""
    plan = recognise(language, "class F { int f(int n) { return n; } }", tests)
    assert plan is not None
    wants = tuple((call.want.value, call.rules) for call in plan.calls)
    return decided(wants, [("value", 0, json.dumps(got))])[0][0] == "ok"


LIST = ["l", [["i", "1"], ["i", "2"]]]
TOLD_APART: list[tuple[str, str, Any, Any]] = [
    # of a set of one list, a set of two equal ones (JavaScript's are never one)
    (
        "javascript",
        "assert.deepStrictEqual(f(1), new Set([[1]]));",
        ["set", [["l", [["f", "1"]]]]],
        ["set", [["l", [["f", "1"]]], ["l", [["f", "1"]]]]],
    ),
    # deepEqual heeds holes and further keys, though no prototype
    ("javascript", "assert.deepEqual(f(1), [1]);", ["l", [["f", "1"]], "kin"], ["l", [["f", "1"]], "odd"]),
    ("javascript", "assert(f(1));", ["?", "bigint"], ["?", "0n"]),
    (
        "javascript",
        f"assert(Math.abs(f(1) - {LARGE}) < 1e-6);",
        ["f", "1000000000000000"],
        ["f", "1000000000000400"],
    ),
    # 2.0 ** 70 is one more than the integer that is wanted, and no float is nearer
    ("ruby", "assert_equal(1180591620717411303423, f(70))", ["i", f"{2**70 - 1}"], ["f", "1.1805916207174113e+21"]),
    ("ruby", "assert(f(4).eql?(2))", ["i", "2"], ["q", "2/1"]),
    ("ruby", "assert_equal({2 => 1}, f(4))", ["m", [[["i", "2"], ["q", "1/1"]]]], ["m", [[["q", "2/1"], ["i", "1"]]]]),
    ("ruby", "assert_equal(0.5, f(1))", ["q", "1/2"], ["q", "1/3"]),
    # braces are what stands before them
    ("cpp", f"{INCLUDED}int main() {{ assert(f(1) == vector<int>{{1, 2}});\nreturn 0; }}", LIST, ["set", LIST[1]]),
    (
        "cpp",
        f"{INCLUDED}int main() {{ assert(f(1) == set<int>{{2, 1}});\nreturn 0; }}",
        ["set", LIST[1]],
        LIST,
    ),
    (
        "cpp",
        f"{INCLUDED}int main() {{ assert(f(1) == map<int, vector<int>>{{{{7, {{1, 2}}}}}});\nreturn 0; }}",
        ["m", [[["i", "7"], LIST]]],
        ["m", [[["i", "7"], ["set", LIST[1]]]]],
    ),
    # digits of another script are none, and a list whose order its keys turn is none
    ("php", "assert(f(1) == 4);", ["s", " 4 "], ["s", "\u0664"]),
    # texts of integers that PHP has none for are compared as texts
    ("php", f"assert(f(1) == '{10**24}');", ["s", f"{10**24}"], ["s", f"{10**24 + 1}"]),
    (
        "php",
        f"{TRANSLATED}assert(lab_same(f(1), [7, 8]));",
        ["l", [["i", "7"], ["i", "8"]]],
        ["m", [[["i", "1"], ["i", "8"]], [["i", "0"], ["i", "7"]]]],
    ),
    # a Long inside of a list is no Integer, though assertEquals takes one for the other by itself
    ("java", JUNIT.replace("$", "assertEquals(List.of(2), F.f(1));"), ["l", [["i", "2"]]], ["l", [["i", "2", "long"]]]),
    ("java", JUNIT.replace("$", "assertEquals(2, F.f(1));"), ["i", "2", "long"], ["i", "3", "long"]),
    # under Node's strict asserts the loose words are strict
    (
        "javascript",
        'const assert = require("node:assert/strict");\nassert.equal(f(1), 0);',
        ["f", "0"],
        ["f", "-0"],
    ),
    (
        "javascript",
        "const assert = require('assert').strict;\nassert.deepEqual(f(1), [1]);",
        ["l", [["f", "1"]]],
        ["l", [["f", "1"]], "kin"],
    ),
    # a difference of the tolerance itself is not below it
    ("javascript", "assert(Math.abs(f(1) - 1.5) < 0.0078125);", ["f", "1.507"], ["f", "1.5078125"]),
    ("php", "assert(abs(f(1) - 1.5) < 0.0078125);", ["f", "1.507"], ["f", "1.5078125"]),
    ("php", "assert(abs(f(1) - 1.5) <= 0.0078125);", ["f", "1.5078125"], ["f", "1.508"]),
    # a symbol is no text, and PHPUnit's assertSame asks for the kind
    ("ruby", "assert_equal :one, f(1)", ["y", "one"], ["s", "one"]),
    ("ruby", "assert_equal({ a: 1 }, f(1))", ["m", [[["y", "a"], ["i", "1"]]]], ["m", [[["s", "a"], ["i", "1"]]]]),
    ("php", PHPUNIT.replace("$$", "$this->assertSame(2, f(1));"), ["i", "2"], ["f", "2.0"]),
    ("php", PHPUNIT.replace("$$", "$this->assertEquals(2, f(1));"), ["f", "2.0"], ["b", True]),
    # a letter of C++'s is a number
    ("cpp", f"{INCLUDED}int main() {{ assert(f(1) == 'b');\nreturn 0; }}", ["i", "98"], ["i", "354"]),
    (
        "cpp",
        f"{INCLUDED}int main() {{ assert((f(1) == 1234567890123LL));\nreturn 0; }}",
        ["i", "1234567890123"],
        ["i", "1912276171"],
    ),
    # PHPUnit sees floats as near as 1e-10 as equal, and no texts
    ("php", PHPUNIT.replace("$$", "$this->assertEquals(0.3, f(1));"), ["f", "0.30000000000000004"], ["f", "0.3001"]),
    # a float that is cast is another one
    (
        "cpp",
        f"{INCLUDED}int main() {{ assert(f(1) == (float)0.1);\nreturn 0; }}",
        ["f", "0.10000000149011612"],
        ["f", "0.1"],
    ),
]


@pytest.mark.parametrize(("language", "tests", "right", "wrong"), TOLD_APART)
def test_what_the_language_tells_apart_is_told_apart(language: str, tests: str, right: Any, wrong: Any) -> None:
    assert passes(language, tests, right)
    assert not passes(language, tests, wrong)


@pytest.mark.parametrize(
    ("language", "tests"),
    [
        ("cpp", "int main() { assert(f(3) == (int)3.7);\nreturn 0; }"),
        ("cpp", "int main() { int v = 3.7;\nassert(f(3) == v);\nreturn 0; }"),
        ("cpp", "int main() { int v = 3000000000;\nassert(f(3) == v);\nreturn 0; }"),
        ("cpp", "int main() { bool v = 5;\nassert(f(3) == v);\nreturn 0; }"),
        ("cpp", "int main() { assert(f(3) == vector<string>{1, 2});\nreturn 0; }"),
        ("php", "assert(abs(f(1) - 2) < e-5);"),
        ("php", "assert(abs(f(1) - 2) < );"),
    ],
)
def test_a_literal_that_its_type_would_change_is_none_that_is_known(language: str, tests: str) -> None:
    assert recognise(language, "int f(int n) { return n; }", tests) is None


@pytest.mark.parametrize(
    ("language", "tests"),
    [
        ("javascript", "assert.strictEqual(f(2), 4);\n// more \u2028assert.strictEqual(f(7), 14);"),
        ("javascript", "assert.strictEqual(f(2), 4);\n// more \rassert.strictEqual(f(7), 14);"),
        ("php", "assert(f(2) === 4);\n// more ?><?php assert(f(7) === 14);"),
        ("php", "assert(f(2) === 4);\n// more \rassert(f(7) === 14);"),
        ("java", JUNIT.replace("$", "assertEquals(4, F.f(2));\n// more \\u000a assertEquals(14, F.f(7));")),
    ],
)
def test_an_assertion_that_a_comment_does_not_hide_is_not_taken_for_one(language: str, tests: str) -> None:
    assert recognise(language, "class F { int f(int n) { return n; } }", tests) is None
    plain = re.sub("[\u2028\r]|\\?><\\?php|" + re.escape("\\u000a"), "", tests)
    assert recognise(language, "class F { int f(int n) { return n; } }", plain) is not None


def test_a_key_in_octal_is_none_that_is_known() -> None:
    assert recognise("javascript", "function f() {}", "assert.deepStrictEqual(f(1), {10: 1});") is not None
    assert recognise("javascript", "function f() {}", "assert.deepStrictEqual(f(1), {010: 1});") is None


def test_strict_types_of_the_tests_are_those_of_the_driver() -> None:
    made = script(
        "php", "<?php function f(int $n) { return $n; }", "<?php\ndeclare(strict_types=1);\nassert(f(2) === 2);"
    )
    assert made is not None and made.files["tests.php"].startswith("declare(strict_types=1);")


def test_what_a_program_does_not_export_is_not_there_for_tests_that_require_it() -> None:
    tests = 'const { f } = require("./solution");\nassert.strictEqual(f(2), 4);'
    made = script("javascript", "function f(n) { return 2 * n; }", tests)
    assert made is not None and "function f" in made.files["program.js"] and "function f" not in made.files["tests.js"]
    assert 'require("./solution")' in made.files["tests.js"]


def test_of_junits_tests_each_has_an_object_of_its_own() -> None:
    test = "    @Test\n    void {}() {{\n        F one = new F();\n        assertEquals(2, one.f(1));\n    }}\n"
    tests = f"import org.junit.jupiter.api.Test;\nclass FTest {{\n{test.format('a')}{test.format('b')}}}"
    made = script("java", "class F { int f(int n) { return 2 * n; } }", tests)
    assert made is not None and "lab_F_1[0] = new F()" in made.main and "lab_F_2[0].f(1)" in made.main


@pytest.mark.parametrize(
    ("language", "tests"),
    [
        ("javascript", "const got = f(2);\nconst other = f(3);\nassert.strictEqual(got, 4);\nassert.strictEqual(other, 6);"),
        ("javascript", "const got = f(2);\nassert.strictEqual(got, 4);\nassert.strictEqual(got, 4);"),
        ("go", 'func TestF(t *testing.T) {\n\tgot := f(2)\n\tif got != 4 {\n\t\tt.Error("2")\n\t}\n\tif got != 4 {\n\t\tt.Error("2")\n\t}\n}'),
    ],
)  # fmt: skip
def test_a_result_in_a_variable_is_compared_once_and_before_the_next_call(language: str, tests: str) -> None:
    assert recognise(language, "func f(n int) int { return 2 * n }", tests) is None
    first = tests.replace("const other = f(3);\n", "").replace("assert.strictEqual(other, 6);", "")
    first = first.replace("assert.strictEqual(got, 4);\nassert", "assert")
    first = first.replace('\tif got != 4 {\n\t\tt.Error("2")\n\t}\n\tif', "\tif")
    assert recognise(language, "func f(n int) int { return 2 * n }", first) is not None


def test_what_java_throws_in_an_if_is_an_assertion_and_its_main_goes_on() -> None:
    lines = [
        'if (F.f(2) != 4) throw new IllegalStateException("2");',
        "if (!F.g(2).equals(List.of(4))) {\n            throw new IllegalArgumentException();\n        }",
        'if (!"a".equals(F.h(1))) throw new RuntimeException("1");',
        "if (!F.i(1)) throw new AssertionError();",
        "if (F.i(2)) throw new AssertionError();",
        'System.out.println("all passed");',
    ]
    body = "\n        ".join(lines)
    tests = f"public class Main {{\n    public static void main(String[] args) {{\n        {body}\n    }}\n}}\n"
    plan = recognise("java", "class F { f g h i }", tests)
    assert plan is not None
    assert [call.want.value for call in plan.calls] == [
        ["i", "4"],
        ["l", [["i", "4"]]],
        ["s", "a"],
        ["b", True],
        ["b", False],
    ]


GTEST = (
    '#include <gtest/gtest.h>\nTEST(F, Gives) {\n    EXPECT_EQ(f(2), 4);\n    ASSERT_EQ(6, f(3)) << "three";\n    EXPECT_TRUE(f(4));\n'
    "    EXPECT_NEAR(f(5), 2.5, 0.001);\n}\nint main(int argc, char **argv) {\n    testing::InitGoogleTest(&argc, argv);\n    return RUN_ALL_TESTS();\n}\n"
)
CATCH = (
    '#define CATCH_CONFIG_MAIN\n#include <catch2/catch.hpp>\nTEST_CASE("gives", "[f]") {\n    CHECK(f(2) == 4);\n    REQUIRE((f(3) == 6));\n'
    "    CHECK_FALSE(f(4));\n    CHECK(!f(5));\n}\n"
)


@pytest.mark.parametrize(
    ("tests", "values"),
    [
        (GTEST, [["i", "4"], ["i", "6"], ["b", True], ["f", "2.5"]]),
        (CATCH, [["i", "4"], ["i", "6"], ["b", False], ["b", False]]),
        (GTEST.replace("TEST(F, Gives", "TEST(F, DISABLED_Gives"), None),
        (CATCH.replace("[f]", "[.]"), None),
        (CATCH.replace("CHECK(f", "CHECK_NOTHROW(f"), None),
    ],
)
def test_plain_comparisons_of_cpps_frameworks_are_calls(tests: str, values: list[Any] | None) -> None:
    plan = recognise("cpp", "int f(int n) { return 2 * n; }", tests)
    assert (plan and [call.want.value for call in plan.calls]) == values
    assert plan is None or ("gtest" not in plan.kept and "catch2" not in plan.kept)
