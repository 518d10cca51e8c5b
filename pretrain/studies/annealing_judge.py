"""Annealing as a judge (section 3.1.3): is this small data set worth having?

From a half-trained checkpoint the learning rate goes linearly to 0 twice, once on 30% of the new set and 70% of the
default mix, once on the default mix alone, for each of several seeds. What the new set is worth is the difference of the
losses on text that stands for what one wants the model to be good at; the seeds give its interval.

    verdict = judge(checkpoint, dataset, mix, targets, Trial(tokens=2_000_000, lr=1e-3), out)
"""

import json
import math
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from pretrain.data.loader import Source
from pretrain.data.shards import write_atomically
from pretrain.errors import PretrainError
from pretrain.studies.small_runs import Evaluation, Finished, SmallRun, Standing, run_all
from pretrain.training.schedules import Training

WORTH, NOT_WORTH, CANNOT_TELL = "worth it", "not worth it", "cannot tell"
MIX, DATASET = "default mix", "data set"
"""Names of the evaluations on the held-out parts of what is trained on: for information, not for the verdict."""


@dataclass(frozen=True)
class Trial:
    """How the two annealings are made."""

    tokens: int
    """Of each annealing."""
    lr: float
    """Where the line to 0 begins: best the learning rate that the checkpoint was being trained with."""
    share: float = 0.3
    """Of the tokens, from the new set."""
    seeds: int = 3
    batch_tokens: int = 8192
    sequence_length: int = 512
    warmup: float = 0.05
    """Share of the tokens over which the learning rate rises first: the optimizer's moments begin at zero."""
    evaluation_tokens: int = 65_536
    """Of each evaluation."""

    def __post_init__(self) -> None:
        if not 0 < self.share < 1:
            raise PretrainError(f"share = {self.share}: the new set's part of the tokens lies between 0 and 1")
        if self.seeds < 3:
            raise PretrainError(f"seeds = {self.seeds}: an interval that says anything needs at least 3")
        for name in ("tokens", "lr", "batch_tokens", "sequence_length"):
            if not getattr(self, name) > 0:
                raise PretrainError(f"{name} = {getattr(self, name):g}: it must be above 0")


@dataclass(frozen=True)
class Difference:
    """Loss with the new set minus loss without it, on one evaluation: below 0 is better."""

    evaluation: str
    with_set: list[float]
    without: list[float]
    """Nats per token, a seed each, paired."""
    mean: float
    interval: tuple[float, float]
    """95%, paired t over the seeds: what another order of the data would change. The evaluation's text is fixed."""
    verdict: str


@dataclass(frozen=True)
class Judgement:
    """What came out."""

    verdict: str
    overall: Difference
    """Of the mean over the targets."""
    differences: list[Difference]
    """Of each target; then, for information, of the held-out parts of the default mix and of the data set."""
    epochs: float
    """How often an annealing went through what it read most; a small set read many times is judged as that."""

    def summary(self) -> dict[str, Any]:
        """For JSON."""
        return asdict(self)


def judge(
    checkpoint: Path,
    dataset: Source,
    mix: Sequence[Source],
    targets: Sequence[Evaluation],
    trial: Trial,
    out: Path,
    *,
    processes: int = 2,
    show: Callable[[Standing], None] = lambda standing: None,
) -> Judgement:
    """Anneal 2 x seeds times from `checkpoint`, a Hugging Face directory, and compare. Resumable; writes `judgement.json`.

    `dataset` and `mix` need a held-out share; `targets` must hold nothing that is trained on. Raises PretrainError
    where there are no targets, or names clash.
    """
    if not targets:
        raise PretrainError(
            "nothing to judge by: name at least one evaluation set, text of the kind the model is to master"
        )
    if clash := {target.name for target in targets} & {MIX, DATASET}:
        raise PretrainError(f"an evaluation may not be called {', '.join(clash)}; give it another name")
    if dataset.name in {source.name for source in mix}:
        raise PretrainError(f"the data set and a source of the mix are both called {dataset.name!r}; write NAME=PATH")
    total = sum(source.weight for source in mix)
    if total <= 0:
        raise PretrainError("the default mix has no source with a weight above 0")
    default = tuple(replace(source, weight=source.weight / total) for source in mix)
    blend = (
        *(replace(source, weight=source.weight * (1 - trial.share)) for source in default),
        replace(dataset, weight=trial.share),
    )
    evaluations = (
        *targets,
        Evaluation(MIX, default, tokens=trial.evaluation_tokens),
        Evaluation(DATASET, (replace(dataset, weight=1.0),), tokens=trial.evaluation_tokens),
    )
    plan = [
        SmallRun(f"{arm}-seed-{seed}", checkpoint, sources, annealing(trial), evaluations, seed)
        for seed in range(trial.seeds)
        for arm, sources in (("with", blend), ("without", default))
    ]
    results = run_all(plan, out / "runs", processes=processes, show=show)
    judged = compare(results[::2], results[1::2], [target.name for target in targets])
    write_atomically(out / "judgement.json", json.dumps(judged.summary(), indent=1) + "\n")
    return judged


def annealing(trial: Trial) -> Training:
    """The learning rate's way to 0 in whole steps."""
    steps = math.ceil(trial.tokens / trial.batch_tokens)
    return Training(
        tokens=steps * trial.batch_tokens,
        lr=trial.lr,
        schedule="linear",
        warmup_tokens=int(steps * trial.batch_tokens * trial.warmup),
        batch_tokens=trial.batch_tokens,
        sequence_length=trial.sequence_length,
    )


def compare(with_set: Sequence[Finished], without: Sequence[Finished], targets: Sequence[str]) -> Judgement:
    """Paired by position: one run of each a seed."""
    names = [*targets, *(name for name in with_set[0].losses if name not in targets)]
    differences = [
        difference(name, [run.losses[name] for run in with_set], [run.losses[name] for run in without])
        for name in names
    ]
    overall = difference("all targets", _means(with_set, targets), _means(without, targets))
    epochs = max(run.epochs for run in [*with_set, *without])
    return Judgement(overall.verdict, overall, differences, epochs)


def difference(name: str, with_set: Sequence[float], without: Sequence[float]) -> Difference:
    """The mean of the paired differences, its interval, and what follows from it."""
    from scipy.stats import t

    pairs = [a - b for a, b in zip(with_set, without, strict=True)]
    mean = sum(pairs) / len(pairs)
    variance = sum((pair - mean) ** 2 for pair in pairs) / (len(pairs) - 1)
    half = float(t.ppf(0.975, len(pairs) - 1)) * math.sqrt(variance / len(pairs))
    low, high = mean - half, mean + half
    verdict = WORTH if high < 0 else NOT_WORTH if low > 0 else CANNOT_TELL
    return Difference(name, list(with_set), list(without), mean, (low, high), verdict)


def _means(runs: Sequence[Finished], targets: Sequence[str]) -> list[float]:
    return [sum(run.losses[name] for name in targets) / len(targets) for run in runs]
