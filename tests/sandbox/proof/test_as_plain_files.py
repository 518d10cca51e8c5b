"""What g++, java and `go test` refuse of program and tests as plain files is not accepted, and no right program is refused
for what runs its tests here: names and headers that stand in no file of theirs, and the end of the process.
"""

import asyncio
import random

import pytest

from sandbox import Proof, Sandbox, Verdict, docker_problem, jobs
from sandbox.containers.image import built_languages
from sandbox.languages.control import controls
from sandbox.languages.table import LANGUAGES
from sandbox.report import Limits, Program, Report

docker = pytest.mark.skipif(docker_problem() is not None, reason=f"Docker: {docker_problem()}")
ROOM = Limits(cpu_s=10, wall_s=15, memory_bytes=1 << 30)
CPP_HALF = "#include <cassert>\nint main() {\n    assert(half(8) == 4);\n    assert(half(9) == 4);\n}\n"
JAVA_HALF = "public class Main {\n    public static void main(String[] args) throws Exception {\n        assert Solution.half(8) == 4;\n        assert Solution.half(9) == 4;\n    }\n}\n"
GO_HALF = 'package main\n\nimport "testing"\n\nfunc TestHalf(t *testing.T) {\n\tif got := Half(8); got != 4 {\n\t\tt.Errorf("got %v", got)\n\t}\n}\n'

WRONG = {
    "cpp: headers of the tests, which stand below it": (
        "cpp",
        "int total(std::vector<int> v) { int s = 0; for (int x : v) s += x; return s; }\n",
        "#include <cassert>\n#include <vector>\nint main() {\n    assert(total({1, 2}) == 3);\n}\n",
    ),
    "cpp: headers of what runs it": ("cpp", "int half(int n) { if (n < 0) exit(3); return n / 2; }\n", CPP_HALF),
    "cpp: a status after the last test": (
        "cpp",
        "#include <unistd.h>\nstruct Last { ~Last() { _exit(1); } } last;\nint half(int n) { return n / 2; }\n",
        CPP_HALF,
    ),
    "cpp: a thread that is never joined": (
        "cpp",
        "#include <thread>\nstd::thread worker([] {});\nint half(int n) { return n / 2; }\n",
        CPP_HALF,
    ),
    "java: imports of the tests": (
        "java",
        "class Solution { static List<Integer> twice(int n) { return List.of(n, n); } }\n",
        "import java.util.*;\npublic class Main {\n    public static void main(String[] args) {\n        assert Solution.twice(2).equals(List.of(2, 2));\n    }\n}\n",
    ),
    "java: an assert of its own that must hold": (
        "java",
        "class Solution { static int half(int n) { try { assert n > 100; } catch (AssertionError e) { return n / 2; } return 0; } }\n",
        JAVA_HALF,
    ),
    "java: recursion deeper than its stack": (
        "java",
        "class Solution { static int down(int n) { return n == 0 ? 0 : 1 + down(n - 1); } static int half(int n) { return n / 2 + down(60000) - 60000; } }\n",
        JAVA_HALF,
    ),
    "java: a hook that ends with another status": (
        "java",
        "class Solution { static { Runtime.getRuntime().addShutdownHook(new Thread(() -> Runtime.getRuntime().halt(3))); } static int half(int n) { return n / 2; } }\n",
        JAVA_HALF,
    ),
    "java: a thread that never ends": (
        "java",
        "class Solution { static int half(int n) { new Thread(() -> { while (true) try { Thread.sleep(1000); } catch (Exception e) {} }).start(); return n / 2; } }\n",
        JAVA_HALF,
    ),
    "java: a package that the tests do not import": (
        "java",
        "package other;\npublic class Solution { public static int half(int n) { return n / 2; } }\n",
        JAVA_HALF,
    ),
    "java: a class of what runs it": (
        "java",
        "class Solution { static int half(int n) { LabAssert.assertTrue(n > 0); return n / 2; } }\n",
        JAVA_HALF,
    ),
    "go: a word of what runs it": (
        "go",
        "package main\n\nfunc Half(n int) int { assert(n > 0); return n / 2 }\n",
        "assert(Half(8) == 4)\nassert(Half(9) == 4)\n",
    ),
    "go: an import of the tests": (
        "go",
        "package main\n\nfunc Up(s string) string { return strings.ToUpper(s) }\n",
        'package main\n\nimport (\n\t"strings"\n\t"testing"\n)\n\nfunc TestUp(t *testing.T) {\n\tif Up("a") != strings.ToUpper("a") {\n\t\tt.Error("no")\n\t}\n}\n',
    ),
    "go: an example that fails": (
        "go",
        "package main\n\nfunc Half(n int) int { return n / 2 }\n",
        GO_HALF.replace('import "testing"', 'import (\n\t"fmt"\n\t"testing"\n)')
        + "\nfunc ExampleHalf() {\n\tfmt.Println(Half(3))\n\t// Output: 2\n}\n",
    ),
}
RIGHT = {
    "cpp: a name of a header that it does not include": (
        "cpp",
        "#include <iostream>\nusing namespace std;\nint gcd(int a, int b) { return b ? gcd(b, a % b) : a; }\nint half(int n) { return gcd(n, n) / 2; }\n",
        CPP_HALF,
    ),
    "cpp: a test that is disabled": (
        "cpp",
        "int half(int n) { return n / 2; }\n",
        "#include <gtest/gtest.h>\nTEST(Half, even) { EXPECT_EQ(half(8), 4); }\nTEST(Half, DISABLED_odd) { EXPECT_EQ(half(9), 5); }\n",
    ),
    "cpp: EXPECT_PRED1": (
        "cpp",
        "bool even(int n) { return n % 2 == 0; }\n",
        "#include <gtest/gtest.h>\nTEST(Even, four) { EXPECT_PRED1(even, 4); EXPECT_FALSE(even(3)); }\n",
    ),
    "java: a class named Test": (
        "java",
        "class Test { static int of(int n) { return n / 2; } }\nclass Solution { static int half(int n) { return Test.of(n); } }\n",
        JAVA_HALF,
    ),
    "java: a class named Lab": (
        "java",
        "class Lab { static int of(int n) { return n / 2; } }\nclass Solution { static int half(int n) { return Lab.of(n); } }\n",
        JAVA_HALF,
    ),
    "java: an assert of its own that does not hold": (
        "java",
        "class Solution { static int half(int n) { assert n > 100; return n / 2; } }\n",
        JAVA_HALF,
    ),
    "java: a package that the tests import": (
        "java",
        "package other;\npublic class Solution { public static int half(int n) { return n / 2; } }\n",
        f"import other.Solution;\n{JAVA_HALF}",
    ),
    "java: nothing and something in one method": (
        "java",
        "class Numbers { static Integer boxed(int n) { return n == 0 ? null : n; } }\n",
        "import org.junit.jupiter.api.Test;\nimport static org.junit.jupiter.api.Assertions.*;\n\nclass BoxedTest {\n    @Test\n    void zeroIsNull() {\n"
        "        assertNull(Numbers.boxed(0));\n        assertNotNull(Numbers.boxed(1));\n        assertEquals(7, Numbers.boxed(7));\n    }\n}\n",
    ),
    "go: an assert of the tests' own": (
        "go",
        "package main\n\nfunc Half(n int) int { return n / 2 }\n",
        'package main\n\nimport "testing"\n\nfunc assert(t *testing.T, ok bool) {\n\tif !ok {\n\t\tt.Fatal("no")\n\t}\n}\n\nfunc TestHalf(t *testing.T) {\n\tassert(t, Half(8) == 4)\n}\n',
    ),
    "rust: a function that asserts, called by two tests": (
        "rust",
        "fn half(n: i32) -> i32 { n / 2 }\n",
        "fn check(n: i32, want: i32) {\n    assert_eq!(half(n), want);\n}\n\n#[test]\nfn even() {\n    check(8, 4);\n}\n\n#[test]\nfn odd() {\n    check(9, 4);\n}\n",
    ),
}
UNFIT = {
    "cpp: a framework": (
        "cpp",
        "int half(int n) { return n / 2; }\n",
        "#include <boost/test/included/unit_test.hpp>\nBOOST_AUTO_TEST_CASE(one) { BOOST_TEST(half(4) == 2); }\n",
        "boost/test/included/unit_test.hpp",
    ),
    "cpp: a test that should fail": (
        "cpp",
        "int half(int n) { return n / 2; }\n",
        '#include <catch2/catch.hpp>\nTEST_CASE("odd", "[!shouldfail]") { REQUIRE(half(9) == 5); }\n',
        "[!shouldfail]",
    ),
    "java: a library": (
        "java",
        "class Solution { static int half(int n) { return n / 2; } }\n",
        "import org.junit.jupiter.api.Test;\nimport static org.mockito.Mockito.*;\nclass HalfTest {\n    @Test void half() { verify(null); }\n}\n",
        "org.mockito",
    ),
    "go: a library": (
        "go",
        "package main\n\nfunc Half(n int) int { return n / 2 }\n",
        'package main\n\nimport (\n\t"testing"\n\n\t"github.com/stretchr/testify/require"\n)\n\nfunc TestHalf(t *testing.T) {\n\trequire.Equal(t, 4, Half(8))\n}\n',
        "github.com/stretchr/testify/require",
    ),
    "go: TestMain": (
        "go",
        "package main\n\nfunc Half(n int) int { return n / 2 }\n",
        GO_HALF + "\nfunc TestMain(m *testing.M) { m.Run() }\n",
        "TestMain",
    ),
    "go: a package of their own": (
        "go",
        "package half\n\nfunc Half(n int) int { return n / 2 }\n",
        GO_HALF.replace("package main", "package half_test"),
        "half_test",
    ),
    "go: a type that the program needs": (
        "go",
        "package main\n\nfunc Value(n *Node) int { return n.V }\n",
        'package main\n\nimport "testing"\n\ntype Node struct{ V int }\n\nfunc TestValue(t *testing.T) {\n\tif got := Value(&Node{3}); got != 3 {\n\t\tt.Errorf("got %v", got)\n\t}\n}\n',
        "Node",
    ),
}


def judged(language: str, code: str, tests: str) -> Report:
    if language not in built_languages():
        pytest.skip(f"no image of {language}")

    async def once() -> Report:
        async with Sandbox(slots=1) as box:
            return await box.run(Program(code, tests, language=language), limits=ROOM)

    return asyncio.run(once())


@pytest.mark.docker
@docker
@pytest.mark.parametrize("name", WRONG)
def test_what_its_own_compiler_or_its_end_refuses_is_not_accepted(name: str) -> None:
    assert judged(*WRONG[name]).verdict is not Verdict.accepted


@pytest.mark.docker
@docker
@pytest.mark.parametrize("name", RIGHT)
def test_a_right_program_is_accepted_whatever_runs_its_tests(name: str) -> None:
    report = judged(*RIGHT[name])
    assert report.verdict is Verdict.accepted, report.feedback()


@pytest.mark.docker
@docker
@pytest.mark.parametrize("name", UNFIT)
def test_tests_that_cannot_be_run_here_are_not_blamed_on_the_program(name: str) -> None:
    language, code, tests, why = UNFIT[name]
    report = judged(language, code, tests)
    assert report.verdict is Verdict.untested
    assert why in report.detail


def test_what_a_function_of_the_tests_asserts_fails_where_it_is_called() -> None:
    _, code, tests = RIGHT["rust: a function that asserts, called by two tests"]
    units = jobs.assembled(LANGUAGES["rust"], Program(code, tests, language="rust")).units
    made = controls(tests, units, "rust", random.Random(1))
    assert made
    assert all(control.places == {7, 12} for control in made)


def test_each_method_of_a_junit_class_is_a_test_whatever_line_it_is_on() -> None:
    tests = "import org.junit.jupiter.api.Test;\nclass HalfTest {\n    @Test void one() { f(); }\n    @Test void two() { f(); }\n}\n"
    units = LANGUAGES["java"].assemble("class A {}", tests).units  # type: ignore[misc]
    assert [name for _, name in units[:-1]] == ["one()", "two()"]


def test_the_program_stands_above_whatever_its_tests_and_their_harness_include() -> None:
    script = jobs.assembled(LANGUAGES["cpp"], Program("int half(int n);", CPP_HALF, language="cpp"), jobs.Way.together)
    assert script.main.index("int half") < script.main.index("#include")
    java = jobs.assembled(
        LANGUAGES["java"], Program("class Solution {}", JAVA_HALF, language="java"), jobs.Way.together
    )
    assert "Solution.java" in java.files
    assert "class Solution" not in java.main


@pytest.mark.docker
@docker
def test_what_was_compared_apart_is_isolated_still() -> None:
    assert judged("cpp", "int half(int n) { return n / 2; }\n", CPP_HALF).proof is Proof.isolated
