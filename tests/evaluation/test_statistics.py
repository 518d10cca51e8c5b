"""Figures that say how sure they are."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation import compare, score


def test_one_sample_a_problem_gets_wilsons_interval() -> None:
    found = score("b", {str(n): [n < 31] for n in range(500)})
    assert (found.n, found.passed, found.pass_at_1) == (500, 31, 0.062)
    assert found.interval == pytest.approx((0.0440, 0.0867), abs=5e-4)


def test_many_samples_of_few_problems_are_not_many_observations() -> None:
    certain = score("b", {str(n): [n % 2 == 0] * 10 for n in range(20)})
    low, high = certain.interval
    assert high - low > 0.35


def test_the_same_outcomes_show_no_difference() -> None:
    outcomes = {str(n): [n % 3 == 0, n % 2 == 0] for n in range(40)}
    found = compare(outcomes, outcomes)
    assert (found.difference, found.p_value) == (0, 1)
    assert found.verdict.startswith("no difference shown")


def test_mcnemar_agrees_with_the_exact_binomial() -> None:
    before = {str(n): [False] for n in range(20)}
    after = {str(n): [n < 8] for n in range(20)}
    found = compare(before, after)
    assert found.p_value == pytest.approx(2 * 0.5**8)
    assert found.verdict.startswith("better by 40.0%")


def test_sampled_outcomes_are_compared_by_problem() -> None:
    before = {str(n): [False, False, False] for n in range(30)}
    after = {str(n): [n < 10, False, n < 10] for n in range(30)}
    found = compare(before, after)
    assert found.p_value < 0.01
    assert (found.better, found.worse) == (10, 0)


@given(st.lists(st.booleans(), min_size=1, max_size=60), st.data())
def test_the_score_lies_within_its_interval(outcomes: list[bool], data: st.DataObject) -> None:
    found = score("b", {str(n): [outcome] for n, outcome in enumerate(outcomes)})
    low, high = found.interval
    assert -1e-9 <= low <= found.pass_at_1 + 1e-9
    assert found.pass_at_1 - 1e-9 <= high <= 1 + 1e-9


def test_evaluations_with_no_problem_in_common_are_not_compared() -> None:
    with pytest.raises(ValueError, match="share no problem"):
        compare({"a": [True]}, {"b": [True]})
