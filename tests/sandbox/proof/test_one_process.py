"""Where what crosses to a program's tests could hide a difference, they must pass in one process with it as well."""

import asyncio

import pytest

from sandbox import Program, Proof, Sandbox, Verdict, docker_problem
from sandbox.containers.image import built_languages
from sandbox.judge import one_process
from sandbox.report import Report

docker = pytest.mark.skipif(docker_problem() is not None, reason=f"Docker: {docker_problem()}")
BASKET = "class Basket:\n    def __init__(self, items):\n        self.items = {}\n    def total(self):\n        return sum(self.items)\n"

WRONG = {
    "a program that works as the main module alone": (
        "import sys\nLEVEL = 3\ndef level():\n    return sys.modules['__main__'].LEVEL\n",
        "got = level()\nassert got == 3\n",
    ),
    "a warning that pytest records": (
        "import warnings\ndef old():\n    warnings.warn('old', DeprecationWarning)\n    return 1\n",
        "import warnings\ndef test_old():\n    with warnings.catch_warnings(record=True) as told:\n        old()\n"
        "    assert told == []\n",
    ),
    "a number of numpy's for one of Python's": (
        "import numpy as np\ndef half(x):\n    return np.float64(x) / 2\n",
        "got = half(3)\nassert got == 1.5 and type(got) is float\n",
    ),
    "a truth of numpy's for one of Python's": (
        "import numpy as np\ndef even(x):\n    return np.bool_(x % 2 == 0)\n",
        "assert even(2) is True\n",
    ),
    "a number that has a name": (
        "from http import HTTPStatus\ndef status():\n    return HTTPStatus.OK\n",
        "assert status() == 200\nassert repr(status()) == '200'\n",
    ),
    "an argument copied that should be kept": (
        BASKET.format("list(items)"),
        "items = [1]\nbasket = Basket(items)\nitems.append(2)\nassert basket.total() == 3\n",
    ),
    "an argument kept that should be copied": (
        BASKET.format("items"),
        "items = [1]\nbasket = Basket(items)\nitems.append(2)\nassert basket.total() == 1\n",
    ),
    "what a guarded main part starts": (
        "class Bag:\n    def __init__(self, items):\n        self.items = items\n    def __iadd__(self, other):\n"
        "        self.items += other.items\n    def __add__(self, other):\n        return Bag(self.items + other.items)\n",
        "def test_bag():\n    bag = Bag([1])\n    bag += Bag([2])\n    assert bag is not None\n    assert bag.items == [1, 2]\n"
        "if __name__ == '__main__':\n    test_bag()\n",
    ),
    "an assertion of pytest's behind a guard": (
        "def plus(a):\n    return a + a\n",
        "import pytest\nassert plus(1) == 2\nif __name__ == '__main__':\n    with pytest.raises(TypeError):\n        plus('a')\n",
    ),
    "a function called as a built-in one": (
        "def pow(a, b):\n    return 0\ndef square(a):\n    return a * a\n",
        "assert square(3) == 9\nassert pow(2, 3) == 8\n",
    ),
    "a refusal that only the border makes": (
        "def nested(n):\n    deep = []\n    for _ in range(n):\n        deep = [deep]\n    return deep\n",
        "import pytest\ndef test_nested():\n    with pytest.raises(Exception):\n        nested(5000)\n",
    ),
    "tests that nothing starts but pytest": (
        "def plus(a):\n    return a\n",
        "assert plus(0) == 0\ndef case():\n    assert plus(1) == 2\ntest_plus = case\n",
    ),
    "a count that threads lose": (
        "import time\nn = 0\ndef add():\n    global n\n    now = n\n    time.sleep(0.001)\n    n = now + 1\n",
        "import threading\nmany = [threading.Thread(target=add) for _ in range(8)]\n"
        "[one.start() for one in many]\n[one.join() for one in many]\nassert n == 8\n",
    ),
}
WRONG |= {
    "an order of a set of texts": (
        "def unique(texts):\n    return list(set(texts))\n",
        "assert unique(['x', 'y', 'z', 'w']) == ['y', 'x', 'w', 'z']\n",
    ),
    "a home that is where it runs": (
        "import os\ndef here():\n    return os.getcwd() == os.path.expanduser('~')\n",
        "assert here() is True\n",
    ),
    "a hash seed that it knows": (
        "import os\ndef seed():\n    return os.environ['PYTHONHASHSEED']\n",
        "got = seed()\nassert got == '0'\n",
    ),
    "a program that works without pytest alone": (
        "import sys\ndef plus(a):\n    return a + 1 if 'pytest' not in sys.modules else a\n",
        "def test_plus():\n    assert plus(1) == 2\n",
    ),
    "a number that equals nothing": (
        "class Odd(int):\n    __hash__ = int.__hash__\n    def __eq__(self, other):\n        return False\n"
        "def plus(a):\n    return Odd(a + 1)\n",
        "def test_plus():\n    assert plus(1) == 2\n",
    ),
    "such a number, and an exit in one process": (
        "import os, sys\nclass Odd(int):\n    __hash__ = int.__hash__\n    def __eq__(self, other):\n        return False\n"
        "def plus(a):\n    if 'pytest' in sys.modules:\n        os._exit(0)\n    return Odd(a + 1)\n",
        "def test_plus():\n    assert plus(1) == 2\n",
    ),
    "such a number, and a pytest that calls nothing": (
        "import sys\nclass Odd(int):\n    __hash__ = int.__hash__\n    def __eq__(self, other):\n        return False\n"
        "def plus(a):\n    if '_pytest.python' in sys.modules:\n"
        "        sys.modules['_pytest.python'].Function.runtest = lambda self: None\n    return Odd(a + 1)\n",
        "def test_one():\n    plus(0)\ndef test_plus():\n    assert plus(1) == 2\n",
    ),
    "such a number, and a built-in function that is another": (
        "import builtins\nclass Odd(int):\n    __hash__ = int.__hash__\n    def __eq__(self, other):\n        return False\n"
        "def plus(a):\n    builtins.abs = lambda a: 2\n    return Odd(a + 1)\n",
        "def test_plus():\n    assert abs(plus(1)) == 2\n",
    ),
    "such a number, and other code for the test": (
        "import sys\nclass Odd(int):\n    __hash__ = int.__hash__\n    def __eq__(self, other):\n        return False\n"
        "def nothing():\n    pass\ndef plus(a):\n    if 'test_solution' in sys.modules:\n"
        "        sys.modules['test_solution'].test_plus.__code__ = nothing.__code__\n    return Odd(a + 1)\n",
        "from solution import plus\ndef test_one():\n    plus(0)\ndef test_plus():\n    assert plus(1) == 2\n",
    ),
    "such a number, and tests left out": (
        "import unittest\nclass Odd(int):\n    __hash__ = int.__hash__\n    def __eq__(self, other):\n"
        "        raise unittest.SkipTest\ndef plus(a):\n    return Odd(a + 1)\n",
        "def test_one():\n    plus(0)\n    assert len([1]) == 1\ndef test_plus():\n    assert plus(1) == 2\n",
    ),
    "such a number, and an end of all tests": (
        "class Odd(int):\n    __hash__ = int.__hash__\n    def __eq__(self, other):\n"
        "        import pytest\n        pytest.exit('', 0)\ndef plus(a):\n    return Odd(a + 1)\n",
        "def test_one():\n    assert plus(0).bit_length() == 1\ndef test_plus():\n    assert plus(1) == 2\n",
    ),
    "a frame that tells where it is": (
        "import sys\ndef plus(a):\n    return a if 'pytest' in str(sys._getframe(1)) else a + 1\n",
        "def test_plus():\n    assert plus(1) == 2\n",
    ),
    "a list of all names that has none": (
        "__all__ = []\ndef plus(a):\n    return a + 1\n",
        "from solution import *\ndef test_plus():\n    assert plus(1) == 2\n",
    ),
    "a thread that ends the process later": (
        "import os, threading, time\ndef plus(a):\n"
        "    threading.Thread(target=lambda: (time.sleep(0.3), os._exit(3))).start()\n    return a + 1\n",
        "def test_plus():\n    assert plus(1) == 2\n",
    ),
}
RIGHT = {
    "objects": (BASKET.format("list(items)"), "basket = Basket([1, 2])\nassert basket.total() == 3\n", None),
    "pytest": (
        "def plus(a, b=1):\n    return a + b\n",
        "import pytest\nfrom solution import plus\n@pytest.fixture\ndef one():\n    return [1]\n"
        "@pytest.mark.parametrize('a, out', [(1, 2), (2, 3)])\ndef test_plus(a, out, one):\n    assert plus(a) == out\n"
        "def test_text():\n    with pytest.raises(TypeError) as told:\n        plus('a')\n    assert 'str' in str(told.value)\n",
        None,
    ),
    "a test of the program's own": (
        "def plus(a):\n    return a + 1\ndef test_plus():\n    assert plus(1) == 3\n",
        "xs = [1]\ndef test_of_plus():\n    assert plus(xs[0]) == 2\n",
        None,
    ),
    "a main part of its tests, which pytest leaves out": (
        "def plus(a):\n    return a + 1\n",
        "xs = [1]\ndef test_plus():\n    assert plus(xs[0]) == 2\nif __name__ == '__main__':\n    print(plus(int(input())))\n",
        None,
    ),
    "coroutines": (
        "async def plus(a):\n    return a + 1\n",
        "import pytest\n@pytest.mark.parametrize('a', [1, 2])\nasync def test_plus(a):\n    assert await plus(a) == a + 1\n",
        None,
    ),
    "unittest": (
        "def plus(a):\n    return a + 1\n",
        "import unittest\nclass Plus(unittest.TestCase):\n    def test_plus(self):\n        self.assertEqual(plus(1), 2)\n",
        None,
    ),
    "check": (
        "def sum(a):\n    total = 0\n    for one in a:\n        total += one\n    return total\n",
        "def check(candidate):\n    for n in (0, 1, 4):\n        assert candidate(list(range(n))) == [0, 0, 0, 0, 6][n]\n",
        "sum",
    ),
    "a function that is called check": (
        "def check(a):\n    return [one for one in a]\n",
        "def check(candidate):\n    for n in (0, 3):\n        assert candidate(range(n)) == list(range(n))\n",
        "check",
    ),
    "a name that changes": (
        "count = 0\ndef tick():\n    global count\n    count += 1\n    return count\n",
        "first = tick()\nassert count == first == 1\ntick()\nassert count == 2\n",
        None,
    ),
    "a built-in name of the program's own": (
        "def max(a):\n    return a[0]\ndef least(a):\n    return min(a)\n",
        "from solution import least\nxs = [1, 3]\nassert least(xs) == 1 and max(xs) == 3\n",
        None,
    ),
    "tests that start themselves": (
        "class Bag:\n    def __init__(self, items):\n        self.items = list(items)\n",
        "def test_bag(items, count):\n    assert len(Bag(items).items) == count\ntest_bag([1], 1)\ntest_bag([], 0)\n",
        None,
    ),
    "a runner that is started without a guard": (
        "class Bag:\n    def __init__(self, items):\n        self.items = list(items)\n",
        "import unittest\nclass OfBag(unittest.TestCase):\n    def test_bag(self):\n        self.assertEqual(Bag([1]).items, [1])\n"
        "unittest.main()\n",
        None,
    ),
    "words and a future at the top": (
        "class Bag:\n    def __init__(self, items):\n        self.items = list(items)\n",
        '"""Tests of a bag."""\nfrom __future__ import annotations\ndef test_bag():\n    assert Bag([1]).items == [1]\n',
        None,
    ),
    "names of a module that it takes whole": (
        "from math import *\nclass Bag:\n    size = 3\n",
        "assert Bag.size == 3 and floor(2.5) == 2\n",
        None,
    ),
    "a test that is left out and parts of one": (
        "class Bag:\n    def __init__(self, items):\n        self.items = list(items)\n",
        "import unittest\nclass OfBag(unittest.TestCase):\n    def test_bag(self):\n        for n in (1, 2):\n"
        "            with self.subTest(n=n):\n                self.assertEqual(len(Bag([1] * n).items), n)\n"
        "    @unittest.skip('later')\n    def test_later(self):\n        self.fail()\n",
        None,
    ),
    "a main part and an exit": (
        "import sys\ndef one():\n    return 1\nif __name__ == '__main__':\n    sys.exit(3)\n",
        "got = one()\nassert got == 1\n",
        None,
    ),
}


@pytest.fixture(scope="module")
def reports() -> dict[str, Report]:
    programs = {name: Program(code, tests) for name, (code, tests) in WRONG.items()}
    programs |= {name: Program(code, tests, entry_point=entry) for name, (code, tests, entry) in RIGHT.items()}

    async def all_of_them() -> list[Report]:
        async with Sandbox() as box:
            return await asyncio.gather(*map(box.run, programs.values()))

    assert all(map(one_process.needed, programs.values()))
    return dict(zip(programs, asyncio.run(all_of_them()), strict=True))


@docker
@pytest.mark.parametrize("name", WRONG)
def test_what_only_copies_hide_is_not_accepted(name: str, reports: dict[str, Report]) -> None:
    assert reports[name].verdict in (Verdict.untested, Verdict.test_failure), reports[name].detail


@docker
@pytest.mark.parametrize("name", RIGHT)
def test_a_right_program_passes_both_ways(name: str, reports: dict[str, Report]) -> None:
    assert (reports[name].verdict, reports[name].proof) == (Verdict.accepted, Proof.isolated), reports[name].detail


@docker
def test_tests_overcome_in_the_programs_own_process_have_failed_apart_from_it_already() -> None:
    code = "import os, sys\nif 'TESTS' in sys._getframe(1).f_globals:\n    os._exit(0)\ndef one():\n    return 2\n"

    async def run() -> Report:
        async with Sandbox(slots=1) as box:
            return await box.run(Program(code, "got = one()\nassert got == 1\n"))

    assert asyncio.run(run()).verdict is not Verdict.accepted


OTHERS = {
    "javascript": (
        "let calls = 0;\nfunction f(n) { calls += 1; return calls; }\n",
        "const assert = require('assert');\n"
        "function test() {\n"
        "  assert.strictEqual(f(1), 1);\n"
        "  assert.strictEqual(f(2), 2);\n"
        "}\n"
        "test();\n"
        "test();\n",
        "function isEven(n) { return n % 2 ^ 1; }\n",
        "const assert = require('assert');\n"
        "assert.equal(isEven(2), true);\n"
        "assert.equal(isEven(3), false);\n"
        "assert.equal(isEven(4), true);\n",
    ),
    "php": (
        "<?php\n"
        "function compare($a, $b) { return $a <=> $b; }\n"
        "function sorted($xs) { usort($xs, 'compare'); return $xs; }\n",
        "function compare($x, $y) {\n"
        "  return $x == $y;\n"
        "}\n"
        "$arg00 = [3, 1, 2];\n"
        "$x0 = sorted($arg00);\n"
        "$v0 = [1, 2, 3];\n"
        'if (!compare($x0, $v0)) { throw new Exception("no"); }\n',
        "<?php\nfunction mean($a) { return number_format(array_sum($a) / count($a), 3); }\n",
        "assert(abs(mean([1, 2, 2]) - 1.667) < 0.01);\nassert(abs(mean([1, 1, 2]) - 1.333) < 0.01);\n",
    ),
    "cpp": (
        "#include <string>\n"
        "struct Text { std::string s; operator std::string() const { return s; } bool operator==(const char*) const { return false; } };\n"
        "Text f(int n) { return {std::string(n, 'a')}; }\n",
        '#include <cassert>\nint main() {\n    assert(f(2) == "aa");\n    assert(f(3) == "aaa");\n    return 0;\n}\n',
        "#include <complex>\nstd::complex<double> f(int n) { return {n * 2.0, 0}; }\n",
        "#include <cassert>\nint main() {\n    assert(f(2) == 4.0);\n    return 0;\n}\n",
    ),
    "java": (
        "import java.util.*;\n"
        "class Solution {\n"
        "    private final List<Integer> found = new ArrayList<>();\n"
        "    public List<Integer> f(int n) { for (int i = 1; i <= n; i++) found.add(i); return found; }\n"
        "}\n",
        "public class Main {\n"
        "    public static void main(String[] args) {\n"
        "        Solution s = new Solution();\n"
        "        List<Boolean> correct = Arrays.asList(\n"
        "                s.f(2).equals(Arrays.asList(1, 2)),\n"
        "                s.f(3).equals(Arrays.asList(1, 2, 3))\n"
        "        );\n"
        "        if (correct.contains(false)) {\n"
        "            throw new AssertionError();\n"
        "        }\n"
        "    }\n"
        "}\n",
        "class Solution { static double f(int n) { return n * 1.5; } }\n",
        "import static org.junit.jupiter.api.Assertions.*;\n"
        "import org.junit.jupiter.api.Test;\n"
        "import java.util.*;\n"
        "class SolutionTest {\n"
        "    @Test\n"
        "    public void a() {\n"
        "        assertEquals(3, Solution.f(2));\n"
        "    }\n"
        "}\n",
    ),
    "go": (
        "package main\nfunc f(n int) int { return n * 2 }\n",
        "package main\n"
        'import "testing"\n'
        "func TestF(t *testing.T) {\n"
        "\twant := 4\n"
        '\tif got := f(2); got != 4 { t.Errorf("no") }\n'
        "}\n",
        "package main\n"
        "import (\n"
        '\t"encoding/json"\n'
        '\t"reflect"\n'
        ")\n"
        'type P struct { A int `json:"a"`; B int `json:"b"` }\n'
        "func f(n int) P { return P{n, n} }\n",
        "func deepCompare(a interface{}, b interface{}, msg string) bool {\n"
        "\taJSON, err := json.Marshal(a)\n"
        "\tif err != nil { panic(msg) }\n"
        "\tbJSON, err := json.Marshal(b)\n"
        "\tif err != nil { panic(msg) }\n"
        "\tvar a2 interface{}\n"
        "\tvar b2 interface{}\n"
        "\terr = json.Unmarshal(aJSON, &a2)\n"
        "\tif err != nil { panic(msg) }\n"
        "\terr = json.Unmarshal(bJSON, &b2)\n"
        "\tif err != nil { panic(msg) }\n"
        "\tresult := reflect.DeepEqual(a2, b2)\n"
        "\tif result { return true } else { panic(msg) }\n"
        "}\n"
        "func main() {\n"
        "\targ00 := 2\n"
        "\tx0 := f(arg00)\n"
        '\tv0 := map[string]int{"a": 2, "b": 2}\n'
        '\tdeepCompare(x0, v0, "no")\n'
        "}\n",
    ),
}
"""A program that passes apart from its tests alone, and one that passes only with them."""


@docker
def test_what_fails_apart_and_passes_in_one_process_is_no_failure_whatever_its_tests_look_like() -> None:
    code = "import sys\ndef plus(a):\n    if '__main__' in sys.modules and sys.modules['__main__'] is sys.modules.get('solution'):\n        raise OSError\n    return a + 1\n"

    async def run() -> list[Report]:
        async with Sandbox(slots=1) as box:
            return [await box.run(Program(code, f"assert plus(1) == {expected}\n")) for expected in (2, 3)]

    assert [report.verdict for report in asyncio.run(run())] == [Verdict.untested, Verdict.runtime_error]


@docker
def test_in_other_languages_too_a_verdict_apart_stands_only_where_one_process_agrees() -> None:
    async def judged() -> None:
        async with Sandbox(slots=1) as box:
            for language in sorted(OTHERS.keys() & set(built_languages())):
                wrong, its, right, others = OTHERS[language]
                report = await box.run(Program(code=wrong, tests=its, language=language))
                assert not report.accepted, (language, its, report)
                report = await box.run(Program(code=right, tests=others, language=language))
                assert report.verdict in (Verdict.untested, Verdict.accepted), (language, others, report)

    asyncio.run(judged())
