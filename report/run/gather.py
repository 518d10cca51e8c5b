"""Reads a ledger once and keeps what a report shows: figures of everything, examples of a few."""

from array import array
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

from generators.catalog import hurdles_of
from ledger import facts
from ledger.facts import ClaimFigures
from ledger.rows import EVALUATION, Row, Status
from ledger.store import Ledger
from report.run.summary import DATA_SETS, LOOP, Answers, Benchmarked, Claimed, Example, RunSummary, StageSummary
from rows.messages import Message, answered
from rows.parquet import batches
from rows.readers import RowsError, shards
from verification.unfinished import cuts

EXAMPLES = 3
"""Rows shown of each reason, no two of one seed."""
ACCEPTED_EXAMPLES = 5
GROUPS = 60
"""Topics told apart; what comes later is counted as one."""
FAILED_TESTS = 3
"""Failed tests shown of a rejected row."""


def gather(ledger: Ledger) -> RunSummary:
    """Read the whole ledger. Memory grows by eight bytes a sandbox run, otherwise with stages and reasons, not with rows."""
    try:
        in_sft = _rows_in_sft(ledger.run_dir)
    except RowsError as error:  # the record itself says the rest
        in_sft, ledger.damage = None, ledger.damage or str(error)
    stages: dict[str, StageSummary] = {}
    for row in ledger.rows():
        if row.stage not in stages:
            exported = in_sft is not None and not row.stage.startswith(EVALUATION)
            stages[row.stage] = StageSummary(
                row.stage,
                _figures(ledger, row.stage),
                (in_sft or {}).get(row.stage, 0) if exported else None,
                ledger.read(facts.SKIPPED_SEEDS, row.stage) or "",
                guard=ledger.read(facts.GUARD, row.stage) or {},
                diversity=ledger.read(facts.DIVERSITY, row.stage) or {},
                hurdles=hurdles_of(ledger, row.stage),
            )
        _add(stages[row.stage], row, ledger)
    made: Counter[str] = Counter()
    verdicts: Counter[str] = Counter()
    tokens: Counter[str] = Counter()
    stopped: Counter[str] = Counter()
    seconds: array[float] = array("d")
    cpu_seconds = 0.0
    for effect in ledger.effects():
        if effect.kind == "ask":
            made[effect.template] += 1
            tokens["prompt"] += effect.prompt_tokens
            tokens["cached"] += effect.cached_tokens
            tokens["output"] += effect.output_tokens
            stopped.update([reason] if (reason := effect.result.get("finish_reason")) in cuts.REASONS else [])
        elif effect.kind == "run":
            verdicts[effect.result["verdict"]] += 1
            seconds.append(effect.seconds)
            cpu_seconds += effect.result.get("usage", {}).get("cpu_s", 0.0)
    evaluations = [stage for stage in stages.values() if stage.name.startswith(EVALUATION)]
    return RunSummary(
        ledger.run_dir.resolve().name,
        ledger.run_dir,
        ledger.read(facts.CHECKPOINT),
        ledger.read(facts.MACHINE),
        ledger.read(facts.COMMANDS) or [],
        ledger.read(facts.RECIPE) or {},
        _benchmarks(ledger),
        dict(sorted(ledger.all(facts.TRAINING).items(), key=lambda item: _place(item[0]))),
        ledger.all(facts.TRAINING_TOLD),
        {name: found for name in DATA_SETS if (found := ledger.read(facts.DATA_SET, name))},
        ledger.steps(),
        [stage for stage in stages.values() if not stage.name.startswith(EVALUATION)],
        sorted(evaluations, key=lambda stage: _place(stage.name.removeprefix(EVALUATION).partition("/")[0])),
        [(version, made[version], source) for version, source in ledger.templates().items()],
        verdicts,
        array("d", sorted(seconds)),
        cpu_seconds,
        tokens["prompt"],
        tokens["cached"],
        tokens["output"],
        ledger.journalled_tokens(),
        ledger.read(facts.EMITTED_TOKENS),
        stopped,
        len(ledger.all(facts.PAIR)),
        [*ledger.all(facts.JUDGEMENT).values()],
    )


def _figures(ledger: Ledger, stage: str) -> dict[str, Any]:
    """Of the stage's last end that was none by Ctrl-C or a kill, with the tokens and seconds spent since."""
    ended = ledger.read(facts.STAGE, stage)
    figures: dict[str, Any] = {**ended} if ended else {}
    for name, spent in (
        ("output_tokens", ledger.read(facts.SPENT, stage)),
        ("seconds", ledger.read(facts.SECONDS, stage)),
    ):
        if spent is not None:
            figures[name] = max(spent, figures.get(name, 0))
    return figures if {"output_tokens", "seconds"} <= figures.keys() else {}


def _add(stage: StageSummary, row: Row, ledger: Ledger) -> None:
    sample, accepted = row.sample, row.status is Status.accepted
    stage.statuses[row.status] += 1
    for groups, name in (
        (stage.by_difficulty, sample.difficulty),
        (stage.by_topic, sample.topic),
        (stage.by_programming_language, sample.programming_language),
    ):
        if name:
            group = groups.setdefault(name if name in groups or len(groups) < GROUPS else "others", Counter())
            group.update(accepted=int(accepted), attempts=1)
    if sample.changes is not None:
        # Chosen by the model: only a grammar keeps it to two words, and not every server obeys one.
        stage.changes.update("tests" if change == "tests" else "code" for change in sample.changes)
        if accepted:
            stage.changes["repaired" if sample.changes else "first try"] += 1
    if accepted and sample.proof:
        stage.proofs[sample.proof] += 1
    if row.status is Status.rejected:
        stage.reasons[row.reason] += 1
        _show(stage.rejected_examples.setdefault(row.reason, []), EXAMPLES, row, ledger)
    elif row.status is Status.left_out:
        stage.left_out[row.reason] += 1
    elif row.status is Status.surplus:
        stage.surplus[row.reason] += 1
    elif accepted:
        _show(stage.accepted_examples, ACCEPTED_EXAMPLES, row, ledger)


def _show(shown: list[Example], most: int, row: Row, ledger: Ledger) -> None:
    if len(shown) < most and row.seed_id not in [example.seed for example in shown]:
        sample = row.sample
        asked: Sequence[Message] = sample.prompt or [{"role": "user", "content": sample.problem}]
        messages = sample.messages or answered(asked, sample.completion)
        saw = "" if row.status is Status.accepted else _last_seen(row, ledger)
        topic = " ".join(sample.problem[:400].split())
        shown.append(Example(row.id, row.seed_id, sample.detail, topic, messages, sample.tests, saw))


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


def _benchmarks(ledger: Ledger) -> list[Benchmarked]:
    found: dict[str, Benchmarked] = {}
    named = by_folders(ledger.steps())
    for key, score in ledger.all(facts.SCORE).items():
        if "decoding" in score:  # one of an older version has none, and is shown by its stage alone
            name = key.split("/")[1]
            score["checkpoint"] = named.get(score["checkpoint"], score["checkpoint"])
            found.setdefault(name, Benchmarked(name, [], [])).scores.append(score)
    for key, points in ledger.all(facts.BEST_OF).items():
        checkpoint, name = key.split("/")
        if name in found:
            found[name].best_of[checkpoint] = points
    for claim in ledger.all(facts.CLAIM).values():
        if claim["benchmark"] in found:
            shown = claim["won"][:EXAMPLES], claim["lost"][:EXAMPLES]
            answers = _answers(ledger, claim, {*shown[0], *shown[1]})
            won, lost = ([answers[problem] for problem in problems if problem in answers] for problems in shown)
            found[claim["benchmark"]].claims.append(Claimed(claim, won, lost))
    for benchmark in found.values():
        benchmark.scores.sort(key=lambda score: (_place(score["checkpoint"]), score["decoding"]))
        benchmark.claims.sort(key=lambda claim: (_place(claim.figures["after"]), _place(claim.figures["before"])))
    return list(found.values())


def by_folders(steps: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    """Of the checkpoints whose evaluations are called by their content (a greedy soup's) what people call them: by their folders."""
    of = {
        name[len("evaluate ") :]: step["of"]
        for name, step in steps.items()
        if name.startswith("evaluate ") and "of" in step
    }
    given = {path for paths in of.values() for path in paths}
    folders = Counter(Path(path).name for path in given)
    called = {path: Path(path).name if folders[Path(path).name] == 1 else path for path in given}
    means = {name: ", ".join(called[path] for path in paths) for name, paths in of.items()}
    return {name: told if len(of[name]) == 1 else f"mean of {told}" for name, told in means.items()}


def _answers(ledger: Ledger, claim: ClaimFigures, problems: Collection[str]) -> dict[str, Answers]:
    """problem -> what both checkpoints answered greedily."""
    stages = [f"{EVALUATION}{claim[side]}/{claim['benchmark']}/greedy" for side in ("before", "after")]
    before, after = (
        {row.seed_id: row.sample for row in ledger.rows(stage) if row.seed_id in problems} for stage in stages
    )
    return {
        problem: Answers(problem, sample.problem, sample.completion, after[problem].completion)
        for problem, sample in before.items()
        if problem in after
    }


def _place(checkpoint: str) -> int:
    """In the order of the loop; names that are none of its own come last."""
    training = checkpoint if checkpoint in LOOP else checkpoint.rpartition("-")[0]  # `sft-2` is a variant of `sft`
    return LOOP.index(training) if training in LOOP else len(LOOP)


def _rows_in_sft(run_dir: Path) -> dict[str, int] | None:
    """Stage -> its attempts that are in the SFT set, each once with however many conversations (they stand together), and none of
    an earlier run; None where there is no set.
    """
    files = shards(run_dir / "data" / "sft")
    if not files:
        return None
    found: Counter[str] = Counter()
    last = None
    for row in (row for file in files for rows in batches(file, ["stage", "row", "run"]) for row in rows):
        if not row.get("run"):
            found[row.get("stage")] += row.get("row") is None or row["row"] != last
            last = row.get("row")
    return dict(found)
