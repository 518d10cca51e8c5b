"""Tests that replace what the program uses replace it in their own process: no verdict rests on them."""

import asyncio

import pytest

from sandbox import Program, Sandbox, Verdict, docker_problem
from sandbox.judge.reaching import reaches

SEES = {
    "with patch('random.randint', return_value=7):\n    assert roll() == 7": "replace something with `patch`",
    "with mock.patch.object(os, 'remove') as m:\n    clean()": "replace something with `patch`",
    "@patch.dict('os.environ', {'A': '1'})\ndef test_a():\n    assert f()": "replace something with `patch`",
    "def test_a(monkeypatch):\n    assert f() == 1": "replace something with `monkeypatch`",
    "def test_a(capsys):\n    f()\n    assert capsys.readouterr().out == 'x'": "read what is printed",
    "with contextlib.redirect_stdout(out):\n    f()\nassert out.getvalue() == ''": "redirect what is printed",
    "os.environ['HOME'] = '/srv'\nassert home() == '/srv'": "change the environment",
    "os.environ.update(A='1')\nassert f()": "change the environment",
    "del os.environ['A']\nassert f()": "change the environment",
    "sys.stdin = io.StringIO('Ada')\nassert f() == 'Ada'": "change sys.stdin",
    "sys.argv = ['x', 'Ada']\nassert f() == 'Ada'": "change sys.argv",
    "sys.argv.append('Ada')\nassert f() == 'Ada'": "change sys.argv",
    "os.chdir('/tmp')\nassert f()": "change the working directory",
    "class T(TestCase):\n    def test_a(self):\n        with self.assertLogs('x'):\n            f()": "read what is logged",
    "import time\ntime.sleep = naps.append\nf()\nassert naps == [1]": "replace something in a module",
    "import builtins\nsetattr(builtins, 'sorted', None)\nassert f([2, 1]) == [1, 2]": "replace something in a module",
    "import tracemalloc\ntracemalloc.start()\nassert f(9) == 3": "measure what the process uses",
    "sys.setrecursionlimit(100)\nassert depth(deep) == 9": "limit or trace the process",
    "logging.getLogger().addHandler(seen)\nassert f() == 1 and not seen.records": "read what is logged",
}


@pytest.mark.parametrize(("tests", "what"), SEES.items())
def test_what_the_program_cannot_see_is_named(tests: str, what: str) -> None:
    assert reaches(tests, passed=True) == reaches(tests, passed=False) == what


@pytest.mark.parametrize(
    "tests",
    [
        "random.seed(1)\nassert draw() == 3",
        "with tempfile.NamedTemporaryFile('w') as f:\n    assert count(f.name) == 2",
    ],
)
def test_what_may_be_for_the_tests_alone_excuses_a_failure_only(tests: str) -> None:
    assert reaches(tests, passed=False)
    assert not reaches(tests, passed=True)


@pytest.mark.parametrize(
    "tests",
    [
        "assert add(1, 2) == 3",
        "m = Mock()\nf(m)\nassert m.called",
        "import math\np = Point(1)\np.x = math.pi\nassert f(p) == 3",
        "patch = [1]\nassert f(patch) == 1",
        "env = os.environ['HOME']\nassert f(env)",
        "assert f(sys.argv[0]) is None",
        "home = os.environ.get('HOME')\nassert f(home)",
        "def seed(n):\n    return n\nassert f(seed(1)) == 1",
        "this is no Python",
        "(" * 5000,
        "x = '" + "a" * (1 << 21) + "'",
    ],
)
def test_other_tests_are_left_alone(tests: str) -> None:
    assert not reaches(tests, passed=False)


RUN = {
    "a stub": ("def roll():\n    return 7\n", "from unittest.mock import patch\ndef test_roll():\n    with patch('random.randint', return_value=7):\n        assert roll() == 7\n"),
    "the right program": ("import random\ndef roll():\n    return random.randint(1, 6)\n", "from unittest.mock import patch\ndef test_roll():\n    with patch('random.randint', return_value=7):\n        assert roll() == 7\n"),
    "a file of the tests": (
        "def count(path):\n    with open(path) as f:\n        return len(f.readlines())\n",
        "import tempfile\ndef test_count():\n    with tempfile.NamedTemporaryFile('w') as f:\n        f.write('a\\nb\\n')\n        f.flush()\n        assert count(f.name) == 2\n",
    ),
}  # fmt: skip


@pytest.mark.docker
@pytest.mark.skipif(docker_problem() is not None, reason=f"Docker: {docker_problem()}")
def test_neither_a_stub_nor_the_right_program_is_judged_by_them() -> None:
    async def judged() -> None:
        async with Sandbox(slots=1) as box:
            for name, (code, tests) in RUN.items():
                report = await box.run(Program(code, tests))
                assert report.verdict is Verdict.untested, (name, report)
                assert "which sees none of it" in report.detail

    asyncio.run(judged())
