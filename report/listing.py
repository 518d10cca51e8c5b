"""What `lab runs` lists: every run of a folder with its state, yield, tokens and time."""

from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from ledger import LedgerError, facts
from ledger.lock import is_held
from ledger.rows import EVALUATION, Status
from ledger.store import FILE, Ledger
from report.pretraining import is_pretraining
from rows.limits import RowsError, object_in

RECORDS = (FILE, "metrics.jsonl", "job.json")
"""Files by which a directory is known for a run, a pre-training or a training."""


@dataclass(frozen=True)
class Run:
    """One run directory at a glance: of its generation stages, evaluations not counted; of an evaluation alone, its answers."""

    path: Path
    kind: str
    """`data`, `round` (with trainings), `rounds` (several), `evaluation`, `arena` (judged pairs, those with a better one accepted),
    `training` or `pre-training`.
    """
    state: str
    """`running` (a process holds it), `done`, `stopped`, or `unreadable`; of a training, which none holds, `done` or
    `unfinished`.
    """
    accepted: int = 0
    attempts: int = 0
    output_tokens: int = 0
    """Written; of a training those trained on."""
    seconds: float = 0.0
    scores: dict[str, float] = field(default_factory=dict)
    """CHECKPOINT/BENCHMARK/DECODING -> pass@1; checkpoints as they came to be."""
    problem: str = ""
    """What of its ledger cannot be read."""

    def greedy(self) -> dict[str, list[float]]:
        """BENCHMARK -> its greedy pass@1, checkpoint after checkpoint."""
        found: dict[str, list[float]] = {}
        for key, score in self.scores.items():
            if key.endswith("/greedy"):
                found.setdefault(key.partition("/")[2].removesuffix("/greedy"), []).append(score)
        return found

    def to_dict(self) -> dict[str, Any]:
        return {**asdict(self), "path": str(self.path)}


def list_runs(folder: Path) -> list[Run]:
    """The runs directly under `folder`, newest first."""
    changed: dict[Path, float] = {}
    for file in (file for name in RECORDS for file in folder.glob(f"*/{name}")):
        with suppress(FileNotFoundError):  # a run that was thrown away meanwhile
            changed[file] = file.stat().st_mtime
    newest = sorted(changed, key=lambda file: changed[file], reverse=True)
    return [look_at(run_dir) for run_dir in dict.fromkeys(file.parent for file in newest)]


def look_at(run_dir: Path) -> Run:
    """One run; what cannot be read of it is its `problem`."""
    try:
        if (run_dir / FILE).exists():
            return _look(run_dir)
        return _pretraining(run_dir) if is_pretraining(run_dir) else _training(run_dir)
    except (LedgerError, RowsError, OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        return Run(run_dir, "", "unreadable", problem=str(error))


def _look(run_dir: Path) -> Run:
    with Ledger(run_dir, readonly=True) as ledger:
        told, spent, seconds = ledger.all(facts.STAGE), ledger.all(facts.SPENT), ledger.all(facts.SECONDS)
        scores, steps, live = ledger.all(facts.SCORE), ledger.steps(), ledger.all(facts.LIVE)
        ended = {name: found for name, found in told.items() if not name.startswith(EVALUATION)}
        stages = [*dict.fromkeys((*seconds, *told))]
        names = [name for name in stages if not name.startswith(EVALUATION)]
        trained = [name for name in steps if name.startswith("train ")]
        kind = "round" if trained else "data" if names or not scores else "evaluation"
        if any(name.startswith("round ") for name in steps):
            return _rounds(run_dir, ledger)
        if kind == "evaluation":
            names = stages
        counts = {name: ledger.counts(name) for name in names}
        damage = ledger.damage
        if ledger.read(facts.ARENA):
            return _arena(ledger)
    under_way = any(one["in_flight"] for one in live.values())
    finished = (
        steps["run"]["state"] == "done"
        if "run" in steps
        else bool(ended) and not under_way and all(stage["stopped_by"] in ("", "target") for stage in ended.values())
    )
    return Run(
        run_dir,
        kind,
        "running" if is_held(run_dir) else "done" if finished else "stopped",
        sum(count for found in counts.values() for (status, _), count in found.items() if status is Status.accepted),
        sum(count for found in counts.values() for count in found.values()),
        sum(max(spent.get(name, 0), told[name]["output_tokens"] if name in told else 0) for name in names),
        sum(seconds.values()),
        {key: scores[key]["pass@1"] for key in sorted(scores, key=lambda key: _place(key, [*steps]))},
        damage,
    )


def _rounds(run_dir: Path, ledger: Ledger) -> Run:
    """Of all its rounds together, with the scores of the start and of the best."""
    found = [look_at(file.parent) for file in sorted(run_dir.glob(f"round-*/{FILE}"))]
    scores = {key: score["pass@1"] for key, score in ledger.all(facts.SCORE).items()}
    done = ledger.steps().get("run", {}).get("state") == "done"
    return Run(
        run_dir,
        "rounds",
        "running" if is_held(run_dir) else "done" if done else "stopped",
        sum(run.accepted for run in found),
        sum(run.attempts for run in found),
        sum(run.output_tokens for run in found),
        sum(ledger.all(facts.ROUND_SECONDS).values()),
        {key: scores[key] for key in sorted(scores, key=lambda key: not key.startswith("start/"))},
        "; ".join(filter(None, (ledger.damage, *(run.problem for run in found)))),
    )


def _arena(ledger: Ledger) -> Run:
    pairs, said = ledger.all(facts.PAIR), ledger.all(facts.JUDGEMENT)
    state = "done" if pairs and pairs.keys() == said.keys() else "stopped"
    return Run(
        ledger.run_dir,
        "arena",
        "running" if is_held(ledger.run_dir) else state,
        sum(one["better"] is not None for one in said.values()),
        len(said),
        sum(ledger.all(facts.SPENT).values()),
        problem=ledger.damage,
    )


def _place(score: str, steps: list[str]) -> int:
    """When the checkpoint of a score was evaluated, among the run's steps; first where none was taken for it."""
    step = f"evaluate {score.partition('/')[0]}"
    return steps.index(step) if step in steps else -1


def _pretraining(run_dir: Path) -> Run:
    record = run_dir / "stages.json"
    if not record.exists():
        return Run(run_dir, "pre-training", "unfinished")
    summary = object_in(record)  # written after every stage, with the model after the last one
    tokens, seconds = (sum(stage[key] for stage in summary["stages"]) for key in ("tokens", "seconds"))
    state = "done" if summary["model"] else "unfinished"
    return Run(run_dir, "pre-training", state, output_tokens=tokens, seconds=seconds)


def _training(run_dir: Path) -> Run:
    record = run_dir / "training.json"
    if not record.exists():
        return Run(run_dir, "training", "unfinished")
    result = object_in(record)["result"]
    return Run(run_dir, "training", "done", output_tokens=result["tokens"], seconds=result["seconds"])
