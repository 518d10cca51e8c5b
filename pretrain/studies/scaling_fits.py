"""The mathematics of a scaling study (section 3.2.1): from finished small runs to the size and loss of a larger one.

Each budget's losses are a parabola in the logarithm of the tokens; its lowest point is the budget's optimum. The optima
give N*(C) = A C^alpha, where N are tokens in the paper's notation and (alpha, A) = (0.53, 0.29) are its values. The loss
of a larger run comes from one of three laws; which one is decided by leaving out the largest budget, never by the run
that is to be predicted. Everything here is numbers to numbers: nothing trains.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from pretrain.errors import PretrainError

HUBER_DELTA = 1e-3
"""Of the errors in log loss; beyond it an outlier counts linearly (Hoffmann et al. 2022, approach 3)."""


@dataclass(frozen=True)
class Run:
    """One finished small run."""

    budget: float
    """The budget it belongs to, floating-point operations; equal for all runs of one parabola."""
    flops: float
    """What it really spent: whole steps do not meet a budget exactly."""
    parameters: int
    tokens: int
    loss: float
    """Of held-out text, nats per token."""


@dataclass(frozen=True)
class Parabola:
    """loss = bottom + curvature (ln tokens - ln best)^2, of one budget."""

    budget: float
    tokens: float
    """Compute-optimal tokens."""
    parameters: float
    """Compute-optimal parameters, from a parabola in ln parameters."""
    loss: float
    """The loss at the optimum."""
    curvature: float
    bracketed: bool
    """It opens upwards and its optimum lies between runs: only then is it an optimum and not an extrapolation."""


@dataclass(frozen=True)
class PowerLaw:
    """value = factor x C^exponent, with 95% bootstrap intervals where it was given resamples."""

    factor: float
    exponent: float
    factor_interval: tuple[float, float] | None = None
    exponent_interval: tuple[float, float] | None = None

    def __call__(self, flops: float) -> float:
        return self.factor * flops**self.exponent


@dataclass(frozen=True)
class Prediction:
    """The loss predicted for a run that nothing was fitted to."""

    law: str
    """One of LAWS."""
    loss: float
    interval: tuple[float, float]
    """95%, from the resampled small runs: what their noise does to the prediction. It knows nothing of a wrong law."""
    errors: dict[str, float]
    """Each law's relative error at the largest budget when fitted without it; the least decided."""
    losses: dict[str, float]
    """What each law would have said."""


Point = tuple[float, float, float]
"""(flops, parameters, tokens) of a run whose loss is asked for."""
Law = Callable[[Point], float]


def parabolas(runs: Sequence[Run]) -> list[Parabola]:
    """One for each budget, in ascending order. Raises PretrainError where a budget has fewer than three sizes."""
    found = []
    for budget in sorted({run.budget for run in runs}):
        group = [run for run in runs if run.budget == budget]
        if len({run.tokens for run in group}) < 3:
            raise PretrainError(f"budget {budget:.3g} has {len(group)} runs; a parabola needs at least 3 sizes")
        losses = np.array([run.loss for run in group])
        log_tokens, bottom, curvature = _vertex(np.log([run.tokens for run in group]), losses)
        log_parameters, _, _ = _vertex(np.log([run.parameters for run in group]), losses)
        low, high = min(run.tokens for run in group), max(run.tokens for run in group)
        inside = curvature > 0 and math.log(low) <= log_tokens <= math.log(high)
        found.append(
            Parabola(budget, _exp(log_tokens), _exp(log_parameters), float(bottom), float(curvature), bool(inside))
        )
    return found


def optimum_law(curves: Sequence[Parabola], what: str) -> PowerLaw:
    """The line through the bracketed optima in logarithms; `what` is "tokens" or "parameters"."""
    good = [curve for curve in curves if curve.bracketed]
    if len(good) < 2:
        raise PretrainError(
            f"only {len(good)} of {len(curves)} budgets have their optimum between two of their sizes; "
            "shift the sizes (tokens per parameter) or take more of them"
        )
    exponent, log_factor = np.polyfit(
        np.log([curve.budget for curve in good]), np.log([getattr(curve, what) for curve in good]), 1
    )
    return PowerLaw(float(np.exp(log_factor)), float(exponent))


def with_intervals(law: PowerLaw, resamples: Sequence[PowerLaw]) -> PowerLaw:
    """The same law with the 2.5th and 97.5th percentiles of its resamples."""
    return replace(
        law,
        factor_interval=interval([resample.factor for resample in resamples]),
        exponent_interval=interval([resample.exponent for resample in resamples]),
    )


def interval(values: Sequence[float]) -> tuple[float, float]:
    """The middle 95% of values."""
    low, high = np.percentile(np.asarray(values, dtype=float), [2.5, 97.5])
    return float(low), float(high)


def resampled(runs: Sequence[Run], count: int, seed: int = 0) -> list[list[Run]]:
    """Bootstrap of the losses: each run's becomes its parabola's plus a residual drawn from those of all budgets.

    Residuals are scaled up by sqrt(n / (n - p)), since parabolas through few points pass closer to them than to the truth.
    """
    ordered = sorted(runs, key=lambda run: (run.budget, run.tokens))
    budgets = sorted({run.budget for run in ordered})
    fitted = np.empty(len(ordered))
    for budget in budgets:
        where = [i for i, run in enumerate(ordered) if run.budget == budget]
        x = np.log([ordered[i].tokens for i in where])
        y = np.array([ordered[i].loss for i in where])
        fitted[where] = np.polyval(np.polyfit(x - x.mean(), y, 2), x - x.mean())
    residuals = np.array([run.loss for run in ordered]) - fitted
    spare = len(ordered) - 3 * len(budgets)
    if spare < 1:
        raise PretrainError("every budget has three sizes, which a parabola meets exactly; an interval needs a fourth")
    residuals = residuals * math.sqrt(len(ordered) / spare)
    draws = np.random.default_rng(seed).choice(residuals, size=(count, len(ordered)))
    return [
        [replace(run, loss=float(loss)) for run, loss in zip(ordered, fitted + draw, strict=True)] for draw in draws
    ]


def optimum_resamples(samples: Sequence[Sequence[Run]], what: str) -> list[PowerLaw]:
    """The optimum law of each resample; those in which fewer than two budgets are bracketed have none."""
    laws = []
    for sample in samples:
        curves = parabolas(sample)
        if sum(curve.bracketed for curve in curves) >= 2:
            laws.append(optimum_law(curves, what))
    return laws


def predict(runs: Sequence[Run], point: Point, samples: Sequence[Sequence[Run]] = ()) -> Prediction:
    """The loss at `point`, by the law that best predicts the largest budget's optimum from the smaller budgets."""
    errors = left_out_errors(runs)
    law = min(errors, key=lambda name: errors[name])
    losses = {name: fit(runs)(point) for name, fit in LAWS.items()}
    spread = [LAWS[law](sample)(point) for sample in samples] or [losses[law]]
    return Prediction(law, losses[law], interval(spread), errors, losses)


def left_out_errors(runs: Sequence[Run]) -> dict[str, float]:
    """For each law its relative error at the largest budget's optimum, fitted to the smaller budgets alone."""
    largest = max(run.budget for run in runs)
    smaller = [run for run in runs if run.budget < largest]
    if len({run.budget for run in smaller}) < 3:
        raise PretrainError("choosing a law leaves out the largest budget, so it needs at least 4 budgets")
    best = parabolas([run for run in runs if run.budget == largest])[0]
    point = (largest, best.parameters, best.tokens)
    if not best.bracketed:
        lowest = min((run for run in runs if run.budget == largest), key=lambda run: run.loss)
        best, point = replace(best, loss=lowest.loss), (largest, lowest.parameters, lowest.tokens)
    return {name: abs(fit(smaller)(point) - best.loss) / best.loss for name, fit in LAWS.items()}


def fit_power(runs: Sequence[Run]) -> Law:
    """L = B C^-b through the budgets' minima: stiff, so it withstands few and noisy budgets."""
    flops, losses = _minima(runs)
    slope, intercept = np.polyfit(np.log(flops), np.log(losses), 1)
    return lambda point: float(np.exp(intercept + slope * math.log(point[0])))


def fit_floor(runs: Sequence[Run]) -> Law:
    """L = E + B C^-b through the budgets' minima, E >= 0: the loss does not fall for ever."""
    from scipy.optimize import least_squares

    flops, losses = _minima(runs)
    centre = float(np.exp(np.log(flops).mean()))
    x, lowest = np.log(flops / centre), float(losses.min())

    def residuals(parameters: np.ndarray) -> np.ndarray:
        floor, scale, exponent = parameters
        return floor + scale * np.exp(-exponent * x) - losses

    fits = [
        least_squares(
            residuals, (floor * lowest, lowest * (1 - floor), 0.2), bounds=((0, 0, 0.005), (lowest, np.inf, 2))
        )
        for floor in (0.05, 0.5, 0.9)
    ]
    floor, scale, exponent = min(fits, key=lambda fit: fit.cost).x
    return lambda point: float(floor + scale * (point[0] / centre) ** -exponent)


def fit_parametric(runs: Sequence[Run]) -> Law:
    """L(N, D) = E + A / N^a + B / D^b by Huber loss on log L, to all the runs and not only to the minima.

    N are parameters, D tokens. It also predicts runs that are not compute-optimal.
    """
    from scipy.optimize import minimize

    log_n = np.log([run.parameters for run in runs])
    log_d = np.log([run.tokens for run in runs])
    target = np.log([run.loss for run in runs])
    centre_n, centre_d = float(log_n.mean()), float(log_d.mean())
    n, d = log_n - centre_n, log_d - centre_d

    def objective(parameters: np.ndarray) -> tuple[float, np.ndarray]:
        a, b, e, alpha, beta = parameters
        terms = np.stack((a - alpha * n, b - beta * d, np.full_like(n, e)))
        total = np.logaddexp.reduce(terms, axis=0)
        error = total - target
        inner = np.abs(error) <= HUBER_DELTA
        loss = np.where(inner, 0.5 * error**2, HUBER_DELTA * (np.abs(error) - 0.5 * HUBER_DELTA))
        slope = np.where(inner, error, HUBER_DELTA * np.sign(error))
        share = np.exp(terms - total) * slope
        gradient = [share[0].sum(), share[1].sum(), share[2].sum(), -(share[0] * n).sum(), -(share[1] * d).sum()]
        # Errors are of the order of 1e-3: unscaled, their squares lie below the optimizer's tolerance.
        return float(loss.sum()) * 1e6, np.array(gradient) * 1e6

    middle = float(target.mean())
    bounds = [(None, middle + 1), (None, middle + 1), (middle - 8, float(target.min())), (0.02, 2), (0.02, 2)]
    best = min(
        (
            minimize(
                objective,
                (
                    middle + math.log((1 - floor) / 2),
                    middle + math.log((1 - floor) / 2),
                    middle + math.log(floor),
                    a,
                    b,
                ),
                jac=True,
                bounds=bounds,
                method="L-BFGS-B",
                options={"maxiter": 2000, "ftol": 1e-12, "gtol": 1e-9},
            )
            for floor in (0.1, 0.5)
            for a in (0.3, 0.8)
            for b in (0.3, 0.8)
        ),
        key=lambda fit: fit.fun,
    )
    a, b, e, alpha, beta = best.x

    def law(point: Point) -> float:
        _, parameters, tokens = point
        size = math.exp(a - alpha * (math.log(parameters) - centre_n))
        data = math.exp(b - beta * (math.log(tokens) - centre_d))
        return size + data + math.exp(e)

    return law


LAWS: dict[str, Callable[[Sequence[Run]], Law]] = {
    "power": fit_power,
    "floor": fit_floor,
    "parametric": fit_parametric,
}


@dataclass(frozen=True)
class Accuracy:
    """The paper's second step: accuracy = chance + (1 - chance) x sigmoid(steepness x (middle - nll))."""

    chance: float
    steepness: float
    middle: float
    """Nats at which half of what lies above chance is reached."""

    def __call__(self, nll: float) -> float:
        return self.chance + (1 - self.chance) / (1 + math.exp(-self.steepness * (self.middle - nll)))


def fit_accuracy(nll: Sequence[float], accuracy: Sequence[float], chance: float = 0.0) -> Accuracy:
    """The sigmoid from the negative log-likelihood of the right answers to the share that is answered right.

    The paper fits it over models of every size, finished ones included; the likelihood itself is predicted from
    compute, as a loss is. Raises PretrainError for fewer than three points.
    """
    from scipy.optimize import least_squares

    if len(nll) != len(accuracy) or len(nll) < 3:
        raise PretrainError(
            f"a sigmoid needs three or more pairs; got {len(nll)} likelihoods, {len(accuracy)} accuracies"
        )
    x, y = np.asarray(nll, dtype=float), np.asarray(accuracy, dtype=float)
    width = max(float(np.ptp(x)), 1e-3)

    def residuals(parameters: np.ndarray) -> np.ndarray:
        steepness, middle = parameters
        return chance + (1 - chance) / (1 + np.exp(-steepness / width * (middle - x))) - y

    starts = [(steepness, middle) for steepness in (2.0, 8.0) for middle in (x.min(), x.mean(), x.max())]
    fits = [least_squares(residuals, start, bounds=((0, -np.inf), (200, np.inf))) for start in starts]
    steepness, middle = min(fits, key=lambda fit: fit.cost).x
    return Accuracy(chance, float(steepness / width), float(middle))


def _vertex(x: np.ndarray, y: np.ndarray) -> tuple[float, float, float]:
    """(x, y, curvature) of the turning point of the least-squares parabola."""
    centre = x.mean()
    curvature, slope, level = np.polyfit(x - centre, y, 2)
    if curvature == 0:
        return math.inf, math.nan, 0.0
    return float(centre - slope / (2 * curvature)), float(level - slope**2 / (4 * curvature)), float(curvature)


def _exp(log_value: float) -> float:
    """exp, where a parabola that is nearly a line has its vertex beyond all floats."""
    return math.exp(min(log_value, 700.0))


def _minima(runs: Sequence[Run]) -> tuple[np.ndarray, np.ndarray]:
    """(budgets, lowest losses): the vertex where it is one, else the best run of the budget."""
    flops, losses = [], []
    for curve in parabolas(runs):
        flops.append(curve.budget)
        lowest = min(run.loss for run in runs if run.budget == curve.budget)
        losses.append(curve.loss if curve.bracketed else lowest)
    return np.array(flops), np.array(losses)
