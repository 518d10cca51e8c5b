"""One pool of rollouts, and what is learned from: accepted answers for SFT, right over wrong for preference training, labelled
steps, and the problems themselves for reinforcement learning.

All are Parquet shards in TRL's conversational formats with a card beside them, so `datasets.load_dataset(FOLDER)` reads
them, and each row names the ledger rows it came from: `lab why RUN ROW` tells the rest.
"""

import shutil
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypedDict

from alignment.data.mix import OVER_MIX, mixed
from alignment.data.pairs import Paired, PreferenceRow, best_first, negatives, writer
from generators.taken import Contaminated, Taken, problem_of
from ledger.facts import DataSetFigures
from ledger.rows import EVALUATION, Row, Status
from ledger.store import Ledger, LedgerError
from report.card import card
from rows.arrow import schema_of
from rows.messages import Message
from rows.writers import Shards

SHARD_ROWS = 50_000


class SftRow(TypedDict):
    """A conversation to learn every answer of."""

    messages: list[Message]
    problem_id: str
    stage: str
    row: str
    run: str
    """Which earlier run's ledger has the row; empty for the run's own."""


class StepwiseRow(TypedDict):
    """A question and the steps of an answer, with whether each is good (TRL's stepwise supervision)."""

    prompt: str
    problem_id: str
    row: str
    run: str
    completions: list[str]
    labels: list[bool]


class ProblemRow(TypedDict):
    """A problem with the tests that decide it, in MBPP's fields."""

    task_id: str
    prompt: str
    test_list: list[str]
    entry_point: str
    """What `check(candidate)` is handed; empty where the tests call it themselves."""
    code: str
    """An accepted answer's program; empty where none was."""
    programming_language: str
    row: str
    run: str


@dataclass(frozen=True)
class DataSet:
    """What was written, and what was left out and why."""

    name: str
    path: Path
    rows: int
    dropped: dict[str, int] = field(default_factory=dict)
    shares: dict[str, float] = field(default_factory=dict)
    """Of a mix, what each name has of the rows."""
    across: int = 0
    """Pairs of two checkpoints."""

    def to_dict(self) -> DataSetFigures:
        found: DataSetFigures = {
            "name": self.name,
            "path": str(self.path),
            "rows": self.rows,
            "dropped": self.dropped,
        }
        if self.shares:
            found["shares"] = self.shares
        if self.across:
            found["across"] = self.across
        return found


def export(
    ledger: Ledger,
    *,
    max_per_problem: int,
    pairs_per_problem: int,
    contaminated: Contaminated = lambda messages: "",
    earlier: Sequence[Ledger] = (),
    wanted: Collection[str] = (),
    mix: Mapping[str, float] = MappingProxyType({}),
    pairs_across: bool = False,
) -> tuple[DataSet, ...]:
    """Write `data/sft`, `data/preference`, where it is `wanted` `data/problems`, and where it is or steps were labelled
    `data/stepwise` anew from the run's rows and, after them, those of the `earlier` runs: of a problem the run's own rows are
    taken first.

    Evaluations and what came after the target was met are in none. Accepted rows enter the SFT set; accepted and negative
    rows pair up for the preference set, each with one of its own run, and with
    `pairs_across` right ones of the run with wrong ones of earlier runs that another checkpoint gave; rows with labelled steps enter the stepwise set and,
    since a labelled answer may be wrong, no other. With a `mix` the SFT set has these shares (`alignment.data.mix`). The same rows
    give the same files.
    """
    taken = Taken(max_per_problem, contaminated)
    paired = Paired(pairs_per_problem, contaminated, pairs_across)
    sft: list[SftRow] = []
    labelled: list[StepwiseRow] = []
    from_steps = Counter[str]()
    asked = Asked(contaminated)
    for number, source in enumerate((ledger, *earlier)):
        run = source.run_dir.resolve().name if number else ""
        told = (row for row in source.rows() if not row.stage.startswith(EVALUATION))
        rows = [row for row in told if row.status is not Status.surplus]
        answers = [row for row in rows if row.sample.labels is None]
        labelled += _stepwise_rows(rows, taken, run, from_steps)
        sft += _sft_rows(answers, taken, run)
        paired.add(answers, negatives(source), run, writer(source))
        asked.add(answers if "problems" in wanted else (), run)
        if source.damage:  # of a reader, which would have passed over it
            raise LedgerError(source.damage)
    pairs, from_pairs = paired.rows, paired.left_out()
    shares: dict[str, float] = {}
    if mix:
        thinned = mixed([row["stage"] for row in sft], mix)
        taken.dropped[OVER_MIX] = len(sft) - len(thinned.kept)
        sft, shares = [sft[place] for place in thinned.kept], thinned.shares
    made: list[tuple[str, type, Sequence[Any], Counter[str]]] = [
        ("sft", SftRow, sft, taken.dropped),
        ("preference", PreferenceRow, pairs, from_pairs),
        *([("stepwise", StepwiseRow, labelled, from_steps)] if labelled or from_steps or "stepwise" in wanted else []),
        *([("problems", ProblemRow, list(asked.rows.values()), asked.dropped)] if "problems" in wanted else []),
    ]
    data_sets = []
    for name, row_type, found, dropped in made:
        across = sum("rejected_run" in row for row in found) if name == "preference" else 0
        of_mix = shares if name == "sft" else {}
        data_set = DataSet(name, ledger.run_dir / "data" / name, len(found), dict(dropped), of_mix, across)
        write_shards(data_set.path, row_type, found)
        data_sets.append(data_set)
    return tuple(data_sets)


def write_cards(ledger: Ledger, data_sets: Iterable[DataSet]) -> None:
    """Put a README.md beside each data set; after all that it tells of has been recorded."""
    for data_set in data_sets:
        text = card(ledger, data_set.name, data_set.rows, data_set.dropped, data_set.shares, data_set.across)
        (data_set.path / "README.md").write_text(text, encoding="utf-8", errors="replace")


def _sft_rows(rows: Iterable[Row], taken: Taken, run: str) -> list[SftRow]:
    return [
        {"messages": messages, "problem_id": problem_of(row), "stage": row.stage, "row": row.id, "run": run}
        for row in best_first([row for row in rows if row.status is Status.accepted])
        for messages in taken.take(row)
    ]


def _stepwise_rows(rows: Iterable[Row], taken: Taken, run: str, dropped: Counter[str]) -> Iterator[StepwiseRow]:
    for row in rows:
        if row.status is not Status.accepted or not row.sample.labels:
            continue
        if why := taken.offer_steps(row):
            dropped[why] += 1
            continue
        yield {
            "prompt": row.sample.problem,
            "problem_id": problem_of(row),
            "row": row.id,
            "run": run,
            "completions": list(row.sample.steps),
            "labels": list(row.sample.labels),
        }


class Asked:
    """Every problem that came with tests, once: solved or not, since what is hopeless today is a step's prize tomorrow."""

    def __init__(self, contaminated: Contaminated) -> None:
        self._contaminated = contaminated
        self.rows: dict[str, ProblemRow] = {}
        self.dropped: Counter[str] = Counter()

    def add(self, rows: Iterable[Row], run: str = "") -> None:
        for row in rows:
            sample = row.sample
            if not (sample.problem_id and sample.problem and sample.tests):
                continue
            if sample.problem_id not in self.rows and self._contaminated([{"role": "user", "content": sample.problem}]):
                self.dropped["contaminated"] += 1
                continue
            known = self.rows.setdefault(
                sample.problem_id,
                {
                    "task_id": sample.problem_id,
                    "prompt": sample.problem,
                    "test_list": [sample.tests.rstrip("\n")],
                    "entry_point": sample.entry_point,
                    "code": sample.reference,
                    "programming_language": sample.programming_language,
                    "row": row.id,
                    "run": run,
                },
            )
            if row.status is Status.accepted and not known["code"]:
                known["code"] = sample.code


def write_shards(folder: Path, row_type: type, rows: Sequence[Any]) -> None:
    """Write rows of `row_type` as `train-00000.parquet`, ... in the place of the folder, never beside files of its own: whoever
    reads meanwhile finds the old or the new, or for a moment, as after a kill in it, none; the next time makes it anew.
    """
    columns = {field.name: field.type for field in schema_of(row_type, rows)}
    fresh, old = (folder.with_name(f"{folder.name}.{word}") for word in ("new", "old"))
    for left in (fresh, old):
        shutil.rmtree(left, ignore_errors=True)
    with Shards(fresh, "train", columns, rows_per_shard=SHARD_ROWS, rows_per_group=SHARD_ROWS) as written:
        for row in rows:
            written.add(row)
    if folder.exists():
        folder.replace(old)
    fresh.replace(folder)
    shutil.rmtree(old, ignore_errors=True)
