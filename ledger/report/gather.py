"""Reads a ledger once and keeps what a report shows: figures of everything, examples of a few."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ledger.export import EVALUATION
from ledger.rows import Row, Status
from ledger.store import Ledger

EXAMPLES = 3
"""Rows shown of each reason."""
ACCEPTED_EXAMPLES = 6
HURDLES: list[tuple[str, frozenset[str]]] = [
    ("wrote code", frozenset({"no_code", "cut_off", "prompt_too_long"})),
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
    ("passed its tests", frozenset({"test_failure", "untested", "too_few_tests"})),
]
"""What an attempt has to get over, in order, and the reasons for which it falls there."""


@dataclass(frozen=True)
class Example:
    """A row as the page shows it."""

    row: str
    reason: str
    detail: str
    messages: list[dict[str, str]]
    tests: str


@dataclass
class StageSummary:
    """One generation stage or evaluation."""

    name: str
    figures: dict[str, Any]
    """`Progress.to_dict()` of the stage."""
    statuses: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    by_difficulty: dict[str, list[int]] = field(default_factory=lambda: defaultdict(lambda: [0, 0]))
    """difficulty -> [accepted, attempts]"""
    by_topic: dict[str, list[int]] = field(default_factory=lambda: defaultdict(lambda: [0, 0]))
    in_sft: int | None = None
    changes: Counter[str] = field(default_factory=Counter)
    """What repairs changed: `code` or `tests`."""
    first_try: int = 0
    """Accepted without a repair, of a stage that repairs."""
    repaired: int = 0
    accepted_examples: list[Example] = field(default_factory=list)
    rejected_examples: dict[str, list[Example]] = field(default_factory=dict)

    @property
    def accepted(self) -> int:
        return self.statuses["accepted"]

    @property
    def attempts(self) -> int:
        return self.statuses.total()

    @property
    def tokens_per_s(self) -> float:
        return float(self.figures.get("output_tokens", 0)) / max(float(self.figures.get("seconds", 0)), 1e-9)

    @property
    def waterfall(self) -> list[tuple[str, int]]:
        """(hurdle, attempts that got over it), from all attempts to the SFT set."""
        left = self.attempts
        steps = [("attempts", left)]
        for label, reasons in HURDLES:
            left -= sum(self.reasons[reason] for reason in reasons)
            steps.append((label, left))
        if self.in_sft is not None:
            steps.append(("in the SFT set", self.in_sft))
        return steps


@dataclass
class RunSummary:
    """Everything the report says."""

    name: str
    path: Path
    facts: dict[str, Any]
    steps: dict[str, dict[str, Any]]
    stages: list[StageSummary]
    evaluations: list[StageSummary]
    templates: list[tuple[str, int, str]]
    """(version, completions it made, source)"""
    verdicts: Counter[str]
    run_seconds: list[float]
    """Seconds of each sandbox run, sorted."""
    prompt_tokens: int
    cached_tokens: int
    output_tokens: int
    journalled_tokens: int
    """Tokens kept of completions that were cut short."""

    @property
    def scores(self) -> list[tuple[str, dict[str, Any], dict[str, Any] | None]]:
        """(checkpoint, score, comparison with the start) in the order of the loop."""
        return [
            (name, self.facts[f"score:{name}"], self.facts.get(f"compare:{name}"))
            for name in ("start", "sft", "dpo")
            if f"score:{name}" in self.facts
        ]

    @property
    def cache_hit_rate(self) -> float:
        return self.cached_tokens / max(1, self.prompt_tokens)

    @property
    def generated_twice(self) -> int | None:
        """Tokens the engine decoded that the ledger does not hold: the price of kills. None where nothing counted."""
        emitted = self.facts.get("emitted_tokens")
        return max(0, int(emitted) - self.output_tokens - self.journalled_tokens) if emitted else None

    @property
    def sentence(self) -> str:
        """The run in one or two honest sentences."""
        accepted, attempts = (sum(getattr(stage, name) for stage in self.stages) for name in ("accepted", "attempts"))
        parts = []
        if attempts:
            parts.append(f"{accepted:,} of {attempts:,} attempts were accepted ({accepted / attempts:.1%}).")
        for name, found, comparison in self.scores:
            if comparison:
                parts.append(f"{name.upper()} against the start: {comparison['verdict']}.")
            elif len(self.scores) == 1:
                low, high = found["interval"]
                parts.append(f"pass@1 {found['pass@1']:.1%} (95%: {low:.1%} to {high:.1%}) on {found['n']} problems.")
        return " ".join(parts) or "Nothing has been generated yet."

    def run_percentile(self, share: float) -> float:
        """Seconds of the sandbox run at that share of the sorted runs; 0 where none ran."""
        return (
            self.run_seconds[min(len(self.run_seconds) - 1, int(share * len(self.run_seconds)))]
            if self.run_seconds
            else 0.0
        )


def gather(ledger: Ledger) -> RunSummary:
    """Read the whole ledger; memory is bounded by the number of stages and reasons, not of rows."""
    facts = ledger.facts()
    stages: dict[str, StageSummary] = {}
    in_sft = _rows_in_sft(ledger.run_dir)
    for row in ledger.rows():
        stage = stages.setdefault(row.stage, StageSummary(row.stage, facts.get(f"stage:{row.stage}", {})))
        _add(stage, row)
    for stage in stages.values():
        if in_sft is not None and not stage.name.startswith(EVALUATION):
            stage.in_sft = in_sft.get(stage.name, 0)
    made: Counter[str] = Counter()
    verdicts: Counter[str] = Counter()
    seconds: list[float] = []
    prompt_tokens = cached_tokens = output_tokens = 0
    for effect in ledger.effects():
        if effect.kind == "ask":
            made[effect.template] += 1
            prompt_tokens += effect.prompt_tokens
            cached_tokens += effect.cached_tokens
            output_tokens += effect.output_tokens
        else:
            verdicts[effect.result["verdict"]] += 1
            seconds.append(effect.seconds)
    return RunSummary(
        ledger.run_dir.resolve().name,
        ledger.run_dir,
        facts,
        ledger.steps(),
        [stage for stage in stages.values() if not stage.name.startswith(EVALUATION)],
        [stage for stage in stages.values() if stage.name.startswith(EVALUATION)],
        [(version, made[version], source) for version, source in ledger.templates().items()],
        verdicts,
        sorted(seconds),
        prompt_tokens,
        cached_tokens,
        output_tokens,
        ledger.journalled_tokens(),
    )


def to_json(summary: RunSummary) -> dict[str, Any]:
    """The figures for a script: of all generation stages together, then of each, evaluations apart."""
    rejected: Counter[str] = Counter()
    for stage in summary.stages:
        rejected.update(stage.figures.get("rejected") or _rejections(stage))
    return {
        "accepted": sum(stage.accepted for stage in summary.stages),
        "attempts": sum(stage.attempts for stage in summary.stages),
        "rejected": dict(rejected.most_common()),
        "output_tokens": sum(int(stage.figures.get("output_tokens", 0)) for stage in summary.stages),
        "seconds": round(sum(float(stage.figures.get("seconds", 0)) for stage in summary.stages), 3),
        "stages": {stage.name: stage.figures for stage in summary.stages},
        "scores": {name: score for name, score, _ in summary.scores},
        "comparisons": {name: comparison for name, _, comparison in summary.scores if comparison},
        "training": {
            kind: summary.facts[f"train:{kind}"] for kind in ("sft", "dpo") if f"train:{kind}" in summary.facts
        },
        "data": {
            name: summary.facts[f"dataset:{name}"]
            for name in ("sft", "preference")
            if f"dataset:{name}" in summary.facts
        },
        "verdicts": dict(summary.verdicts.most_common()),
        "prefix_cache_hit_rate": round(summary.cache_hit_rate, 4),
        "generated_twice": summary.generated_twice,
        "templates": {version: count for version, count, _ in summary.templates},
        "summary": summary.sentence,
    }


def _rejections(stage: StageSummary) -> Counter[str]:
    return Counter({reason: count for reason, count in stage.reasons.items() if reason and reason != "target_met"})


def _add(stage: StageSummary, row: Row) -> None:
    payload, accepted = row.payload, row.status is Status.accepted
    stage.statuses[row.status] += 1
    stage.reasons[row.reason] += 1
    for groups, key in ((stage.by_difficulty, "difficulty"), (stage.by_topic, "topic")):
        if payload.get(key):
            group = groups[payload[key]]
            group[0] += accepted
            group[1] += 1
    if "changes" in payload:
        stage.changes.update(payload["changes"])
        if accepted:
            stage.repaired += bool(payload["changes"])
            stage.first_try += not payload["changes"]
    shown = stage.accepted_examples if accepted else stage.rejected_examples.setdefault(row.reason, [])
    if len(shown) < (ACCEPTED_EXAMPLES if accepted else EXAMPLES):
        shown.append(_example(row))


def _example(row: Row) -> Example:
    payload = row.payload
    messages = payload.get("messages") or [
        *(payload.get("prompt") or [{"role": "user", "content": payload.get("problem", "")}]),
        {"role": "assistant", "content": payload.get("completion", "")},
    ]
    return Example(row.id, row.reason, payload.get("detail", ""), messages, payload.get("tests", ""))


def _rows_in_sft(run_dir: Path) -> dict[str, int] | None:
    path = run_dir / "data" / "sft" / "train.parquet"
    if not path.exists():
        return None
    import pyarrow.parquet as parquet

    return Counter(parquet.read_table(path, columns=["stage"]).column("stage").to_pylist())
