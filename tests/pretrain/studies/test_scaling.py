"""Scaling studies: the fits on losses made from known laws, the chart, and a small study from text to prediction."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pretrain.errors import PretrainError
from pretrain.studies.scaling_chart import chart
from pretrain.studies.scaling_fits import (
    LAWS,
    Accuracy,
    Run,
    fit_accuracy,
    left_out_errors,
    optimum_law,
    optimum_resamples,
    parabolas,
    predict,
    resampled,
    with_intervals,
)

BUDGETS = [1e12, 2e12, 4e12, 8e12]


def chinchilla(parameters: float, tokens: float, a: float = 0.34, b: float = 0.28) -> float:
    return 1.69 + 40 * parameters**-a + 41 * tokens**-b


def study(noise: float = 0.0, budgets: list[float] = BUDGETS, sizes: int = 5, seed: int = 0) -> list[Run]:
    """Runs of a world in which the loss is Chinchilla's, C = 6 N D, around each budget's true optimum."""
    rng = np.random.default_rng(seed)
    runs = []
    for budget in budgets:
        centre = true_optimum(budget)
        for step in np.linspace(-1, 1, sizes):
            parameters = centre * math.exp(step)
            tokens = budget / 6 / parameters
            loss = chinchilla(parameters, tokens) * (1 + noise * rng.standard_normal())
            runs.append(Run(budget, budget, round(parameters), round(tokens), loss))
    return runs


def true_optimum(budget: float) -> float:
    """Parameters of least loss: a A N^-a = b B D^-b with D = C / 6 N."""
    return ((0.34 * 40) / (0.28 * 41) * (budget / 6) ** 0.28) ** (1 / (0.34 + 0.28))


@given(
    optimum=st.floats(1e4, 1e9),
    bottom=st.floats(0.5, 10),
    curvature=st.floats(0.01, 1),
    steps=st.lists(st.floats(-1.5, 1.5), min_size=3, max_size=6, unique_by=lambda x: round(x, 1)),
)
def test_a_parabola_through_exact_losses_has_its_vertex_where_they_were_made(optimum, bottom, curvature, steps):
    runs = [
        Run(1.0, 1.0, 1_000_000, round(optimum * math.exp(step) * 1e3), bottom + curvature * step**2) for step in steps
    ]
    runs = [Run(r.budget, r.flops, int(1e18 / r.tokens), r.tokens, r.loss) for r in runs]
    (found,) = parabolas(runs)
    assert found.tokens == pytest.approx(optimum * 1e3, rel=1e-2)
    assert found.loss == pytest.approx(bottom, rel=1e-3)
    assert found.bracketed == (min(steps) <= 0 <= max(steps)) or min(map(abs, steps)) < 1e-3


def test_the_exponents_of_a_known_law_are_found():
    curves = parabolas(study())
    assert all(curve.bracketed for curve in curves)
    tokens, parameters = optimum_law(curves, "tokens"), optimum_law(curves, "parameters")
    assert tokens.exponent == pytest.approx(0.34 / 0.62, abs=0.01)
    assert parameters.exponent == pytest.approx(0.28 / 0.62, abs=0.01)
    assert parameters(1e13) == pytest.approx(true_optimum(1e13), rel=0.03)


def test_the_bootstrap_interval_covers_the_true_exponent_and_narrows_with_the_noise():
    widths, covered = {}, 0
    for noise in (0.0005, 0.004):
        for seed in range(8):
            runs = study(noise, seed=seed)
            law = with_intervals(
                optimum_law(parabolas(runs), "tokens"), optimum_resamples(resampled(runs, 200, seed), "tokens")
            )
            low, high = law.exponent_interval
            covered += low <= 0.34 / 0.62 <= high
            widths.setdefault(noise, []).append(high - low)
    assert covered >= 12
    assert np.median(widths[0.0005]) < 0.5 * np.median(widths[0.004])


@pytest.mark.parametrize("name", LAWS)
def test_each_law_predicts_a_run_four_times_the_largest_budget(name):
    target = 4 * BUDGETS[-1]
    parameters = true_optimum(target)
    point = (target, parameters, target / 6 / parameters)
    truth = chinchilla(parameters, point[2])
    assert LAWS[name](study())(point) == pytest.approx(
        truth, rel={"power": 0.03, "floor": 0.003, "parametric": 0.001}[name]
    )


def test_the_parametric_law_predicts_a_run_far_from_its_optimum():
    target = 4 * BUDGETS[-1]
    parameters = 3 * true_optimum(target)
    point = (target, parameters, target / 6 / parameters)
    assert LAWS["parametric"](study())(point) == pytest.approx(chinchilla(parameters, point[2]), rel=0.005)


def test_the_law_is_chosen_without_the_largest_budget():
    runs = study(0.001)
    predicted = predict(runs, (3.2e13, true_optimum(3.2e13), 3.2e13 / 6 / true_optimum(3.2e13)), resampled(runs, 20))
    errors = left_out_errors(runs)
    assert predicted.errors == errors and predicted.law == min(errors, key=errors.get)
    assert predicted.interval[0] <= predicted.loss <= predicted.interval[1]
    assert predicted.loss == pytest.approx(
        chinchilla(true_optimum(3.2e13), 3.2e13 / 6 / true_optimum(3.2e13)), rel=0.03
    )


def test_a_budget_whose_optimum_is_outside_its_sizes_is_left_out_of_the_law():
    runs = [run for run in study(sizes=9) if run.budget != 2e12 or run.parameters > true_optimum(2e12) * 1.1]
    curves = parabolas(runs)
    assert [curve.bracketed for curve in curves] == [True, False, True, True]
    assert optimum_law(curves, "tokens").exponent == pytest.approx(0.34 / 0.62, abs=0.01)


def test_too_little_to_fit_is_an_error_that_says_what_is_missing():
    with pytest.raises(PretrainError, match="at least 3 sizes"):
        parabolas(study(sizes=2))
    with pytest.raises(PretrainError, match="needs a fourth"):
        resampled(study(sizes=3), 10)
    with pytest.raises(PretrainError, match="at least 4 budgets"):
        left_out_errors(study(budgets=BUDGETS[:3]))
    with pytest.raises(PretrainError, match="shift the sizes"):
        optimum_law(
            parabolas([run for run in study(sizes=9) if run.parameters > 1.1 * true_optimum(run.budget)]), "tokens"
        )


@settings(max_examples=20)
@given(chance=st.sampled_from([0.0, 0.25]), steepness=st.floats(2, 12), middle=st.floats(0.8, 1.6))
def test_the_sigmoid_from_likelihood_to_accuracy_is_found_again(chance, steepness, middle):
    truth = Accuracy(chance, steepness, middle)
    nll = np.linspace(0.4, 2.0, 9)
    found = fit_accuracy(list(nll), [truth(x) for x in nll], chance)
    assert [found(x) for x in nll] == pytest.approx([truth(x) for x in nll], abs=1e-3)
    assert found(0.2) == pytest.approx(truth(0.2), abs=0.02)


def test_the_chart_is_well_formed_and_shows_every_run():
    from xml.etree import ElementTree

    runs = study(0.002)
    curves = parabolas(runs)
    law = optimum_law(curves, "tokens")
    drawn = chart(runs, curves, law, lambda c: (0.9 * law(c), 1.1 * law(c)), 3.2e13, (3.4, (3.3, 3.5)), 3.41)
    tree = ElementTree.fromstring(drawn)
    titles = [element.text for element in tree.iter("{http://www.w3.org/2000/svg}title")]
    assert sum("parameters" in title for title in titles) == len(runs)
    assert "measured: 3.410" in titles and "predicted: 3.400" in titles
    assert "nan" not in drawn and "http" not in drawn.replace("http://www.w3.org/2000/svg", "")
