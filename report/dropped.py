"""`lab why FOLDER` of what `lab filter` left: the rows that it dropped, or all of one with the reason."""

import json
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from curation.settings import DROPPED, KEPT, TOLD
from curation.writing import NUMBER, WHY
from rows.forms import read as text_of
from rows.limits import RowsError
from rows.readers import read
from sandbox.visible import visible

LISTED = 20
"""Rows that a person is shown of those dropped."""
EVIDENCE = 60
"""Characters of each one's evidence."""


def is_filtered(folder: Path) -> bool:
    """Whether a filter left the folder."""
    return (folder / TOLD).is_file()


def dropped(folder: Path) -> Iterator[dict[str, Any]]:
    """What was dropped: `row`, its number in the input from 0, `filter`, `reason` and `evidence`. Raises RowsError."""
    for file in sorted(folder.glob(f"{DROPPED}-*.parquet")):
        for _, row in read(file, [NUMBER, *WHY]):
            yield {"row": row[NUMBER], **{name.removeprefix("drop_"): row[name] for name in WHY}}


def one(folder: Path, number: str) -> dict[str, Any]:
    """All of the row that has this number in the input, the filter's columns included, and whether it was `kept`; what JSON has no
    word for is text. Raises RowsError.
    """
    for kept, name in ((True, KEPT), (False, DROPPED)):
        for file in sorted(folder.glob(f"{name}-*.parquet")):
            for _, row in read(file):
                if str(row[NUMBER]) == number:
                    return {"kept": kept, "row": json.loads(json.dumps(row, default=str))}  # bytes, times and the like
    raise RowsError(
        f'{folder}: no row "{number}"; rows have the numbers of the input, from 0: `lab why {shlex.quote(str(folder))}` lists those dropped'
    )


def print_dropped(folder: Path, console: Console) -> None:
    """The first of what was dropped, a line each."""
    table = Table(box=None, pad_edge=False)
    for title in ("row", "filter", "reason", "evidence"):
        table.add_column(title, overflow="fold")
    count = 0
    for count, row in enumerate(dropped(folder), 1):
        if count <= LISTED:
            evidence = " ".join(str(row["evidence"]).split())[:EVIDENCE]
            table.add_row(str(row["row"]), row["filter"], row["reason"], Text(visible(evidence)))
    if not count:
        console.print(f"{folder}: a filter left it, and dropped nothing")
        return
    console.print(table)
    more = f"{count - LISTED:,} more; --json prints all. " if count > LISTED else ""
    console.print(
        f"{more}`lab why {shlex.quote(str(folder))} {next(dropped(folder))['row']}` prints all of a row.",
        soft_wrap=True,
    )


def print_one(found: dict[str, Any], console: Console) -> None:
    """The row's words, then what decided."""
    row = found["row"]

    def line(text: str, style: str = "") -> None:
        console.print(Text(visible(text), style=style))

    line(f"row {row[NUMBER]} of the input", "bold")
    text = text_of(row)
    said = (("asked", text.prompt), ("answer", text.answer), ("rejected", text.rejected)) if text else ()
    for label, words in [(label, words) for label, words in said if words] or [("row", json.dumps(row))]:
        line(f"[{label}]", "dim")
        line(words)
    if found["kept"]:
        line("\ndecision: kept", "bold")
        return
    line(f"\ndecision: dropped by {row[WHY[0]]}: {row[WHY[1]]}", "bold")
    if row[WHY[2]]:
        line(row[WHY[2]])
