"""What a run is told to be, stage by stage, and what tests can ask of a program. Real containers."""

import asyncio
import json
import signal
import textwrap

import pytest
from sandboxed import TIGHT, run, started

from sandbox import Limits, Program, Report, SandboxError, Verdict, render
from sandbox.pool import run_once

pytestmark = pytest.mark.docker
ADD = "def add(a, b):\n    return a + b\n"


def code(text: str) -> str:
    return textwrap.dedent(text)


def test_program_that_passes_all_its_tests_is_accepted() -> None:
    report = run(ADD, "assert add(1, 2) == 3\nassert add('a', 'b') == 'ab'")
    assert report.accepted
    assert [(stage.name, stage.ok) for stage in report.stages] == [("parse", True), ("lint", True), ("test", True)]
    assert [test.passed for test in report.tests] == [True, True]
    assert report.detail == "All 2 tests passed."
    assert report.usage.cpu_s > 0 and report.usage.wall_s > 0 and report.usage.memory_bytes > 1 << 20


def test_failed_test_says_expected_and_got_and_the_others_still_run() -> None:
    report = run(ADD, "assert add(1, 2) == 4\nassert add(1, 1) == 2\nassert 7 == add(1, 1)")
    assert report.verdict is Verdict.test_failure
    assert [(test.line, test.passed, test.message) for test in report.tests] == [
        (1, False, "expected 4, got 3"),
        (2, True, ""),
        (3, False, "expected 7, got 2"),
    ]
    assert "FAILED assert add(1, 2) == 4\n  expected 4, got 3" in report.feedback()


def test_syntax_error_is_a_parse_error_with_line_and_column() -> None:
    report = run("x = 1\ndef add(a, b: return a", "assert add(1, 2) == 3")
    assert report.verdict is Verdict.parse_error
    (stage,) = report.stages
    assert (stage.name, stage.ok, stage.diagnostics[0].line, stage.diagnostics[0].column) == ("parse", False, 2, 15)


def test_undefined_name_is_a_lint_error_and_an_unused_import_is_a_warning() -> None:
    report = run("import os\ndef add(a, b):\n    return a + c\n", "assert add(1, 2) == 3")
    assert report.verdict is Verdict.lint_error
    assert {(item.rule, item.severity, item.line) for item in report.stages[1].diagnostics} == {
        ("F401", "warning", 1),
        ("F821", "error", 3),
    }
    assert run("import os\n" + ADD, "assert add(1, 2) == 3").accepted


def test_exception_while_loading_is_a_runtime_error_with_its_traceback() -> None:
    report = run("x = {}\nx['y']\n", "assert True")
    assert (report.verdict, report.exit_code) == (Verdict.runtime_error, 1)
    assert report.detail == "It raised KeyError at line 2: 'y'."
    assert report.stderr.endswith("    x['y']\n    ~^^^^^\nKeyError: 'y'\n")
    assert "supervisor" not in report.stderr and "runner" not in report.stderr


def test_exception_in_the_first_failing_test_is_a_runtime_error() -> None:
    report = run("def f(x):\n    return 1 / x\n", "assert f(1) == 1\nassert f(0) == 0")
    assert report.verdict is Verdict.runtime_error
    assert report.tests[1].message == "raised ZeroDivisionError: division by zero (line 2 of the program)"


def test_crash_is_a_runtime_error_with_its_signal() -> None:
    report = run("import ctypes\nctypes.string_at(0)\n")
    assert (report.verdict, report.signal, report.exit_code) == (Verdict.runtime_error, signal.SIGSEGV, None)


def test_without_tests_a_program_is_untested_and_its_output_and_exit_status_are_kept() -> None:
    report = run("import sys\nprint(input())\nprint('oops', file=sys.stderr)\n", stdin="héllo\nmore")
    assert (report.verdict, report.stdout, report.stderr, report.exit_code) == (
        Verdict.untested,
        "héllo\n",
        "oops\n",
        0,
    )
    assert run("raise SystemExit(3)").exit_code == 3


def test_main_guard_runs_without_tests_and_not_with_them() -> None:
    program = ADD + "if __name__ == '__main__':\n    print('main')\n"
    assert run(program).stdout == "main\n"
    report = run(program, "assert add(1, 2) == 3")
    assert report.accepted and report.stdout == ""


@pytest.mark.parametrize("tests", ["x = add(1, 2)", "assert add(1,", "def helper(): assert add(1, 2) == 3"])
def test_script_that_proves_nothing_leaves_the_program_untested(tests: str) -> None:
    assert run(ADD, tests).verdict is Verdict.untested


@pytest.mark.parametrize("tests", ["assert 1 + 2 == 3", "assert callable(add)"])
def test_tests_that_never_call_the_program_leave_it_untested(tests: str) -> None:
    report = run(ADD, tests)
    assert report.verdict is Verdict.untested and "No test called the program" in report.detail


def test_tests_that_read_a_constant_of_the_program_count() -> None:
    assert run("LIMIT = 10", "assert LIMIT == 10").accepted


def test_missing_function_is_a_failed_test() -> None:
    report = run("def sub(a, b):\n    return a - b\n", "assert add(1, 2) == 3")
    assert report.verdict is Verdict.test_failure and "'add' is not defined" in report.detail
    report = run(
        "def sub(a, b):\n    return a - b\n", "def check(candidate):\n    assert candidate(1)", entry_point="add"
    )
    assert report.verdict is Verdict.test_failure and "does not define 'add'" in report.detail


def test_check_candidate_gets_the_entry_point_even_where_that_is_called_check() -> None:
    tests = "def check(candidate):\n    assert candidate(2) == 4\n    assert candidate(3) == 9\n"
    assert run("def square(x): return x * x", tests, entry_point="square").accepted
    assert run("def check(x): return x * x", tests, entry_point="check").accepted
    assert run("def square(x): return x * x", tests + "check(square)", entry_point="square").accepted


def test_entry_point_may_be_called_like_a_builtin() -> None:
    assert run("def sum(a, b): return a + b", "assert sum(1, 2) == 3", entry_point="sum").accepted


@pytest.mark.parametrize(
    "tests",
    [
        "def test_one():\n    assert add(1, 2) == 3\ndef test_two():\n    x = add(1, 1)\n    assert x == 2\n",
        "def run_tests():\n    assert add(1, 2) == 3\nrun_tests()\n",
        "def main():\n    assert add(1, 2) == 3\nif __name__ == '__main__':\n    main()\n",
        "import unittest\nclass T(unittest.TestCase):\n    def test(self):\n        self.assertEqual(add(1, 2), 3)\n"
        "if __name__ == '__main__':\n    unittest.main()\n",
        "import pytest\nfrom solution import add\n@pytest.mark.parametrize('a,b,c', [(1, 2, 3), (2, 2, 4)])\n"
        "def test_add(a, b, c):\n    assert add(a, b) == pytest.approx(c)\n",
        "import solution\nfor a in range(5):\n    assert solution.add(a, 1) == a + 1\n",
        "try:\n    add(1, 'x')\n    assert False, 'no error'\nexcept TypeError:\n    pass\n",
        "import pytest\nwith pytest.raises(TypeError, match='unsupported'):\n    add(1, 'x')\n",
    ],
    ids=["test functions", "helper called", "main guard", "unittest", "pytest", "loop", "try", "raises"],
)
def test_script_styles_accept_the_right_program_and_refuse_the_wrong_one(tests: str) -> None:
    report = run(ADD, tests)
    assert report.accepted, report.feedback()
    wrong = run("def add(a, b):\n    return 99\n", tests)
    assert wrong.verdict is Verdict.test_failure, wrong.feedback()


def test_arguments_changed_in_place_are_changed_for_the_tests() -> None:
    program = code("""
        def grow(items, table, seen, raw):
            items.append(4); items.sort(reverse=True)
            table["k"] = items
            seen.discard(1)
            raw[0] = 65
        def same(items): return items
    """)
    tests = code("""
        items, table, seen, raw = [1, 3], {}, {1, 2}, bytearray(b"abc")
        assert grow(items, table, seen, raw) is None
        assert items == [4, 3, 1]
        assert table["k"] is items
        assert seen == {2} and raw == bytearray(b"Abc")
        assert same(items) is items
        loop = [1]; loop.append(loop)
        assert same(loop) is loop
    """)
    report = run(program, tests)
    assert report.accepted, report.feedback()


def test_functions_of_the_tests_can_be_called_back_and_may_raise() -> None:
    program = code("""
        def apply(f, items): return [f(x) for x in items]
        def safe(f):
            try: return f()
            except ValueError as error: return str(error)
        def compose(f, g): return lambda x: f(g(x))
    """)
    tests = code("""
        def bad(): raise ValueError("told")
        assert apply(lambda x: x * 2, [1, 2]) == [2, 4]
        assert apply(str.upper, ["a"]) == ["A"]
        assert apply(len, ["ab"]) == [2]
        assert safe(bad) == "told"
        assert compose(lambda x: x + 1, lambda x: x * 10)(4) == 41
    """)
    report = run(program, tests)
    assert report.accepted, report.feedback()


def test_classes_exceptions_enums_and_generators_of_the_program_can_be_used_by_the_tests() -> None:
    program = code("""
        from collections import namedtuple, Counter
        from dataclasses import dataclass
        from enum import Enum
        Pair = namedtuple("Pair", "left right")
        class Color(Enum):
            RED = 1
        class Empty(Exception):
            def __str__(self): return "it is empty"
        class Stack:
            limit = 3
            def __init__(self): self.items = []
            def push(self, x): self.items.append(x); return self
            def pop(self):
                if not self.items: raise Empty()
                return self.items.pop()
            def __len__(self): return len(self.items)
            def __contains__(self, x): return x in self.items
            def __iter__(self): return iter(self.items)
            def __enter__(self): return self
            def __exit__(self, *e): return False
        class Loud(Stack): pass
        @dataclass
        class Point:
            x: int
            y: int
            def __add__(self, o): return Point(self.x + o.x, self.y + o.y)
            def __mul__(self, k): return Point(self.x * k, self.y * k)
        def count(n):
            while True:
                yield n
                n += 1
        def origin(): return Point(0, 0)
        def pair(): return Pair(1, "b")
        def tally(s): return Counter(s)
    """)
    tests = code("""
        s = Stack()
        assert s.push(1).push(2) is s
        assert len(s) == 2 and list(s) == [1, 2] and s.items == [1, 2]
        assert Stack.limit == 3 and isinstance(Loud(), Stack) and not isinstance(s, Loud)
        s.limit = 9
        assert s.limit == 9
        s.pop(); s.pop()
        try:
            s.pop()
            assert False
        except Empty as error:
            assert str(error) == "it is empty"
        with Stack() as t:
            assert not t
        moved = Point(1, 2) + Point(1, 1)
        assert (moved.x, moved.y) == (2, 3) and moved is not origin()
        assert repr(origin()) == "Point(x=0, y=0)" and origin().x == 0
        assert Color.RED is Color(1) and [c.name for c in Color] == ["RED"]
        import itertools
        assert list(itertools.islice(count(5), 3)) == [5, 6, 7] and next(count(1)) == 1
        assert pair() == (1, "b") and pair().right == "b"
        assert tally("aab").most_common(1) == [("a", 2)] and tally("a") == Counter("a")
    """)
    report = run(program, tests)
    assert report.accepted, report.feedback()


@pytest.mark.parametrize("line", ["import numpy as np", ""])
def test_arrays_of_numpy_cross_as_data_and_np_is_the_real_one_where_the_tests_do_not_import_it(line: str) -> None:
    program = code("""
        import numpy as np
        def scale(x): return np.asarray(x) * 2
        def total(x): return np.sum(x)
    """)
    tests = code("""
        assert np.allclose(scale(np.array([1.0, 2.0])), [2.0, 4.0])
        assert scale([[1, 2]]).tolist() == [[2, 4]] and scale([1]).dtype == np.int64
        assert total([1, 2]) == 3 and np.array_equal(scale([1, 2]), np.array([2, 4]))
    """)
    report = run(program, f"{line}\n{tests}", limits=Limits(cpu_s=10, wall_s=30))
    assert report.accepted, report.feedback()


@pytest.mark.parametrize(
    "test",
    [
        "assert Point(1, 2) == Point(1, 2)",
        "assert Point(1, 2) != Point(2, 1)",
        "assert 1 in Point(1, 2)",
        "assert (Point(1, 2) * 2).x == 2",
        "assert Point(1, 2) < Point(2, 1)",
        "assert made().same(3)",
        "assert made().count(3) == 1",
        "assert len(made()) == 2",
        "assert not made()",
        "assert made()",
        "p = made() == made()\nassert p is True",
        "for x in Point(1, 2).nothing():\n    assert x == 1",
        "assert all(x == 1 for x in nothing())",
        "assert not any(x != 1 for x in nothing())",
        "import unittest\nclass T(unittest.TestCase):\n    def test(self):\n        for x in nothing():\n"
        "            self.assertEqual(x, 1)\n",
    ],
)
def test_test_that_an_object_of_the_program_decides_or_that_compares_nothing_is_untested(test: str) -> None:
    program = code("""
        class Point:
            def __init__(self, x, y): self.x, self.y = x, y
            def __eq__(self, o): return self.x == o.x
            def __mul__(self, k): return Point(self.x * k, self.y * k)
            def __contains__(self, k): return k in (self.x, self.y)
            def __lt__(self, o): return self.x < o.x
            def __len__(self): return 2
            def __bool__(self): return True
            def same(self, k): return True
            def count(self, k): return 1
            def nothing(self): return []
        class No(Point):
            def __bool__(self): return False
        def made(): return Point(1, 2)
        def nothing(): return []
    """)
    program += "def made(): return No(1, 2)\n" if test == "assert not made()" else ""
    report = run(program, "assert nothing() == []\n" + test)
    assert report.verdict is Verdict.untested, report.feedback()
    assert "prove nothing" in report.detail and report.tests[0].passed and not report.tests[1].passed


def test_limits_of_one_run_may_differ_from_the_pool() -> None:
    report = run("x = bytearray(150 << 20)\nprint(len(x))", limits=Limits(memory_bytes=256 << 20))
    assert report.verdict is Verdict.untested
    assert run("x = bytearray(150 << 20)\nprint(len(x))").verdict is Verdict.memory_limit


def test_report_survives_json() -> None:
    report = run(ADD + "print('\\udc80 \\x00 <script>'.encode('utf-8', 'replace'))", "assert add(1, 2) == 4")
    assert Report.from_dict(json.loads(json.dumps(report.to_dict()))) == report
    with pytest.raises(SandboxError, match="not a sandbox report"):
        Report.from_dict({"verdict": "fine"})


def test_report_is_rendered_with_the_failing_line_marked_and_without_terminal_escapes() -> None:
    program = Program("x = 1\ndef add(a, b):\n    return c\n", "assert add(1, 2) == 3")
    shown = render(run(program.code, program.tests), program, TIGHT)
    assert "  >    3 |     return c" in shown and shown.startswith("lint_error  The linter refuses it: line 3")
    shown = render(run("print('\\x1b[2Jhello')"), Program(""), TIGHT)
    assert "\x1b" not in shown and "⟨1B⟩[2Jhello" in shown


def test_feedback_stays_short() -> None:
    tests = "\n".join(f"assert add({n}, 'x' * 5000) == {n}" for n in range(40))
    assert len(run("def add(a, b):\n    return b\n", tests).feedback()) <= 1500


def test_same_program_runs_the_same_each_time() -> None:
    program = "print(hash('a'), sorted({'x', 'y', 'z'}), list({'x', 'y', 'z'}))"
    assert len({run(program).stdout for _ in range(4)}) == 1


def test_unknown_language_is_an_error_of_the_caller() -> None:
    loop, box = started()
    with pytest.raises(SandboxError, match="no language 'cobol'"):
        asyncio.run_coroutine_threadsafe(box.run(Program("x", language="cobol")), loop).result(5)


def test_a_runtime_that_docker_does_not_know_is_told_at_once(caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(SandboxError, match=r"Docker makes no such container: .*nowhere"):
        run_once(Program("print(1)"), runtime="nowhere")
    assert not caplog.records


def test_a_program_without_tests_has_no_channel_that_it_could_wait_on_for_ever() -> None:
    assert "Bad file descriptor" in run("import os\nos.read(4, 1)").detail
