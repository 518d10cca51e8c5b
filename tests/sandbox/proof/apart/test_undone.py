"""Of what the values of a test script are made, and whether a change of the program's decides a comparison in it."""

from __future__ import annotations

import ast
from typing import Any

import pytest

from sandbox.judge.provenance import ANSWER, TOLD, Provenance
from sandbox.judge.undone import asked, first_decided

YES, NO = "yes", "no"


def _said(*rows: list[str], failed: tuple[int, ...] = ()) -> dict[str, Any]:
    return {"rows": list(rows), "missed": False, "failed": list(failed)}


def _made(tests: str, side: str) -> frozenset[str]:
    tree = ast.parse(tests)
    node = next(node for node in ast.walk(tree) if isinstance(node, ast.expr) and ast.unparse(node) == side)
    return Provenance(tree).of(node)


def _decides(tests: str, place: str, *, left: str = "other", right: str = "same") -> bool:
    """Whether a comparison that holds with the program's changes, and not without, rests on them; `left`, `right`: the sides
    without them.
    """
    kept, without = _said([place, YES, "same", "same"]), _said([place, NO, left, right])
    return first_decided(tests, kept, without) is not None


@pytest.mark.parametrize(
    ("tests", "place"),
    [
        ("xs = [3, 1]\nn = f(xs)\nassert xs == [1, 3]", "c3:7"),
        ("xs = [3, 1]\nwant = sorted(xs)\nn = f(xs)\nassert xs == want", "c4:7"),
        ("def test(xs, want):\n    n = f(xs)\n    assert n == 2\n    assert xs[:n] == [1, 3]", "c4:11"),
        ("calls = []\ndef seen(x):\n    calls.append(x)\nassert each([1], seen) == 1\nassert calls == [1]", "c5:7"),
        ("xs = [3, 1]\nn = f(xs)\nassert len(xs) == len(sorted(xs))", "c3:7"),
        ("xs = [3, 1]\nassert f(xs) is xs", "c2:7"),
        ("row = {'a': 1}\nbag = Bag()\nbag.add(row)\nassert bag.add({}) == 2", "c4:7"),
    ],
)
def test_a_comparison_with_what_is_fixed_stands(tests: str, place: str) -> None:
    assert not _decides(tests, place)


@pytest.mark.parametrize(
    ("tests", "place"),
    [
        ("xs = [3, 1]\nassert f(xs) == sorted(xs)", "c2:7"),
        ("xs = [3, 1]\nassert xs[find(xs, 7)] == 7", "c2:7"),
        ("xs = [3, 1]\nat = find(xs, 7)\ngot = xs[at]\nassert got == 7", "c4:7"),
        ("def same(a, b):\n    return a == b\nxs = [3, 1]\nassert same(f(xs), sorted(xs))", "c2:11"),
        (
            "class Case:\n    def go(self):\n        self.xs = [1]\n        self.assertEqual(f(self.xs), max(self.xs))",
            "a4:8",
        ),
        ("left = [9]\ndef take(n):\n    left[0] -= n\nassert buy(take) == left[0]", "c4:7"),
        ("n = 0\ndef visit(x):\n    global n\n    n += 1\nassert each([1], visit) == n", "c5:7"),
        ("xs = [1]\nmatch f(xs):\n    case got:\n        assert got == sum(xs)", "c4:15"),
        ("seen = []\nassert walk(seen.append) == seen", "c2:7"),
        ("xs = [1]\ncase = {'got': f(xs)}\ncase['want'] = max(xs)\nassert len(set(case.values())) == 1", "c4:7"),
        (
            "xs = [1]\ntry:\n    f(xs)\n    ok = True\nexcept ValueError:\n    ok = False\nassert ok == (len(xs) > 3)",
            "c7:7",
        ),
        ("xs = [1]\nn = 0\nfor x in f(xs):\n    n += 1\nassert n == len(xs)", "c5:7"),
    ],
)
def test_one_with_what_the_program_may_have_made_does_not(tests: str, place: str) -> None:
    assert _decides(tests, place, left="same", right="other")
    assert first_decided(tests, _said([place, YES, "same", "same"]), None) is not None


def test_what_comes_out_alike_rests_on_nothing() -> None:
    tests = "xs = [3, 1]\nassert f(xs) == sorted(xs)"
    same = _said(["c2:7", YES, "one", "one"])
    assert first_decided(tests, same, same) is None


def test_a_test_that_ends_otherwise_where_no_comparison_differs_rests_on_it() -> None:
    tests = "xs = [1]\n{1: 2}[f(xs) - xs[0]]\nassert f(1) == 2"
    row = ["c3:7", YES, "one", "one"]
    assert first_decided(tests, _said(row), _said(row, failed=(2,))) == 2


@pytest.mark.parametrize(
    ("tests", "fine"),
    [
        ("assert LIMIT == 3", True),
        ("assert f(1) == LIMIT", False),
        ("got = LIMIT\nassert got == 3", False),
        ("import solution\nassert solution.LIMIT == 3", True),
    ],
)
def test_a_constant_that_is_told_apart_may_be_compared_with_what_is_written(tests: str, fine: bool) -> None:
    place = f"c{len(tests.splitlines())}:7"
    kept, apart = _said([place, YES, "a", "a"]), _said([place, NO, "b", "a"])
    assert (first_decided(tests, kept, apart, apart=True) is None) is fine


def test_values_are_followed_through_names_attributes_and_parameters() -> None:
    assert ANSWER in _made("import solution as s\ngot = s.f(1)\ngot[0]", "got[0]")
    assert ANSWER in _made("def f2(a):\n    b = [a]\n    return b\nf2(f(1))", "f2(f(1))")
    assert ANSWER in _made(
        "class T:\n    def setUp(self):\n        self.x = f(1)\n    def test(self):\n        self.x", "self.x"
    )
    assert ANSWER in _made("for a, b in zip(f(1), [2]):\n    a + 1", "a + 1")
    assert TOLD in _made("got = []\nf(got.append)\nlen(got)", "len(got)")
    assert not _made("import math\nxs = (1, 2)\nmath.prod(xs)", "math.prod(xs)") & {ANSWER, TOLD}


def test_calls_with_written_values_hold_nothing_that_could_change() -> None:
    changed = {"altered": True, "alike": False}
    assert asked("assert f([2, 1]) == [1, 2]", changed) == []
    assert asked("xs = [2, 1]\nassert f(xs) == sorted(xs)", changed) == ["undo"]
    assert asked("xs = [2, 1]\nassert f(xs) == sorted(xs)", {"altered": False, "alike": False}) == []


@pytest.mark.parametrize(
    "tests",
    [
        "xs = [3, 1]\nwith raises(E) as info:\n    f(xs)\nassert str(info.value) == str(len(xs))",
        "xs = [3, 1]\nheap = []\nheappush(heap, f(xs))\nassert heap[0] == sum(xs)",
        "def note(log, x):\n    log.append(x)\nlog, xs = [], [3]\nnote(log, f(xs))\nassert log[0] == sum(xs)",
        "def same(got, xs):\n    assert got == sum(xs)\nxs = [3]\nsame(**{'got': f(xs), 'xs': xs})",
        "xs = [3]\nseen = {}\nseen[f(xs)] = 1\nassert sum(xs) in seen",
        "@counted\ndef g(x):\n    log.append(x)\nlog = [1]\ng(1)\nassert g.calls == len(log)",
    ],
)
def test_an_answer_is_followed_where_it_is_put(tests: str) -> None:
    tree = ast.parse(tests)
    sides = next(node for node in ast.walk(tree) if isinstance(node, ast.Compare))
    made = Provenance(tree)
    assert any(made.of(side) & {ANSWER, TOLD} for side in (sides.left, *sides.comparators))


def test_a_name_that_is_given_another_answer_is_not_what_the_first_was_said_to_be() -> None:
    once = "xs = [3, 1]\nk = f(xs)\nassert k == 1\nassert xs[k] == 7"
    assert not _decides(once, "c4:7")
    assert _decides(once.replace("assert xs", "k = g(xs)\nassert xs"), "c5:7")


def test_the_entry_point_is_the_program_s_whatever_else_its_name_means() -> None:
    tests = "xs = [3, 4]\nassert sum(xs) == xs[0] + xs[1]"
    kept, without = _said(["c2:7", YES, "same", "same"]), _said(["c2:7", NO, "same", "other"])
    assert first_decided(tests, kept, without, entry="sum") == 2


def test_of_two_sides_that_are_the_tests_own_and_equal_one_is_the_same_without_the_change() -> None:
    tests = "xs = [3, 1]\nsort(xs)\nassert xs == sorted(xs)"
    assert not _decides(tests, "c3:7", left="other", right="same")
    assert _decides(tests, "c3:7", left="other", right="another")


def test_whether_a_comparison_is_come_to_may_not_rest_on_the_change() -> None:
    tests = "xs = [3, 1]\nif not isclose(mean(xs), sum(xs) / 2):\n    assert False"
    assert first_decided(tests, _said(), _said(["t3:11", NO])) == 3
    raised = tests.replace("assert False", "raise AssertionError")
    assert first_decided(raised, _said(), _said(["f3:4", NO])) == 3
    fixed = tests.replace("sum(xs) / 2", "2.0")
    assert first_decided(fixed, _said(), _said(["t3:11", NO])) is None


def test_what_the_program_says_to_a_callback_is_compared_there_with_what_it_was_given() -> None:
    tests = "xs = [3, 1]\nok = []\nwalk(xs, lambda x: ok.append(x == xs[0]))\nassert ok == [True]"
    assert _decides(tests, "c3:29", left="same", right="other")
