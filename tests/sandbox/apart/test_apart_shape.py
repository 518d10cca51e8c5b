"""Test scripts that their own language would refuse, and programs that its compiler refuses to compare."""

import asyncio

import pytest

from sandbox import Proof, Sandbox, Verdict, docker_problem
from sandbox.apart.compare import same
from sandbox.apart.recognise import recognise
from sandbox.apart.shape import sound
from sandbox.containers.image import built_languages
from sandbox.report import Program

GO = 'func Test{}(t *testing.T) {{\n\tif f({}) != 4 {{ t.Errorf("no") }}\n}}\n'
JUNIT = "import org.junit.{}.Test;\nclass FTest {{\n    @Test\n    public void {}() {{\n        {}\n    }}\n"
UNSOUND: list[tuple[str, str]] = [
    ("javascript", "test('x', () => {\n  expect(f(1)).toBe(2);\n"),
    ("cpp", "int main() {\n    assert(f(2) == 4);"),
    ("cpp", "int main() {\n    int arg = 2;\n    int x0 = f(arg);\n    int arg = 3;\n}"),
    ("java", JUNIT.format("jupiter.api", "a", "assertEquals(4, F.f(2));")),
    ("java", JUNIT.format("jupiter.api", "a", "") + "    @Test\n    public void a() {\n    }\n}"),
    ("go", GO.format("F", 2) + GO.format("F", 3)),
    ("go", GO.format("F", 2) + "func TestG(t *testing.T) {\n\targ := 2\n}\n"),
    ("go", "func TestG(t *testing.T) {\n\targ := 2\n\tf(arg)\n}\n" + GO.format("F", "arg")),
    ("go", "func main() {\n\targ := 2\n\tf(arg)\n\targ := 3\n}\n"),
    ("go", "func TestF(t *testing.T) {\n\tassert.Equal(4, f(2))\n}\n"),
]


@pytest.mark.parametrize(("language", "tests"), UNSOUND)
def test_tests_that_nothing_could_run_are_not_read_as_calls(language: str, tests: str) -> None:
    assert not sound(language, tests)
    assert recognise(language, "class F { int f(int n) { return n; } }", tests) is None


@pytest.mark.parametrize(
    ("language", "tests"),
    [
        ("go", GO.format("F", 2) + GO.format("G", 3)),
        ("go", "func TestF(t *testing.T) {\n\tassert := assert.New(t)\n\tassert.Equal(4, f(2)) // it's (\n}\n"),
        ("cpp", 'int main() {\n    auto s = "}";\n    assert(f(s) == 4);\n}'),
        ("ruby", "assert_equal('(', f(1)) # it's {\n"),
    ],
)
def test_brackets_in_texts_and_comments_close_nothing(language: str, tests: str) -> None:
    assert sound(language, tests)


@pytest.mark.parametrize("written", ["Map.of(1, 2, 1, 3)", "List.of(1, null)", "Set.of(2, 2)"])
def test_a_collection_that_java_refuses_is_none_that_is_known(written: str) -> None:
    tests = JUNIT.format("jupiter.api", "a", f"assertEquals({written}, F.f(2));") + "}"
    assert recognise("java", "class F { static Object f(int n) { return n; } }", tests) is None


def test_what_is_off_by_exactly_the_tolerance_is_not_below_it() -> None:
    assert not same(["f", "0.01"], ["f", "0.0"], frozenset({"below 0.01"}))
    assert same(["f", "0.009"], ["f", "0.0"], frozenset({"below 0.01"}))
    assert same(["f", "0.01"], ["f", "0.0"], frozenset({"near 0.01"}))


def test_of_two_equal_keys_the_first_counts_in_cpp() -> None:
    plan = recognise("cpp", "f", "int main() {\n    assert(f(2) == std::map<int, int>({{1, 2}, {1, 3}}));\n}")
    assert plan is not None and plan.calls[0].want.value == ["m", [[["i", "1"], ["i", "2"]]]]


CPP = "#include <cassert>\n#include <cmath>\n#include <vector>\nusing namespace std;\n"
SAME = (
    "bool issame(vector<int> a,vector<int>b){ if (a.size()!=b.size()) return false; "
    "for (int i=0;i<a.size();i++) { if (a[i]!=b[i]) return false; } return true; }\n"
)
JAVA = "class Main {{\n    public static void main(String[] args) {{\n        {}\n    }}\n}}"
LISTED = (
    "public class Main {\n    public static void main(String[] args) {\n        Solution s = new Solution();\n"
    "        List<Boolean> correct = Arrays.asList(\n                s.f(1).equals(Arrays.asList(1)),\n"
    "                s.f(2).equals(Arrays.asList(1, 2))\n        );\n        if (correct.contains(false)) {\n"
    "            throw new AssertionError();\n        }\n    }\n}"
)
UTIL = "import java.util.*;\n"
REFUSED = [
    (
        "cpp",
        CPP + "vector<double> f(int n) { return {1.0, (double)n}; }",
        CPP + SAME + "int main(){\n    assert (issame(f(2) , {1, 2}));\n}",
    ),
    ("cpp", "unsigned f(int n) { return n; }", CPP + "int main() {\n    assert(abs(f(2) - 2) < 0.01);\n}"),
    (
        "cpp",
        "int f(int n, int more = 0) { return n + more; }",
        CPP + "int main() {\n    auto candidate = f;\n    assert(candidate((3)) == (3));\n}",
    ),
    (
        "cpp",
        CPP + "struct Bag : vector<int> {};\nbool operator==(const Bag&, const vector<int>&) { return false; }\n"
        "Bag f(int n) { Bag made; made.push_back(n); return made; }",
        CPP + "int main() {\n    assert(f(2) == vector<int>({2}));\n}",
    ),
    ("java", "class F { static Object f(int n) { return n * 1000; } }", JAVA.format("assert F.f(2) == 2000;")),
    ("java", "class F { static Object f(int n) { return n > 1; } }", JAVA.format("assert F.f(2);")),
    ("java", "class F { static int f(int n) { return n; } }", JAVA.format("assert F.f(2).equals(2);")),
    ("java", "class F { static int f(int n) throws Exception { return n; } }", JAVA.format("assert F.f(2) == 2;")),
    (
        "java",
        UTIL
        + "class Solution { List<Integer> l = new ArrayList<>(); List<Integer> f(int n) { for (int i = 1; i <= n; i++)"
        " l.add(i); return l; } }",
        LISTED,
    ),
    (
        "java",
        "class F { static double f(int n) { return n / 4.0; } }",
        "import static org.junit.Assert.*;\nimport org.junit.Test;\npublic class FTest {\n    @Test\n"
        "    public void a() {\n        assertEquals(0.5, F.f(2));\n    }\n}",
    ),
    (
        "java",
        UTIL
        + "class F { static class Bag extends ArrayList<Integer> { public boolean equals(Object o) { return o == this; } }\n"
        "static List<Integer> f(int n) { List<Integer> b = new Bag(); b.add(n); return b; } }",
        UTIL + JAVA.format("assert F.f(2).equals(List.of(2));"),
    ),
    (
        "go",
        "package main\nfunc f(n int) interface{} { return true }",
        'func TestF(t *testing.T) {\n\tif !f(2) { t.Errorf("no") }\n}',
    ),
    ("go", "package main\ntype Truth bool\nfunc f(n int) Truth { return true }", "assert(f(2))"),
]
HELD = [
    (
        "cpp",
        CPP + "vector<int> f(int n) { return {1, n}; }",
        CPP + SAME + "int main(){\n    assert (issame(f(2) , {1, 2}));\n    assert (issame(f(3) , {1, 3}));\n}",
    ),
    (
        "cpp",
        "double f(int n) { return n; }",
        CPP + "int main() {\n    auto candidate = f;\n    assert(abs(candidate(2) - 2.0) < 0.01);\n}",
    ),
    (
        "java",
        UTIL + "class Solution { List<Integer> f(int n) { List<Integer> l = new ArrayList<>() {{ add(1); }}; "
        "if (n > 1) l.add(2); return l; } }",
        LISTED,
    ),
    (
        "java",
        "import java.util.function.*;\nclass F { static double f(int n) { return n * 1.5; } static BooleanSupplier g(int n) { return () -> n > 1; } }",
        "import static org.junit.jupiter.api.Assertions.*;\nimport org.junit.jupiter.api.Test;\n"
        "class FTest {\n    @Test\n    void a() throws Exception {\n"
        "        assertEquals(3, F.f(2));\n        assertTrue(F.g(2));\n    }\n}",
    ),
    ("go", "package main\nfunc f(n int) bool { return true }", "assert(f(2))"),
]
needed = pytest.mark.skipif(docker_problem() is not None, reason=f"Docker: {docker_problem()}")


def here(cases: list[tuple[str, str, str]]) -> list[tuple[str, str, str]]:
    """Those in languages that have an image on this machine; C++ always has one where the suite is run."""
    return [case for case in cases if case[0] in built_languages()]


def verdicts(cases: list[tuple[str, str, str]]) -> list[tuple[Verdict, Proof]]:
    async def all_of_them() -> list[tuple[Verdict, Proof]]:
        async with Sandbox(slots=2) as box:
            made = [Program(code=code, tests=tests, language=language) for language, code, tests in cases]
            reports = await asyncio.gather(*(box.run(one) for one in made))
            return [(one.verdict, one.proof) for one in reports]

    return asyncio.run(all_of_them())


@pytest.mark.docker
@needed
def test_what_the_compiler_or_the_language_refuses_to_compare_is_refused() -> None:
    cases = here(REFUSED)
    assert [
        case for case, (verdict, _) in zip(cases, verdicts(cases), strict=True) if verdict is Verdict.accepted
    ] == []


@pytest.mark.docker
@needed
def test_what_it_compares_is_still_compared_apart() -> None:
    cases = here(HELD)
    assert verdicts(cases) == [(Verdict.accepted, Proof.isolated)] * len(cases)
