"""A mutant is one small fault that a test can see, and nothing in a source can stop whoever makes them."""

import ast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sandbox import docker_problem
from verification.audits import (
    mutants,
)

needs_docker = pytest.mark.skipif(docker_problem() is not None, reason=f"Docker: {docker_problem()}")

CLAMP = '''
def clamp(value, low, high):
    """Keep value within low and high."""
    if value < low:
        return low
    if value > high:
        return high
    return value
'''


@pytest.mark.parametrize(
    ("original", "mutant"),
    [
        ("return a < b", "return a <= b"),
        ("return a == b", "return a != b"),
        ("return a in b", "return a not in b"),
        ("return a + b", "return a - b"),
        ("return a % b", "return a * b"),
        ("return a and b", "return a or b"),
        ("return not a", "return a"),
        ("return -a", "return a"),
        ("return 1 if a else b", "return 1 if not (a) else b"),
        ("return [x for x in a if x]", "return [x for x in a if not (x)]"),
        ("return a", "return None"),
        ("return a", "return 0"),
        ("return None", "return 0"),
        ("return a[1]", "return a[2]"),
        ("return a[b:]", "return a[b + 1:]"),
        ("return list(range(a))", "return list(range(a - 1))"),
        ("return pow(a, b)", "return pow(b, a)"),
        ("return True", "return False"),
        ("return 'é' + 'b'", "return 'é' + ''"),
        ("a.append(b)", "pass"),
        ("raise ValueError(a)", "pass"),
    ],
)
def test_a_mutant_is_one_small_fault_in_the_authors_own_text(original: str, mutant: str) -> None:
    code = "def f(a, b):  # kept\n    {}\n"
    assert code.format(mutant) in [m.code for m in mutants(code.format(original), at_most=100)]


@pytest.mark.parametrize(
    "statement",
    ["print(a, 1)", '"""A word on it: 1 + 1."""', "assert a > 1", "a: int", "return min(a, b)", "return f'{a + 1}'"],
)
def test_what_no_test_can_see_is_left_alone(statement: str) -> None:
    kinds = {m.kind for m in mutants(f"def f(a, b):\n    {statement}\n", at_most=100)}
    assert kinds <= {"return"}


def test_only_what_the_tests_lead_to_is_mutated() -> None:
    code = "LIMIT = 3\nxs = [1, 2]\ndef helper(xs):\n    return xs < LIMIT\ndef f(a):\n    return helper(a)\ndef other():\n    return 7\nprint(f(1))\n"
    assert {m.line for m in mutants(code, at_most=100, roots=frozenset({"f"}))} == {1, 4, 6}
    assert {m.line for m in mutants(code, at_most=100)} == {1, 4, 6, 8}


def test_the_same_code_and_seed_give_the_same_mutants_and_kinds_take_turns() -> None:
    first = mutants(CLAMP, at_most=4)
    assert first == mutants(CLAMP, at_most=4)
    assert len({m.kind for m in first}) == 3
    assert mutants(CLAMP, at_most=4, seed=1) != first


def test_a_mutants_diff_shows_its_one_line() -> None:
    for mutant in mutants(CLAMP, at_most=100):
        changed = [line for line in mutant.diff.split("\n")[2:] if line[:1] in "+-"]
        assert len(changed) == 2


@pytest.mark.parametrize(
    "bomb",
    [
        "(" * 40_000,
        "-" * 19_000 + "1",
        "a" + ".b" * 9_000,
        "1" + "+1" * 9_000,
        "f" + "()" * 9_000,
        "lambda:" * 2_500 + "1",
        "\0",
        "\ud800",
        "x = 1\n" * 50_000,
    ],
    ids=["parentheses", "signs", "attributes", "sums", "calls", "lambdas", "nul", "surrogate", "long"],
)
def test_a_source_made_to_break_whoever_reads_it_has_no_mutants(bomb: str) -> None:
    assert mutants(bomb, at_most=10) == []


@settings(max_examples=60)
@given(
    st.recursive(
        st.sampled_from(["a", "b", "0", "'é'", "1.5", "True", "f(a, b)", "a[1:b]"]),
        lambda inner: (
            st.builds("({} {} {})".format, inner, st.sampled_from(["+", "<", "and", "is", "**", "not in"]), inner)
            | st.builds("(not {})".format, inner)
            | st.builds("[{0} if {1} else {0}]".format, inner, inner)
        ),
        max_leaves=8,
    )
)
def test_every_mutant_parses_and_means_something_else(expression: str) -> None:
    code = f"def f(a, b):\n\tx = {expression}  # é\n\treturn (x\n\t\t+ 1)\n"
    found = mutants(code, at_most=1000)
    trees = [ast.dump(ast.parse(mutant.code)) for mutant in found]
    assert found
    assert len({*trees, ast.dump(ast.parse(code))}) == len(trees) + 1
