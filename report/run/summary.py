"""What a report of a run says: the run, its stages, examples of rows; with what follows from the figures."""

from array import array
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from generators.reasons import Hurdle
from generators.taken import TARGET_MET
from ledger.facts import (
    BestOfFigures,
    CheckpointFact,
    ClaimFigures,
    DataSetFigures,
    DiversityFigures,
    GuardFigures,
    JudgementFact,
    MachineFact,
    ScoreFigures,
    TrainingFigures,
    TrainingTold,
)
from ledger.rows import EVALUATION, Status
from recipes.trainings import Train
from report.card import USES
from rows.messages import Message

DATA_SETS = tuple(USES)
LOOP = ("start", *Train.model_fields)
"""The checkpoints of a round, in its order."""


@dataclass(frozen=True)
class Example:
    """A row as the page shows it."""

    row: str
    seed: str
    detail: str
    topic: str
    """How its problem begins."""
    messages: Sequence[Message]
    tests: str
    saw: str
    """What the sandbox saw last: failed tests and the end of stderr and stdout. Empty where nothing ran."""


@dataclass(frozen=True)
class StageSummary:
    """One generation stage or evaluation."""

    name: str
    figures: Mapping[str, Any]
    """`StageFigures`; empty while the stage has not come to an end."""
    in_sft: int | None = None
    skipped_seeds: str = ""
    """Which malformed seed rows were left out."""
    statuses: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    """Of rejected rows only."""
    left_out: Counter[str] = field(default_factory=Counter)
    """Attempts that nobody judged, by reason."""
    surplus: Counter[str] = field(default_factory=Counter)
    """Rows that hold and do not count for the target, by reason; those of older runs have none."""
    hurdles: Mapping[str, Hurdle] = field(default_factory=dict)
    """At which hurdle an attempt fell that was rejected for a reason; the others got over all of them."""
    by_difficulty: dict[str, Counter[str]] = field(default_factory=dict)
    """difficulty -> counts of `accepted` and `attempts`"""
    by_topic: dict[str, Counter[str]] = field(default_factory=dict)
    by_programming_language: dict[str, Counter[str]] = field(default_factory=dict)
    proofs: Counter[str] = field(default_factory=Counter)
    """Of the accepted rows: the weakest proof of the runs that each rests on, where it rests on any."""
    guard: GuardFigures = field(default_factory=GuardFigures)
    """What a filter on top of the tests removed, by difficulty."""
    diversity: DiversityFigures = field(default_factory=DiversityFigures)
    """Of the accepted rows."""
    changes: Counter[str] = field(default_factory=Counter)
    """What repairs changed, `code` or `tests`; and `first try` and `repaired`, the accepted rows without and with one."""
    accepted_examples: list[Example] = field(default_factory=list)
    rejected_examples: dict[str, list[Example]] = field(default_factory=dict)

    @property
    def accepted(self) -> int:
        return self.statuses[Status.accepted]

    @property
    def attempts(self) -> int:
        return self.statuses.total()

    @property
    def passed_over(self) -> Counter[str]:
        """Of the surplus what no data set takes, by reason; the rest came when the target was met."""
        return Counter({reason: count for reason, count in self.surplus.items() if reason not in ("", TARGET_MET)})

    @property
    def tokens_per_s(self) -> float:
        return float(self.figures.get("output_tokens", 0)) / max(float(self.figures.get("seconds", 0)), 1e-9)

    @property
    def per_accepted(self) -> dict[str, float] | None:
        """Output tokens and seconds for each accepted row; None where there is none."""
        if not self.accepted or not self.figures:
            return None
        return {
            "tokens": round(self.figures["output_tokens"] / self.accepted, 1),
            "seconds": round(self.figures["seconds"] / self.accepted, 3),
        }

    @property
    def corrected_share(self) -> float | None:
        """Accepted rows that were wrong first, as a share; the Llama 3 paper tells of about 20%."""
        repaired = self.changes["repaired"]
        return round(repaired / self.accepted, 4) if "first try" in self.changes or repaired else None

    @property
    def waterfall(self) -> list[tuple[str, int]]:
        """(hurdle, attempts that got over it), from all attempts to the SFT set."""
        left = self.attempts
        steps = [("attempts", left)]
        is_code = self.name.startswith(("code/", EVALUATION))
        if self.statuses[Status.left_out]:
            left -= self.statuses[Status.left_out]
            steps.append(("not left out", left))
        for hurdle in Hurdle:
            lost = sum(count for reason, count in self.reasons.items() if self.hurdles.get(reason) is hurdle)
            left -= lost
            if is_code or lost or hurdle is Hurdle.answered:
                steps.append((str(hurdle), left))
        steps.append(("passed its tests" if is_code else "held up", self.accepted + self.statuses[Status.surplus]))
        if self.statuses[Status.surplus]:
            steps.append(("counted for the target", self.accepted))
        if self.in_sft is not None:
            steps.append(("in the SFT set", self.in_sft))
        return steps


@dataclass(frozen=True)
class Answers:
    """Two checkpoints' greedy answers to one problem."""

    problem: str
    text: str
    before: str
    after: str


@dataclass(frozen=True)
class Claimed:
    """One checkpoint against another, with answers to some of the problems won and lost."""

    figures: ClaimFigures
    won: list[Answers]
    lost: list[Answers]


@dataclass(frozen=True)
class Benchmarked:
    """What a run measured on one benchmark."""

    name: str
    scores: list[ScoreFigures]
    """In the order of the loop, of each checkpoint greedy before sampled."""
    claims: list[Claimed]
    best_of: dict[str, list[BestOfFigures]] = field(default_factory=dict)
    """Checkpoint -> how right the best of N by the reward model is."""

    @property
    def title(self) -> str:
        return self.scores[0]["benchmark"]

    @property
    def n(self) -> int:
        """Problems."""
        return self.scores[0]["n"]

    def by(self, decoding: str) -> list[ScoreFigures]:
        return [score for score in self.scores if score["decoding"] == decoding]


@dataclass(frozen=True)
class RunSummary:
    """Everything the report says."""

    name: str
    path: Path
    checkpoint: CheckpointFact | None
    machine: MachineFact | None
    commands: list[str]
    recipe: dict[str, Any]
    """Every setting resolved; empty before the run began."""
    benchmarks: list[Benchmarked]
    training: dict[str, TrainingFigures]
    told: dict[str, TrainingTold]
    """How each training is told; none of those of an older version."""
    data: dict[str, DataSetFigures]
    steps: dict[str, dict[str, Any]]
    stages: list[StageSummary]
    evaluations: list[StageSummary]
    templates: list[tuple[str, int, str]]
    """(version, completions it made, source)"""
    verdicts: Counter[str]
    run_seconds: "array[float]"
    """Seconds of each sandbox run, waiting for a slot included; sorted."""
    cpu_seconds: float
    """CPU seconds of all sandboxed programs."""
    prompt_tokens: int
    cached_tokens: int
    output_tokens: int
    journalled_tokens: int
    """Tokens kept of completions that were cut short."""
    emitted_tokens: int | None
    """Tokens the engine decoded; None where nothing counted."""
    stopped: Counter[str]
    """Answers that were stopped while they were written, by reason."""
    pairs: int
    """Pairs of answers that an arena shows."""
    judgements: list[JudgementFact]
    """What a person said of them."""

    @property
    def cache_hit_rate(self) -> float:
        return self.cached_tokens / max(1, self.prompt_tokens)

    @property
    def generated_twice(self) -> int | None:
        """Tokens the engine decoded that the ledger does not hold: the price of kills. None where nothing counted."""
        if not self.emitted_tokens:
            return None
        return max(0, self.emitted_tokens - self.output_tokens - self.journalled_tokens)

    @property
    def sentences(self) -> list[str]:
        """The run in a few honest sentences: what was kept; then of each benchmark what was measured and what may be said."""
        accepted, attempts = (sum(getattr(stage, name) for stage in self.stages) for name in ("accepted", "attempts"))
        told = [f"{accepted:,} of {attempts:,} attempts were accepted ({accepted / attempts:.1%})."] if attempts else []
        if self.pairs:
            better = sum(said["better"] is not None for said in self.judgements)
            edited = sum(said["edited"] is not None for said in self.judgements)
            told.append(
                f"A person judged {len(self.judgements):,} of {self.pairs:,} pairs of answers: {better:,} to learn from, {edited:,} edited."
            )
        for benchmark in self.benchmarks:
            told.append(self._told(benchmark))
            told += [
                f"{self.label(claim.figures['after'])} against {self.label(claim.figures['before'])}: {claim.figures['verdict']}."
                for claim in benchmark.claims
            ]
        return told or ["Nothing has been generated yet."]

    @property
    def sentence(self) -> str:
        """All of them."""
        return " ".join(self.sentences)

    def _told(self, benchmark: Benchmarked) -> str:
        """The figures of a benchmark in a sentence."""
        told = []
        for decoding in ("greedy", "sampled"):
            if not (scores := benchmark.by(decoding)):
                continue
            how = "greedily" if decoding == "greedy" else f"at temperature {scores[0]['temperature']:g}"
            if len(scores) == 1 and scores[0]["checkpoint"] == "start":
                low, high = scores[0]["interval"]
                told.append(f"{how} {scores[0]['pass@1']:.1%} (95%: {low:.1%} to {high:.1%})")
            else:
                each = [f"{score['pass@1']:.1%} ({self.label(score['checkpoint'])})" for score in scores]
                told.append(f"{how} {', '.join(each)}")
        return f"pass@1 on {benchmark.title}, {benchmark.n} problems: {'; '.join(told)}."

    def label(self, training: str) -> str:
        """A checkpoint's name in a sentence: the start, the training that made it, or as it stands."""
        if training == "start":
            return "the start"
        if training in self.told:
            return self.told[training]["label"]
        return training.upper() if training.partition("-")[0] in LOOP else training

    def curves(self, training: str) -> list[tuple[str, list[tuple[int, float]]]]:
        """(title, points) to draw beside the loss; every figure under its own name where nothing says which are worth it."""
        metrics = self.training[training]["metrics"]
        titles = self.told[training]["curves"] if training in self.told else {name: name for name in metrics}
        return [(title, metrics[name]) for name, title in titles.items() if name in metrics]

    def run_percentile(self, share: float) -> float:
        """Seconds of the sandbox run at that share of the sorted runs; 0 where none ran."""
        last = len(self.run_seconds) - 1
        return self.run_seconds[min(last, int(share * len(self.run_seconds)))] if last >= 0 else 0.0
