"""What differs from the value wanted in what a language sees, and a quick look does not."""

import json
from typing import Any

import pytest

from sandbox.apart.compare import decided
from sandbox.apart.recognise import recognise
from sandbox.languages.table import LANGUAGES

INCLUDED = "#include <cassert>\n#include <vector>\nusing namespace std;\n"
LARGE = "1000000000000000.0"
DIALECT = LANGUAGES["php"].dialect
TRANSLATED = DIALECT.translation.before if DIALECT and DIALECT.translation else ""
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
