"""Test scripts of plain calls: what is expected stays on the host."""

import asyncio
import json
from typing import Any

import pytest

from sandbox import Proof, Sandbox, Verdict, apart, docker_problem, jobs
from sandbox.apart.compare import decided, same
from sandbox.containers.image import built_languages
from sandbox.languages import table
from sandbox.report import Limits, Program

CHECKED = {
    "javascript": (
        "function joined(words, n) { return words.join('-') + n; }",
        """
const _ = require("lodash")

function compare(object1, object2){
    return _.isEqual(object1, object2)
}

var arg00 = ["quick", "brown"];
var arg01 = 2;
var x0 = joined(arg00, arg01);
var v0 = "quick-brown2";
if(!compare(x0, v0)){
    throw 'Error at 1th assert statement. Value = ' + JSON.stringify(x)
}
""",
    ),
    "php": (
        "function joined($words, $n) { return implode('-', $words) . $n; }",
        """
function compare($x, $y) {
    return $x == $y;
}

$arg00 = ["quick", "brown"];
$arg01 = 2;
$x0 = joined($arg00, $arg01);
$v0 = "quick-brown2";
if (!compare($x0, $v0)) {
    throw new Exception("Error at 1th assert statement.");
}
""",
    ),
    "cpp": (
        """#include <string>
#include <vector>
#include <stdexcept>
using namespace std;
string joined(vector<string> words, int n) { return words[0] + "-" + words[1] + to_string(n); }
""",
        """
template <typename T> bool compare(T a, T b){
    return a == b;
}

int main(int argc, char* argv[]) {
    string x0 = joined(vector<string>{string("quick"), string("brown")}, 2);
    if (!(compare(x0, string("quick-brown2")))) {
        throw runtime_error("Exception -- test case 0 did not pass.");
    }

    return 0;
}
""",
    ),
    "ruby": (
        "def joined(words, n)\n  words.join('-') + n.to_s\nend",
        """
arg00 = ["quick", "brown"]
arg01 = 2
x0 = joined(arg00, arg01)
v0 = "quick-brown2"
if x0 != v0
    raise StandardError, "Error at test case 1"
end
""",
    ),
}


@pytest.mark.parametrize("language", CHECKED)
def test_the_job_holds_arguments_and_no_expected_value(language: str) -> None:
    code, tests = CHECKED[language]
    script = apart.script(language, code, tests)
    assert script is not None and [want for want, _ in script.wants] == [["s", "quick-brown2"]]
    program = Program(code=code, tests=tests, language=language)
    assert not jobs.shares_a_process(program)
    sources = script.main + "".join(script.files.values())
    assert '"brown"' in sources and "quick-brown2" not in sources
    assert "tests" not in jobs.job(table.find(language), program, Limits())


@pytest.mark.parametrize(
    "tests",
    [
        "assert.strictEqual(f(1), g(2));",
        "assert.strictEqual(f(1), 1 + 1);",
        "assert.strictEqual(f(f(1)), 2);",
        "assert.strictEqual(other(1), 2);",
        "assert.strictEqual(f(`${1}`), 2);",
        "assert.strictEqual(f(1), [2]);",
        "for (const n of [1]) assert.strictEqual(f(n), 2);",
        "var x = f(1);",
        "",
    ],
)
def test_what_is_more_than_a_plain_call_goes_beside_the_program(tests: str) -> None:
    assert apart.script("javascript", "function f(n) { return n + 1; } function g() {}", tests) is None


def test_an_assertion_of_a_call_is_recognised() -> None:
    script = apart.script("javascript", "function f(n) {}", "assert.deepStrictEqual(f([1, 'a']), {a: [2.5, null]});\n")
    assert script is not None and script.wants[0][0] == ["m", [[["s", "a"], ["l", [["f", "2.5"], ["n"]]]]]]


@pytest.mark.parametrize(
    ("got", "want", "equal"),
    [
        (["i", "2"], ["f", "2.0"], True),
        (["b", True], ["i", "1"], False),
        (["s", "1"], ["i", "1"], False),
        (["n"], ["b", False], False),
        (["l", [["i", "1"], ["i", "2"]]], ["l", [["i", "2"], ["i", "1"]]], False),
        (["m", [[["s", "a"], ["n"]], [["s", "b"], ["n"]]]], ["m", [[["s", "b"], ["n"]], [["s", "a"], ["n"]]]], True),
        (["m", [[["s", "a"], ["n"]], [["s", "a"], ["n"]]]], ["m", [[["s", "a"], ["n"]]]], False),
        ({"anything": 1}, ["i", "1"], False),
        (["i", "x" * 1000], ["i", "1"], False),
    ],
)
def test_values_are_compared_strictly(got: object, want: list[object], equal: bool) -> None:
    assert same(got, want, frozenset()) is equal


def test_a_list_in_a_set_has_any_order_for_lodash_alone() -> None:
    got, want = (["set", [["l", [["f", one], ["f", other]]]]] for one, other in ("89", "98"))
    assert same(got, want, frozenset({"lodash"})) and not same(got, want, frozenset())
    assert not same(["set", [["l", [["f", "8"], ["f", "8"]]]]], want, frozenset({"lodash"}))
    assert not same(got[1][0], want[1][0], frozenset({"lodash"}))


@pytest.mark.parametrize(
    ("language", "got", "true"),
    [
        ("javascript", ["s", "0"], True),
        ("javascript", ["f", "NaN"], False),
        ("javascript", ["l", []], True),
        ("php", ["s", "0"], False),
        ("php", ["l", []], False),
        ("ruby", ["i", "0"], True),
        ("ruby", ["n"], False),
        ("ruby", ["?", "Object"], True),
    ],
)
def test_a_lone_value_holds_as_its_language_sees_it(language: str, got: list[object], true: bool) -> None:
    rules = frozenset({f"truthy {language}"})
    assert same(got, ["b", True], rules) is true and same(got, ["b", False], rules) is not true


def test_only_a_value_passes_a_test_and_a_second_one_does_not_mend_the_first() -> None:
    wants = ((["i", "1"], frozenset[str]()), (["i", "2"], frozenset[str]()))
    right, wrong = (json.dumps(["i", number]) for number in "12")
    told = [("ok", 0, ""), ("value", 0, wrong), ("value", 0, right), ("value", 7, right), ("end", 0, "")]
    found = decided(wants, told)
    assert [kind for kind, index, _ in found if index == 0] == ["fail", "ok", "end"]
    assert ("fail", 1, "nothing came of the call") in found
    assert decided(wants, [("value", 0, "[" * 100_000)])[0][0] == "fail"


def test_a_php_array_is_a_list_or_a_map_as_its_keys_say() -> None:
    kept = frozenset({"arrays"})
    assert same(["l", [["i", "7"]]], ["m", [[["s", "0"], ["i", "7"]]]], kept)
    assert not same(["l", [["i", "7"]]], ["m", [[["s", "00"], ["i", "7"]]]], kept)
    assert not same(["b", True], ["l", []], kept)


@pytest.mark.docker
@pytest.mark.skipif(docker_problem() is not None, reason=f"Docker: {docker_problem()}")
def test_a_right_program_is_accepted_and_one_that_answers_otherwise_is_not() -> None:
    async def judged() -> None:
        async with Sandbox(slots=1) as box:
            for language in sorted({"javascript", "php", "cpp"} & set(built_languages())):
                code, tests = CHECKED[language]
                report = await box.run(Program(code=code, tests=tests, language=language))
                assert (report.verdict, report.proof) == (Verdict.accepted, Proof.isolated), report
                wrong = code.replace("n;", "n + 1;").replace("(n);", "(n + 1);")
                report = await box.run(Program(code=wrong, tests=tests, language=language))
                assert report.verdict is Verdict.test_failure, report

    asyncio.run(judged())


def test_truth_is_an_integer_in_cpp() -> None:
    kept = frozenset({"truth"})
    assert same(["b", True], ["i", "1"], kept) and not same(["b", True], ["i", "2"], kept)


RIGHT = {
    "cpp": (
        """#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>
using namespace std;
enum Colour { red, green };
vector<int> ordered(vector<int>& v) { sort(v.begin(), v.end()); return v; }
template <class T> T total(const vector<T>& v) { T s{}; for (auto& x : v) s += x; return s; }
double root(int n) { return sqrt(n) + 0.25; }
int has(int n) { return n & 4; }
string_view tail(string_view s) { return s.substr(1); }
tuple<int, string> both(int a) { return {a, "x"}; }
optional<int> maybe(int a) { return a + 1; }
Colour colour(int a) { return a ? green : red; }
size_t place(string a, char b) { return a.find(b); }
set<double> halves(const vector<double>& v) { return {v.begin(), v.end()}; }
map<string, set<int>> sets(int a) { return {{"a", {a}}, {"b", {}}}; }
""",
        """#include <cassert>
template <typename T> bool compare(T a, T b){ return a == b; }
int main() {
    vector<int> arg00 = {3, 1, 2};
    vector<int> x0 = ordered(arg00);
    if (!(compare(x0, {1, 2, 3}))) { throw runtime_error("0"); }
    vector<int> arg10 = {3, 1, 2};
    int x1 = total(arg10);
    if (!(compare(x1, 6))) { throw runtime_error("1"); }
    int x2 = root(9);
    if (!(compare(x2, 3))) { throw runtime_error("2"); }
    bool x3 = has(6);
    if (!(compare(x3, true))) { throw runtime_error("3"); }
    assert(tail("abc") == "bc");
    assert(both(1) == tuple<int, string>{1, "x"});
    assert(maybe(1) == 2);
    assert(colour(1) == 1);
    assert(place("abc", 98) == 1);
    assert(place("abc", 120) == -1);
    assert(halves({0.1, 0.2, 0.1}) == set<double>{0.2, 0.1});
    assert(sets(1) == map<string, set<int>>{{"a", {1}}, {"b", {}}});
    return 0;
}
""",
    ),
    "php": (
        "<?php\ndeclare(strict_types=1);\nnamespace App;\nfunction sorted(array &$a): array { sort($a); return $a; }",
        "$arg0 = [2, 1];\n$x0 = sorted($arg0);\n$v0 = [1, 2];\n"
        "function compare($x, $y) { return $x == $y; }\nif (!compare($x0, $v0)) { throw new Exception('0'); }",
    ),
    "ruby": (
        "def mean(a) = a.sum.quo(a.size)",
        "assert_equal(mean([2, 4]), 3)\nassert_equal(mean([2, 3]), 2.5)",
    ),
    "javascript": (
        "function halves(a) { return new Set(a.map((x) => x / 2)); }",
        "const assert = require('assert');\nassert.deepStrictEqual(halves([2, 4]), new Set([2, 1.0]));",
    ),
}


@pytest.mark.docker
@pytest.mark.skipif(docker_problem() is not None, reason=f"Docker: {docker_problem()}")
def test_what_the_scripts_own_comparison_takes_is_taken() -> None:
    async def judged() -> None:
        async with Sandbox(slots=1) as box:
            for language in sorted(RIGHT.keys() & set(built_languages())):
                code, tests = RIGHT[language]
                report = await box.run(Program(code=code, tests=tests, language=language))
                assert (report.verdict, report.proof) == (Verdict.accepted, Proof.isolated), report

    asyncio.run(judged())


def test_a_list_with_more_than_its_items_is_one_for_lodash_alone() -> None:
    got, want = ["l", [["f", "1"]], "odd"], ["l", [["f", "1"]]]
    assert same(got, want, frozenset({"odd"})) and not same(got, want, frozenset())
    assert same(["i", "255", 32], ["i", "255"], frozenset({"truth"}))
    assert same(["i", str(2**64 - 1), 64], ["i", "-1"], frozenset({"truth"}))
    assert not same(["i", str(2**64 - 1)], ["i", "-1"], frozenset({"truth"}))


LOOSE = frozenset({"arrays", "loose"})
"""MBXP's `compare` in PHP, which is `==`."""


@pytest.mark.parametrize(
    ("got", "want", "kind"),
    [
        (["s", "1010"], ["i", "1010"], "ok"),
        (["s", "1e3"], ["f", "1000.0"], "ok"),
        (["i", "1"], ["b", True], "ok"),
        (["i", "0"], ["b", False], "ok"),
        (["l", [["s", "2"], ["i", "1"]]], ["l", [["i", "2"], ["b", True]]], "ok"),
        (["b", True], ["s", "python"], "void"),
        (["b", True], ["i", "1"], "void"),
        (["i", "7"], ["b", True], "void"),
        (["n"], ["b", False], "void"),
        (["n"], ["s", ""], "void"),
        (["l", []], ["b", False], "void"),
        (["l", [["b", True], ["s", "b"]]], ["l", [["s", "a"], ["s", "b"]]], "void"),
        (["b", True], ["s", "0"], "fail"),
        (["i", "0"], ["b", True], "fail"),
        (["s", "abc"], ["i", "0"], "fail"),
        (["s", "10 "], ["s", "10x"], "fail"),
        (["l", [["b", True], ["s", "c"]]], ["l", [["s", "a"], ["s", "b"]]], "fail"),
        (["l", [["i", "1"]]], ["l", []], "fail"),
        (["o", "A"], ["b", True], "fail"),
        (["i", "x"], ["i", "1"], "fail"),
    ],
)
def test_phps_loose_equality_passes_by_content_and_proves_nothing_by_truth(got: Any, want: Any, kind: str) -> None:
    assert decided(((want, LOOSE),), [("value", 0, json.dumps(got))])[0][0] == kind
    if kind == "void":
        strict = decided(((want, frozenset({"arrays"})),), [("value", 0, json.dumps(got))])
        assert strict[0][0] == "fail"
