"""One pool of rollouts, two data sets: accepted answers for SFT, passes over fails for preference training.

Both are Parquet in TRL's conversational formats with a card beside them, so `datasets.load_dataset(FOLDER)` reads them, and
each row names the ledger rows it came from: `lab why RUN ROW` tells the rest.
"""

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from itertools import groupby
from pathlib import Path
from typing import Any

from ledger.rows import Row, Status
from ledger.store import Ledger

EVALUATION = "eval:"
"""Stages of that name are never exported: nobody trains on the problems that judge him."""


@dataclass(frozen=True)
class DataSet:
    """What was written, and what was left out and why."""

    name: str
    path: Path
    rows: int
    dropped: dict[str, int] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        return {**asdict(self), "path": str(self.path)}


def export(ledger: Ledger, *, max_per_problem: int, pairs_per_problem: int) -> tuple[DataSet, DataSet]:
    """Write `data/sft` and `data/preference` of the run anew from its rows; the same rows give the same files."""
    rows = [row for row in ledger.rows() if not row.stage.startswith(EVALUATION) and row.status is not Status.surplus]
    sft, dropped = _sft_rows(rows, max_per_problem)
    pairs, unpaired = _preference_rows(rows, pairs_per_problem)
    folder = ledger.run_dir / "data"
    first = DataSet("sft", folder / "sft", len(sft), dict(dropped))
    second = DataSet("preference", folder / "preference", len(pairs), dict(unpaired))
    _write(ledger, first, sft)
    _write(ledger, second, pairs)
    return first, second


def _sft_rows(rows: Iterable[Row], max_per_problem: int) -> tuple[list[dict[str, Any]], Counter[str]]:
    kept: list[dict[str, Any]] = []
    dropped: Counter[str] = Counter()
    seen: set[tuple[str, str]] = set()
    per_problem: Counter[str] = Counter()
    for row in rows:
        if row.status is not Status.accepted:
            continue
        problem = problem_of(row)
        program = (problem, _normal(row.payload["code"]))
        if program in seen:
            dropped["duplicate"] += 1
        elif per_problem[problem] >= max_per_problem:
            dropped["over_max_per_problem"] += 1
        else:
            seen.add(program)
            per_problem[problem] += 1
            kept.append({"messages": row.payload["messages"], "problem_id": problem, "stage": row.stage, "row": row.id})
    return kept, dropped


def _preference_rows(rows: Iterable[Row], pairs_per_problem: int) -> tuple[list[dict[str, Any]], Counter[str]]:
    pairs: list[dict[str, Any]] = []
    unpaired: Counter[str] = Counter()
    for problem, group in groupby(sorted(rows, key=problem_of), key=problem_of):
        members = list(group)
        passes = _distinct(row for row in members if row.status is Status.accepted)
        fails = _distinct(row for row in members if row.status is Status.rejected and row.payload.get("code"))
        corrected = [row for row in passes if row.payload.get("rejected")]
        mine = [_pair(problem, row, row, row.payload["rejected"]) for row in corrected]
        if "problem_id" in members[0].payload:  # answers to one and the same prompt
            mine += [_pair(problem, p, f, f.payload["completion"]) for p, f in zip(passes, fails, strict=False)]
            if not mine:
                unpaired["all_failed" if not passes else "all_passed"] += 1
        unpaired["over_pairs_per_problem"] += max(0, len(mine) - pairs_per_problem)
        pairs += mine[:pairs_per_problem]
    return pairs, +unpaired


def _pair(problem: str, chosen: Row, rejected: Row, completion: str) -> dict[str, Any]:
    return {
        "prompt": chosen.payload["prompt"],
        "chosen": [{"role": "assistant", "content": chosen.payload["completion"]}],
        "rejected": [{"role": "assistant", "content": completion}],
        "problem_id": problem,
        "row": chosen.id,
        "rejected_row": rejected.id,
    }


def problem_of(row: Row) -> str:
    """What counts as one problem: its id, or for an invented one its words."""
    return str(row.payload.get("problem_id") or _normal(row.payload.get("problem", row.id)))


def _distinct(rows: Iterable[Row]) -> list[Row]:
    return list({_normal(row.payload["code"]): row for row in reversed(list(rows))}.values())[::-1]


def _normal(text: str) -> str:
    """Text up to white space. The programs are hostile: nothing here parses them."""
    return " ".join(text.split())


def _write(ledger: Ledger, data_set: DataSet, rows: list[dict[str, Any]]) -> None:
    import pyarrow as pa
    import pyarrow.parquet as parquet

    data_set.path.mkdir(parents=True, exist_ok=True)
    message = pa.struct([("role", pa.string()), ("content", pa.string())])
    conversations = ("messages",) if data_set.name == "sft" else ("prompt", "chosen", "rejected")
    names = ("problem_id", "stage", "row") if data_set.name == "sft" else ("problem_id", "row", "rejected_row")
    schema = pa.schema(
        [*((name, pa.list_(message)) for name in conversations), *((name, pa.string()) for name in names)]
    )
    table = pa.Table.from_pylist([_encodable(row) for row in rows], schema=schema)
    target = data_set.path / "train.parquet"
    parquet.write_table(table, target.with_suffix(".tmp"))
    target.with_suffix(".tmp").replace(target)
    (data_set.path / "README.md").write_text(_card(ledger, data_set), encoding="utf-8", errors="replace")


def _encodable(row: dict[str, Any]) -> dict[str, Any]:
    """A lone surrogate is legal in JSON and in Python, not in UTF-8."""
    text = json.dumps(row, ensure_ascii=False).encode("utf-8", "replace").decode()
    encoded: dict[str, Any] = json.loads(text)
    return encoded


def _card(ledger: Ledger, data_set: DataSet) -> str:
    checkpoint = ledger.fact("checkpoint", {})
    use = (
        "TRL's SFTTrainer (`messages`)"
        if data_set.name == "sft"
        else "TRL's DPOTrainer (`prompt`, `chosen`, `rejected`)"
    )
    dropped = "".join(
        f"| left out: {reason.replace('_', ' ')} | {count} |\n" for reason, count in sorted(data_set.dropped.items())
    )
    stages = "".join(
        f"| `{name.removeprefix('stage:')}` | {figures['accepted']} of {figures['attempts']} |\n"
        for name, figures in ledger.facts().items()
        if name.startswith("stage:") and not name.startswith(f"stage:{EVALUATION}")
    )
    templates = "".join(f"- `{version}`\n" for version in ledger.templates())
    return f"""---
configs:
- config_name: default
  data_files: train.parquet
language: [en]
tags: [synthetic, code, python]
---
# {data_set.name} data of run `{ledger.run_dir.name}`

Written by the checkpoint `{checkpoint.get("name", "?")}` (content `{checkpoint.get("identity", "?")}`) and kept where its
programs passed parser, linter and tests in a sandbox. For {use}. The column `row` names the ledger row each came from:
`lab why {ledger.run_dir} ROW` shows prompts, raw outputs and verdicts.

| | |
|---|---|
| rows | {data_set.rows} |
{dropped}
| generation stage | accepted |
|---|---|
{stages}
Prompt templates:

{templates}
The checkpoint's own licence and the seeds' licence apply to what is made of them.
"""
