"""Reads a ledger once and keeps what a report shows: figures of everything, examples of a few."""

from array import array
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from ledger import facts
from ledger.facts import (
    CheckpointFact,
    ComparisonFigures,
    DataSetFigures,
    DiversityFigures,
    GuardFigures,
    MachineFact,
    ScoreFigures,
    TrainingFigures,
)
from ledger.rows import EVALUATION, Row, Status
from ledger.store import Ledger
from rows.messages import Message
from rows.readers import shards

T = TypeVar("T")
DATA_SETS = ("sft", "preference", "stepwise")
LOOP = ("start", "sft", "dpo")
"""The checkpoints of a round, in its order."""
EXAMPLES = 3
"""Rows shown of each reason, no two of one seed."""
ACCEPTED_EXAMPLES = 5
GROUPS = 60
"""Topics told apart; what comes later is counted as one."""
FAILED_TESTS = 3
"""Failed tests shown of a rejected row."""
HURDLES: list[tuple[str, frozenset[str]]] = [
    (
        "answered",
        frozenset(
            [
                "no_code",
                "cut_off",
                "prompt_too_long",
                "no_answer",
                "no_problem",
                "no_numbers",
                "unfinished",
                "copied",
                "bad_seed",
                "skill_is_strong",
                "no_reference",
                "unknown_language",
                "no_text",
                "leaks_code",
                "no_explanation",
                "too_few_inputs",
                "untranslatable_values",
                "source_fails",
                "no_bug",
                "too_few_steps",
                "too_many_steps",
                "no_output",
                "too_many_programs",
            ]
        ),
    ),
    ("parsed", frozenset({"parse_error"})),
    ("linted", frozenset({"lint_error", "compile_error"})),
    (
        "ran within limits",
        frozenset(
            [
                "runtime_error",
                "time_limit",
                "wall_limit",
                "memory_limit",
                "output_limit",
                "process_limit",
                "disk_limit",
                "forbidden",
            ]
        ),
    ),
]
"""What an attempt has to get over before its tests decide, in order, and the reasons for which it falls there."""


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
    by_difficulty: dict[str, Counter[str]] = field(default_factory=dict)
    """difficulty -> counts of `accepted` and `attempts`"""
    by_topic: dict[str, Counter[str]] = field(default_factory=dict)
    by_language: dict[str, Counter[str]] = field(default_factory=dict)
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
        for label, reasons in HURDLES:
            lost = sum(self.reasons[reason] for reason in reasons)
            left -= lost
            if is_code or lost or label == "answered":
                steps.append((label, left))
        steps.append(("passed its tests" if is_code else "held up", self.accepted + self.statuses[Status.surplus]))
        if self.statuses[Status.surplus]:
            steps.append(("within the target", self.accepted))
        if self.in_sft is not None:
            steps.append(("in the SFT set", self.in_sft))
        return steps


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
    scores: list[tuple[str, ScoreFigures, ComparisonFigures | None]]
    """(checkpoint, score, comparison with the start) in the order of the loop."""
    training: dict[str, TrainingFigures]
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
    def sentence(self) -> str:
        """The run in a few honest sentences: what was kept, and whether it helped."""
        accepted, attempts = (sum(getattr(stage, name) for stage in self.stages) for name in ("accepted", "attempts"))
        parts = []
        if attempts:
            parts.append(f"{accepted:,} of {attempts:,} attempts were accepted ({accepted / attempts:.1%}).")
        for name, found, comparison in self.scores:
            if comparison:
                parts.append(
                    f"After {name.upper()} it is {found['pass@1']:.1%}, against the start {comparison['verdict']}."
                )
            elif len(self.scores) == 1:
                low, high = found["interval"]
                parts.append(f"pass@1 {found['pass@1']:.1%} (95%: {low:.1%} to {high:.1%}) on {found['n']} problems.")
            else:
                parts.append(f"pass@1 on {found['n']} problems is {found['pass@1']:.1%} at the start.")
        return " ".join(parts) or "Nothing has been generated yet."

    def run_percentile(self, share: float) -> float:
        """Seconds of the sandbox run at that share of the sorted runs; 0 where none ran."""
        last = len(self.run_seconds) - 1
        return self.run_seconds[min(last, int(share * len(self.run_seconds)))] if last >= 0 else 0.0


def gather(ledger: Ledger) -> RunSummary:
    """Read the whole ledger. Memory grows by eight bytes a sandbox run, otherwise with stages and reasons, not with rows."""
    in_sft = _rows_in_sft(ledger.run_dir)
    stages: dict[str, StageSummary] = {}
    for row in ledger.rows():
        if row.stage not in stages:
            exported = in_sft is not None and not row.stage.startswith(EVALUATION)
            stages[row.stage] = StageSummary(
                row.stage,
                ledger.read(facts.STAGE, row.stage) or {},
                (in_sft or {}).get(row.stage, 0) if exported else None,
                ledger.read(facts.SKIPPED_SEEDS, row.stage) or "",
                guard=ledger.read(facts.GUARD, row.stage) or {},
                diversity=ledger.read(facts.DIVERSITY, row.stage) or {},
            )
        _add(stages[row.stage], row, ledger)
    made: Counter[str] = Counter()
    verdicts: Counter[str] = Counter()
    tokens: Counter[str] = Counter()
    seconds: array[float] = array("d")
    cpu_seconds = 0.0
    for effect in ledger.effects():
        if effect.kind == "ask":
            made[effect.template] += 1
            tokens["prompt"] += effect.prompt_tokens
            tokens["cached"] += effect.cached_tokens
            tokens["output"] += effect.output_tokens
        elif effect.kind == "run":
            verdicts[effect.result["verdict"]] += 1
            seconds.append(effect.seconds)
            cpu_seconds += effect.result.get("usage", {}).get("cpu_s", 0.0)
    evaluations = {name.removeprefix(EVALUATION): stages[name] for name in stages if name.startswith(EVALUATION)}
    return RunSummary(
        ledger.run_dir.resolve().name,
        ledger.run_dir,
        ledger.read(facts.CHECKPOINT),
        ledger.read(facts.MACHINE),
        ledger.read(facts.COMMANDS) or [],
        ledger.read(facts.RECIPE) or {},
        [(name, score, ledger.all(facts.COMPARISON).get(name)) for name, score in _in_loop(ledger.all(facts.SCORE))],
        dict(_in_loop(ledger.all(facts.TRAINING))),
        {name: found for name in DATA_SETS if (found := ledger.read(facts.DATA_SET, name))},
        ledger.steps(),
        [stage for stage in stages.values() if not stage.name.startswith(EVALUATION)],
        [stage for _, stage in _in_loop(evaluations)],
        [(version, made[version], source) for version, source in ledger.templates().items()],
        verdicts,
        array("d", sorted(seconds)),
        cpu_seconds,
        tokens["prompt"],
        tokens["cached"],
        tokens["output"],
        ledger.journalled_tokens(),
        ledger.read(facts.EMITTED_TOKENS),
    )


def to_json(summary: RunSummary) -> dict[str, Any]:
    """The figures for a script: of all generation stages together, then of each, evaluations apart."""
    rejected: Counter[str] = Counter()
    for stage in summary.stages:
        rejected.update(stage.reasons)
    return {
        "accepted": sum(stage.accepted for stage in summary.stages),
        "attempts": sum(stage.attempts for stage in summary.stages),
        "rejected": dict(rejected.most_common()),
        "output_tokens": sum(int(stage.figures.get("output_tokens", 0)) for stage in summary.stages),
        "seconds": round(sum(float(stage.figures.get("seconds", 0)) for stage in summary.stages), 3),
        "stages": {stage.name: _stage_json(stage) for stage in summary.stages},
        "evaluations": {stage.name: _stage_json(stage) for stage in summary.evaluations},
        "scores": {name: score for name, score, _ in summary.scores},
        "comparisons": {name: comparison for name, _, comparison in summary.scores if comparison},
        "training": summary.training,
        "data": summary.data,
        "verdicts": dict(summary.verdicts.most_common()),
        "tokens": {
            "prompt": summary.prompt_tokens,
            "cached": summary.cached_tokens,
            "output": summary.output_tokens,
            "journalled": summary.journalled_tokens,
            "emitted": summary.emitted_tokens,
        },
        "prefix_cache_hit_rate": round(summary.cache_hit_rate, 4),
        "generated_twice": summary.generated_twice,
        "templates": {version: count for version, count, _ in summary.templates},
        "summary": summary.sentence,
    }


def _stage_json(stage: StageSummary) -> dict[str, Any]:
    waterfall = dict(stage.waterfall)
    return {
        **stage.figures,
        "waterfall": waterfall,
        "by_difficulty": {k: dict(v) for k, v in stage.by_difficulty.items()},
        "by_topic": {k: dict(v) for k, v in stage.by_topic.items()},
        "by_language": {k: dict(v) for k, v in stage.by_language.items()},
        "per_accepted": stage.per_accepted,
        "corrected_share": stage.corrected_share,
        "diversity": stage.diversity,
        "guard": stage.guard,
    }


def _add(stage: StageSummary, row: Row, ledger: Ledger) -> None:
    payload, accepted = row.payload, row.status is Status.accepted
    stage.statuses[row.status] += 1
    for groups, key in (
        (stage.by_difficulty, "difficulty"),
        (stage.by_topic, "topic"),
        (stage.by_language, "language"),
    ):
        if payload.get(key):
            name = str(payload[key])
            group = groups.setdefault(name if name in groups or len(groups) < GROUPS else "others", Counter())
            group.update(accepted=int(accepted), attempts=1)
    if "changes" in payload:
        # Chosen by the model: only a grammar keeps it to two words, and not every server obeys one.
        stage.changes.update("tests" if change == "tests" else "code" for change in payload["changes"])
        if accepted:
            stage.changes["repaired" if payload["changes"] else "first try"] += 1
    if row.status is Status.rejected:
        stage.reasons[row.reason] += 1
        _show(stage.rejected_examples.setdefault(row.reason, []), EXAMPLES, row, ledger)
    elif accepted:
        _show(stage.accepted_examples, ACCEPTED_EXAMPLES, row, ledger)


def _show(shown: list[Example], most: int, row: Row, ledger: Ledger) -> None:
    if len(shown) < most and row.seed_id not in [example.seed for example in shown]:
        payload = row.payload
        messages = payload.get("messages") or [
            *(payload.get("prompt") or [{"role": "user", "content": payload.get("problem", "")}]),
            {"role": "assistant", "content": payload.get("completion", "")},
        ]
        saw = "" if row.status is Status.accepted else _last_seen(row, ledger)
        topic = " ".join(payload.get("problem", "")[:400].split())
        shown.append(
            Example(row.id, row.seed_id, payload.get("detail", ""), topic, messages, payload.get("tests", ""), saw)
        )


def _last_seen(row: Row, ledger: Ledger) -> str:
    effects = [effect for key in row.effects[-3:] if (effect := ledger.effect(key)) and effect.kind == "run"]
    if not effects:
        return ""
    report = effects[-1].result
    failed = [test for test in report.get("tests", ()) if not test["passed"]]
    lines = [f"{test['source']}\n  {test['message']}" for test in failed[:FAILED_TESTS]]
    lines += [f"... and {len(failed) - FAILED_TESTS} more failed"] if len(failed) > FAILED_TESTS else []
    streams = [(name, report.get(name, "").strip()) for name in ("stderr", "stdout")]
    return "\n".join([*lines, *(f"{name} (end):\n{text[-800:]}" for name, text in streams if text)])


def _in_loop(found: Mapping[str, T]) -> list[tuple[str, T]]:
    """What is told of checkpoints, in the order of the loop; names that are none of its own come last."""
    return sorted(found.items(), key=lambda item: LOOP.index(item[0]) if item[0] in LOOP else len(LOOP))


def _rows_in_sft(run_dir: Path) -> dict[str, int] | None:
    files = shards(run_dir / "data" / "sft")
    if not files:
        return None
    import pyarrow.parquet as parquet

    return sum(
        (Counter(parquet.read_table(file, columns=["stage"]).column("stage").to_pylist()) for file in files), Counter()
    )
