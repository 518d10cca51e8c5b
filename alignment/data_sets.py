"""One pool of rollouts, three data sets: accepted answers for SFT, right over wrong for preference training, labelled steps.

All are Parquet shards in TRL's conversational formats with a card beside them, so `datasets.load_dataset(FOLDER)` reads
them, and each row names the ledger rows it came from: `lab why RUN ROW` tells the rest.
"""

import json
import shutil
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import Any

from ledger.facts import DataSetFigures
from ledger.rows import EVALUATION, Row, Status
from ledger.store import Ledger
from report.card import card
from rows.writers import Shards

SHARD_ROWS = 50_000
WRONG = {"wrong_answer", "judge_wrong", "judge_style"}
"""Reasons that make a rejected answer without a program the losing side of a pair."""
COLUMNS = {
    "sft": (("messages",), ("problem_id", "stage", "row")),
    "preference": (("prompt", "chosen", "rejected"), ("problem_id", "row", "rejected_row")),
    "stepwise": ((), ("prompt", "problem_id", "row")),
}
"""Conversations and texts of each data set; `stepwise` has `completions` (texts) and `labels` (bools) beside them."""


@dataclass(frozen=True)
class DataSet:
    """What was written, and what was left out and why."""

    name: str
    path: Path
    rows: int
    dropped: dict[str, int] = field(default_factory=dict)

    def to_dict(self) -> DataSetFigures:
        return {"name": self.name, "path": str(self.path), "rows": self.rows, "dropped": self.dropped}


Contaminated = Callable[[list[dict[str, str]]], str]
"""What of an evaluation set a conversation holds; empty where nothing."""


def export(
    ledger: Ledger, *, max_per_problem: int, pairs_per_problem: int, contaminated: Contaminated = lambda messages: ""
) -> tuple[DataSet, ...]:
    """Write `data/sft`, `data/preference` and, where steps were labelled, `data/stepwise` anew from the run's rows.

    The same rows give the same files.
    """
    rows = [row for row in ledger.rows() if not row.stage.startswith(EVALUATION) and row.status is not Status.surplus]
    labelled = [row for row in rows if row.status is Status.accepted and row.payload.get("labels")]
    answers = [row for row in rows if "labels" not in row.payload]  # a labelled solution may be wrong
    made = [
        ("sft", *_sft_rows(answers, max_per_problem, contaminated)),
        ("preference", *_preference_rows(answers, pairs_per_problem, contaminated)),
        *([("stepwise", _stepwise_rows(labelled), Counter[str]())] if labelled else []),
    ]
    data_sets = []
    for name, found, dropped in made:
        data_set = DataSet(name, ledger.run_dir / "data" / name, len(found), dict(dropped))
        _write_shards(data_set.path, name, found)
        data_sets.append(data_set)
    return tuple(data_sets)


def write_cards(ledger: Ledger, data_sets: Iterable[DataSet]) -> None:
    """Put a README.md beside each data set; after all that it tells of has been recorded."""
    for data_set in data_sets:
        text = card(ledger, data_set.name, data_set.rows, data_set.dropped)
        (data_set.path / "README.md").write_text(text, encoding="utf-8", errors="replace")


def _sft_rows(
    rows: Iterable[Row], max_per_problem: int, contaminated: Contaminated
) -> tuple[list[dict[str, Any]], Counter[str]]:
    kept: list[dict[str, Any]] = []
    dropped: Counter[str] = Counter()
    seen: set[tuple[str, str]] = set()
    per_problem: Counter[str] = Counter()
    for row in rows:
        if row.status is not Status.accepted:
            continue
        problem = problem_of(row)
        for content, messages in _conversations(row):
            if (problem, content) in seen:
                dropped["duplicate"] += 1
            elif per_problem[problem] >= max_per_problem:
                dropped["over_max_per_problem"] += 1
            elif contaminated(messages):
                dropped["contaminated"] += 1
            else:
                seen.add((problem, content))
                per_problem[problem] += 1
                kept.append({"messages": messages, "problem_id": problem, "stage": row.stage, "row": row.id})
    return kept, dropped


def _conversations(row: Row) -> Iterator[tuple[str, list[dict[str, str]]]]:
    """(what makes it another answer, messages) of each answer that an accepted row holds."""
    payload = row.payload
    messages = payload.get("messages") or _answered(payload.get("prompt", []), str(payload.get("completion", "")))
    yield _normal(str(payload.get("code") or payload.get("completion") or messages)), messages
    for more in payload.get("more_completions", ()):
        yield _normal(more), _answered(payload["prompt"], more)


def _answered(prompt: list[dict[str, str]], completion: str) -> list[dict[str, str]]:
    return [*prompt, {"role": "assistant", "content": completion}]


def _preference_rows(
    rows: Iterable[Row], pairs_per_problem: int, contaminated: Contaminated
) -> tuple[list[dict[str, Any]], Counter[str]]:
    pairs: list[dict[str, Any]] = []
    unpaired: Counter[str] = Counter()
    for (problem, _), group in groupby(sorted(rows, key=_same_prompt), key=_same_prompt):
        members = list(group)
        passes = _distinct(row for row in members if row.status is Status.accepted)
        fails = _distinct(row for row in members if _is_wrong(row))
        mine = [
            _pair(problem, row, row, chosen, rejected)
            for row in passes
            for chosen, rejected in zip(_right_of(row), _wrong_of(row), strict=False)
        ]
        if "problem_id" in members[0].payload:  # answers to one and the same prompt
            mine += [
                _pair(problem, p, f, p.payload["completion"], f.payload["completion"])
                for p, f in zip(passes, fails, strict=False)
            ]
            if not mine:
                unpaired["all_failed" if not passes else "all_passed"] += 1
        clean = [pair for pair in mine if not contaminated([*pair["prompt"], *pair["chosen"]])]
        unpaired["contaminated"] += len(mine) - len(clean)
        mine = clean
        unpaired["over_pairs_per_problem"] += max(0, len(mine) - pairs_per_problem)
        pairs += mine[:pairs_per_problem]
    return pairs, +unpaired


def _same_prompt(row: Row) -> tuple[str, str]:
    return problem_of(row), json.dumps(row.payload.get("prompt"))


def _is_wrong(row: Row) -> bool:
    payload = row.payload
    return (
        row.status is Status.rejected
        and bool(payload.get("completion"))
        and bool(payload.get("code") or row.reason in WRONG)
    )


def _right_of(row: Row) -> list[str]:
    return [row.payload.get("completion", ""), *row.payload.get("more_completions", ())]


def _wrong_of(row: Row) -> list[str]:
    """Refused answers to the very prompt of an accepted row, which it carries itself."""
    return [wrong for wrong in (row.payload.get("rejected"), *row.payload.get("more_rejected", ())) if wrong]


def _pair(problem: str, chosen: Row, rejected: Row, right: str, wrong: str) -> dict[str, Any]:
    return {
        "prompt": chosen.payload["prompt"],
        "chosen": [{"role": "assistant", "content": right}],
        "rejected": [{"role": "assistant", "content": wrong}],
        "problem_id": problem,
        "row": chosen.id,
        "rejected_row": rejected.id,
    }


def _stepwise_rows(rows: Iterable[Row]) -> list[dict[str, Any]]:
    """TRL's stepwise supervision: a prompt, its steps, and whether each is good."""
    return [
        {
            "prompt": row.payload["problem"],
            "completions": row.payload["steps"],
            "labels": row.payload["labels"],
            "problem_id": problem_of(row),
            "row": row.id,
        }
        for row in rows
    ]


def problem_of(row: Row) -> str:
    """What counts as one problem: its id, or for an invented one its words."""
    return str(row.payload.get("problem_id") or _normal(row.payload.get("problem", row.id)))


def _distinct(rows: Iterable[Row]) -> list[Row]:
    told = {_normal(str(row.payload.get("code") or row.payload.get("completion"))): row for row in reversed(list(rows))}
    return list(told.values())[::-1]


def _normal(text: str) -> str:
    """Text up to white space. The programs are hostile: nothing here parses them."""
    return " ".join(text.split())


def _write_shards(folder: Path, name: str, rows: list[dict[str, Any]]) -> None:
    """Write rows of the data set `name` as `train-00000.parquet`, ...; whoever reads meanwhile finds the old or the new."""
    import pyarrow as pa

    message = pa.struct([("role", pa.string()), ("content", pa.string())])
    conversations, texts = COLUMNS[name]
    steps = [("completions", pa.list_(pa.string())), ("labels", pa.list_(pa.bool_()))] if name == "stepwise" else []
    schema = pa.schema(
        [
            *((column, pa.list_(message)) for column in conversations),
            *((column, pa.string()) for column in texts),
            *steps,
        ]
    )
    columns = {field.name: field.type for field in schema}
    fresh = folder.with_name(f"{folder.name}.new")
    shutil.rmtree(fresh, ignore_errors=True)
    with Shards(fresh, "train", columns, rows_per_shard=SHARD_ROWS, rows_per_group=SHARD_ROWS) as written:
        for row in rows:
            written.add(row)
    shutil.rmtree(folder, ignore_errors=True)
    fresh.replace(folder)
