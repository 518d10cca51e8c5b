"""Test scripts of plain calls in Java and Go, whose kinds of numbers and ways to compare are their own."""

import asyncio

import pytest

from sandbox import Proof, Sandbox, Verdict, apart, docker_problem, jobs
from sandbox.apart.compare import same
from sandbox.containers.image import built_languages
from sandbox.report import Program

CHECKED = {
    "java": (
        """import java.util.*;

class Joined {
    public static String joined(List<String> words, int n) { return String.join("-", words) + (n); }
}
""",
        """

class Main {
    public static boolean compare(Object obj1, Object obj2) {
        if (obj1 == null && obj2 == null){
            return true;
        } else if (obj1 == null || obj2 == null){
            return false;
        } else {
            return obj1.equals(obj2);
        }
    }

    public static void main(String[] args) throws Exception {
        List<String> arg00 = Arrays.asList("quick", "brown");
        int arg01 = 2;
        String x0 = Joined.joined(Arrays.asList("quick", "brown"), 2);
        String v0 = "quick-brown2";
        if (!(compare(x0, v0))) {
            throw new java.lang.Exception("Exception -- test case 0 did not pass. x0 = " + x0);
        }


}
}
""",
    ),
    "go": (
        """package main

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
)

func joined(words []string, n int) string { return strings.Join(words, "-") + fmt.Sprint(n); }
""",
        """

func deepCompare(a interface{}, b interface{}, msg string) bool {
	aJSON, err := json.Marshal(a)
	if err != nil {
		panic(msg)
	}
	bJSON, err := json.Marshal(b)
	if err != nil {
		panic(msg)
	}
	var a2 interface{}
	var b2 interface{}
	err = json.Unmarshal(aJSON, &a2)
	if err != nil {
		panic(msg)
	}
	err = json.Unmarshal(bJSON, &b2)
	if err != nil {
		panic(msg)
	}
	result := reflect.DeepEqual(a2, b2)
	if result {
		return true
	} else {
		panic(msg)
	}
}

func main() {
	actual_1 := joined([]string{"quick", "brown"},2)
	expected_1 := "quick-brown2"
	deepCompare(actual_1, expected_1, "Exception --- test case 0 failed to pass")

}
""",
    ),
}
RIGHT = {
    "java": (
        """import java.math.BigInteger;
import java.util.*;
class Kinds {
    static long grown(int n) { return 10L * n; }
    static Number number(int n) { return n > 1 ? (Number) BigInteger.TEN.pow(n) : (Number) 2.5; }
    static double half(int n) { return n / 2.0; }
    static char letter(String s) { return s.charAt(0); }
    static Map<Integer, List<Object>> counted(List<Integer> l) { return new TreeMap<>(Map.of(1, new ArrayList<>(l), 2, List.of())); }
    static Set<List<Integer>> pairs(int n) { return new HashSet<>(List.of(List.of(n, 2), List.of(3, 4))); }
    static Integer none(Object o) { return null; }
    static List<Double> emptied(List<Double> l) { l.clear(); return l; }
}
""",
        """import java.util.*;
class Main {
    public static boolean compare(Object obj1, Object obj2) {
        if (obj1 == null && obj2 == null){ return true; } else if (obj1 == null || obj2 == null){ return false; }
        else { return obj1.equals(obj2); }
    }
    public static void main(String[] args) throws Exception {
        long x0 = Kinds.grown(4);
        long v0 = 40;
        if (!(compare(x0, v0))) { throw new java.lang.Exception("0"); }
        Number x1 = Kinds.number(20);
        Number v1 = new BigInteger("100000000000000000000");
        if (!(compare(x1, v1))) { throw new java.lang.Exception("1"); }
        Double x2 = Kinds.half(30);
        Double v2 = 1.5E1;
        if (!(compare(x2, v2))) { throw new java.lang.Exception("2"); }
        Map<Integer, List<Object>> x3 = Kinds.counted(Arrays.asList(7));
        Map<Integer, List<Object>> v3 = new HashMap(){{put(2, Arrays.asList());put(1, Arrays.asList(7));}};
        if (!(compare(x3, v3))) { throw new java.lang.Exception("3"); }
        Set<List<Integer>> x4 = Kinds.pairs(1);
        Set<List<Integer>> v4 = new HashSet(){{add(Arrays.asList(3, 4));add(Arrays.asList(1, 2));}};
        if (!(compare(x4, v4))) { throw new java.lang.Exception("4"); }
        Integer x5 = Kinds.none(null);
        Integer v5 = null;
        if (!(compare(x5, v5))) { throw new java.lang.Exception("5"); }
        assert Kinds.half(3) == 1.5;
        assert Kinds.half(4) == 2;
        assert Kinds.letter("abc") == 'a';
        assert Kinds.emptied(new ArrayList<>(Arrays.asList(1.0, 2.0))).equals(List.of());
    }
}
""",
    ),
    "go": (
        """package main
import ("encoding/json"; "reflect")
func halves(a []int) []float64 { out := []float64{}; for _, n := range a { out = append(out, float64(n) / 2) }; return out }
func counted(a []string) map[string][]interface{} { return map[string][]interface{}{"a": {len(a), "x", nil}, "b": {}} }
func placed(n int64) map[int]interface{} { return map[int]interface{}{int(n): true} }
func size(a []int) int32 { return int32(len(a)) }
""",
        CHECKED["go"][1].partition("func main")[0]
        + """
func main() {
	actual_1 := halves([]int{2, 3})
	expected_1 := []float64{1, 1.5}
	deepCompare(actual_1, expected_1, "0")
	actual_2 := counted([]string{"s", "t"})
	expected_2 := map[string][]interface{}{ "b": []interface{}{}, "a": []interface{}{2.0, "x", nil},  }
	deepCompare(actual_2, expected_2, "1")
	actual_3 := placed(4)
	expected_3 := map[string]bool{ "4": true,  }
	deepCompare(actual_3, expected_3, "2")
	assert(size([]int{1, 2}) == 2)
	assertEqual(halves([]int{3}), []float64{1.5})
}
""",
    ),
}
JAVA = frozenset({"exact", "kinds", "nan", "zero"})


@pytest.mark.parametrize(
    ("got", "want", "rules", "equal"),
    [
        (["i", "1", "long"], ["i", "1"], JAVA, False),
        (["i", "1", "long"], ["i", "1", "long"], JAVA, True),
        (["i", "1"], ["i", "1", "big"], JAVA, False),
        (["s", "a", "letter"], ["s", "a"], JAVA, False),
        (["f", "2.0"], ["i", "2"], JAVA, False),
        (["f", "-0.0"], ["f", "0.0"], JAVA, False),
        (["m", [[["f", "1.0E1"], ["n"]]]], ["m", [[["f", "10.0"], ["n"]]]], JAVA, True),
        (["i", "1", "long"], ["f", "1.0"], frozenset(), True),
        (["m", [[["i", "1"], ["n"]]]], ["m", [[["s", "1"], ["n"]]]], frozenset({"json"}), True),
        (["n"], ["l", []], frozenset({"json"}), False),
    ],
)
def test_boxes_and_json_are_compared_as_their_languages_do(
    got: list[object], want: list[object], rules: frozenset[str], equal: bool
) -> None:
    assert same(got, want, rules) is equal


@pytest.mark.parametrize("language", CHECKED)
def test_the_program_that_makes_the_calls_holds_no_expected_value(language: str) -> None:
    code, tests = CHECKED[language]
    script = apart.script(language, code, tests)
    assert script is not None and [want for want, _ in script.wants] == [["s", "quick-brown2"]]
    assert not jobs.shares_a_process(Program(code=code, tests=tests, language=language))
    sources = script.main + "".join(script.files.values())
    assert '"brown"' in sources and "quick-brown2" not in sources


@pytest.mark.parametrize(
    ("language", "test"),
    [
        ("java", 'assert A.f(1) == "text";'),
        ("java", "assert A.f(1) == List.of(1);"),
        ("java", "assert A.f(1).equals(A.g(1));"),
        ("java", "assert A.f(1) == 1 + 1;"),
        ("java", "assert A.other(1) == 1;"),
        ("go", "assert(f(1) == g(2))"),
        ("go", "assert(f(1) == []int{1})"),
        ("go", "assertEqual(f(1), []interface{}{1})"),
        ("go", "assertEqual(f(1), nil)"),
    ],
)
def test_what_compares_otherwise_goes_beside_the_program(language: str, test: str) -> None:
    assert apart.script(language, "f g A", test) is None


@pytest.mark.docker
@pytest.mark.skipif(docker_problem() is not None, reason=f"Docker: {docker_problem()}")
def test_right_programs_are_accepted_and_one_that_answers_otherwise_is_not() -> None:
    async def judged() -> None:
        async with Sandbox(slots=1) as box:
            for language in sorted(CHECKED.keys() & set(built_languages())):
                code, tests = RIGHT[language]
                report = await box.run(Program(code=code, tests=tests, language=language))
                assert (report.verdict, report.proof) == (Verdict.accepted, Proof.isolated), report
                code, tests = CHECKED[language]
                wrong = code.replace("(n);", "(n + 1);").replace("Sprint(n)", "Sprint(n + 1)")
                report = await box.run(Program(code=wrong, tests=tests, language=language))
                assert report.verdict is Verdict.test_failure, report

    asyncio.run(judged())


def test_braces_compared_with_a_variable_have_its_type() -> None:
    from sandbox.apart.recognise import recognise

    tests = (
        "template <typename T> bool compare(T a, T b){\n    return a == b;\n}\n\nint main(int argc, char* argv[]) {\n"
        "    unordered_map<int, int> x0 = counted(3);\n    if (!(compare(x0, {{2, 3}, {1, 2}}))) {\n"
        '        throw runtime_error("0");\n    }\n\n    return 0;\n}\n'
    )
    plan = recognise("cpp", "unordered_map<int, int> counted(int n) { return {{1, 2}, {2, n}}; }", tests)
    assert plan is not None
    assert plan.calls[0].want.value == ["m", [[["i", "2"], ["i", "3"]], [["i", "1"], ["i", "2"]]]]
