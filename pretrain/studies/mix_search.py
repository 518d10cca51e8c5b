"""The data-mix search (section 3.1.2): which weights of the sources give the least loss?

Small runs over candidate weights; for each evaluation the law L(w) = floor + exp(t . w), which is the loss's dependence on
the proportions found by Ye et al. 2024 ("Data Mixing Laws"); the weights at which the evaluations' mean is predicted to be
least; and a run with these weights, to see whether it is.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from pretrain.data.loader import Source
from pretrain.data.shards import read_manifest, write_atomically
from pretrain.errors import PretrainError
from pretrain.studies.scaling import Shapes, Study, budgets, ladder
from pretrain.studies.small_runs import Evaluation, Finished, SmallRun, Standing, run_all

PROPOSALS = 20_000
"""Weights among which the fitted laws' least is looked for."""


@dataclass(frozen=True)
class Mix:
    """Weights and what came of them."""

    weights: dict[str, float]
    losses: dict[str, float]
    """Nats per token, by evaluation."""
    loss: float
    """Their mean: what the search lowers."""


@dataclass(frozen=True)
class Found:
    """What a search came to."""

    best: Mix
    """The least loss measured: with the weights that the laws propose, or a candidate's where that did better."""
    proposed: Mix
    """Measured with the weights that the laws propose."""
    predicted: float
    """The loss that they predicted for these."""
    given: Mix
    """Measured with the weights that the sources came with."""
    candidates: list[Mix]

    def summary(self) -> dict[str, Any]:
        """For JSON."""
        return asdict(self)


def check(sources: int, candidates: int) -> None:
    """Raises PretrainError for fewer than two sources, or fewer candidates than the laws have parameters."""
    if sources < 2:
        raise PretrainError("a search among mixes needs at least two sources")
    if candidates < sources + 2:
        raise PretrainError(f"{candidates} mixes cannot fit {sources + 1} parameters; make at least {sources + 2}")


def search_mixes(
    study: Study,
    sources: Sequence[Source],
    evaluations: Sequence[Evaluation],
    out: Path,
    *,
    candidates: int = 12,
    processes: int = 2,
    show: Callable[[Standing], None] = lambda standing: None,
) -> Found:
    """Train the smallest budget's middle size with each candidate; resumable; writes `mixes.json`.

    Without evaluations every source's held-out part is one, all weighing the same. Raises PretrainError as
    `check` does.
    """
    check(len(sources), candidates)
    if not evaluations:
        evaluations = [
            Evaluation(source.name, (replace(source, weight=1.0),), tokens=study.evaluation_tokens)
            for source in sources
        ]
    given = np.array([source.weight for source in sources]) / sum(source.weight for source in sources)
    vocabulary = read_manifest(Path(sources[0].path)).vocabulary_size
    shapes = Shapes(ladder(vocabulary, study.sequence_length), study, tuple(sources))
    budget = budgets(study)[0]
    middle = shapes.around(budget)[study.sizes // 2]

    def planned(name: str, weights: np.ndarray) -> SmallRun:
        weighted = tuple(
            replace(source, weight=round(float(weight), 6)) for source, weight in zip(sources, weights, strict=True)
        )
        # One training for all, so that FLOPs differ by no more than the documents' lengths.
        return replace(
            shapes.run(budget, middle), name=name, sources=weighted, evaluations=tuple(evaluations), seed=study.seed
        )

    tried = [given, *proposals(len(sources), candidates - 1, study.seed)]
    runs = [planned(f"mix-{i:03d}", weights) for i, weights in enumerate(tried)]
    results = run_all(runs, out / "runs", processes=processes, show=show)
    names = [evaluation.name for evaluation in evaluations]
    laws = [fit_mixing_law(tried, [result.losses[name] for result in results]) for name in names]
    # What was tried is among what is proposed: the search may confirm the best candidate.
    choices = np.array([*tried, *proposals(len(sources), PROPOSALS, study.seed + 1)])
    predicted = np.mean([law(choices) for law in laws], axis=0)
    best = choices[int(predicted.argmin())]
    (made,) = run_all(
        [planned("best", best)], out / "runs", processes=min(1, processes), threads=max(1, processes), show=show
    )
    proposed = _mix(sources, best, made, names)
    measured = [_mix(sources, weights, result, names) for weights, result in zip(tried, results, strict=True)]
    found = Found(
        best=min([proposed, *measured], key=lambda mix: mix.loss),
        proposed=proposed,
        predicted=float(predicted.min()),
        given=measured[0],
        candidates=measured,
    )
    write_atomically(out / "mixes.json", json.dumps(found.summary(), indent=1) + "\n")
    return found


def proposals(n_sources: int, count: int, seed: int) -> list[np.ndarray]:
    """Weights spread evenly over all that are non-negative and sum to 1."""
    return list(np.random.default_rng(seed).dirichlet(np.ones(n_sources), size=count))


def fit_mixing_law(weights: Sequence[np.ndarray], losses: Sequence[float]) -> Callable[[np.ndarray], np.ndarray]:
    """L(w) = floor + exp(t . w) by least squares. The result maps (..., n_sources) to (...) losses."""
    from scipy.optimize import least_squares

    w, y = np.asarray(weights), np.asarray(losses, dtype=float)

    def residuals(parameters: np.ndarray) -> np.ndarray:
        return parameters[0] + np.exp(np.clip(w @ parameters[1:], -50, 50)) - y

    fits = []
    for share in (0.2, 0.6, 0.95):
        floor = share * y.min()
        start = np.array([floor, *np.linalg.lstsq(w, np.log(y - floor), rcond=None)[0]])
        bounds = ([0.0, *[-np.inf] * w.shape[1]], [float(y.min()), *[np.inf] * w.shape[1]])
        fits.append(least_squares(residuals, start, bounds=bounds, x_scale="jac"))
    found = min(fits, key=lambda fit: fit.cost).x
    return lambda points: found[0] + np.exp(np.asarray(points) @ found[1:])


def _mix(sources: Sequence[Source], weights: np.ndarray, result: Finished, names: Sequence[str]) -> Mix:
    losses = {name: result.losses[name] for name in names}
    shares = {source.name: float(weight) for source, weight in zip(sources, weights, strict=True)}
    return Mix(shares, losses, sum(losses.values()) / len(losses))
