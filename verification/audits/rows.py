"""Reads what is to be audited as rows of code and tests: JSONL, Parquet, a folder of either, or the rows of a
run, which whoever can read its record hands over.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rows.readers import BadRow, EmptyLine, RowsError, is_hub, stream
from rows.sample import Sample
from sandbox.report import SandboxError
from verification.extraction import whole_solution

CODE = ("code", "solution", "canonical_solution")
REFERENCES = ("reference", "reference_solution", "canonical_solution")
NAMES = ("row", "task_id", "id", "problem_id")


@dataclass(frozen=True)
class Row:
    """One row of the data set, and what of it can be run."""

    number: int
    """Its place in the data set, from 0."""
    data: dict[str, Any]
    """The row as it was read; the output holds it unchanged."""
    name: str
    code: str
    tests: str
    entry_point: str | None
    language: str
    reference: str
    """Another solution that is held to be right; empty where the row has none."""
    problem: str
    """Rows of one problem are solutions that can be compared."""


Recorded = Mapping[str, Sample]
"""The accepted samples of a run by the names of their rows (`STAGE#ATTEMPT`)."""


def read_rows(path: Path, limit: int | None = None, beside: Recorded | None = None) -> list[Row]:
    """The rows of a data set, at most `limit`. An export names the rows it was made of: `beside` are those of the run
    around it, where there is one; a row whose `run` names an earlier one is none of them. Raises SandboxError where there is no such data set or nothing in it can be audited.
    """
    known = beside or {}
    own = (
        (number, data, "" if data.get("run") else str(data.get("row")))
        for number, data in _cut(_data_rows(path), limit)
    )
    return _auditable(path, [_row(number, data, known.get(name)) for number, data, name in own])


def rows_of_run(path: Path, recorded: Recorded, limit: int | None = None) -> list[Row]:
    """The accepted rows of the run in `path`, at most `limit`. Raises SandboxError where none can be audited."""
    rows = ({"row": name, **_known(sample)} for name, sample in recorded.items())
    return _auditable(path, [_row(number, data) for number, data in _cut(rows, limit)])


def _auditable(path: Path, rows: list[Row]) -> list[Row]:
    if not any(row.code and row.tests for row in rows):
        seen = ", ".join(sorted(rows[0].data)[:12]) if rows else "nothing"
        raise SandboxError(
            f'{path}: no row has code and tests; needs "code" (or "canonical_solution") and "tests", "test" or '
            f'"test_list", or a "row" of a run directory above it. The first row holds: {seen}'
        )
    return rows


def _cut(rows: Iterable[dict[str, Any]], limit: int | None) -> Iterator[tuple[int, dict[str, Any]]]:
    for number, data in enumerate(rows):
        if limit is not None and number >= limit:
            return
        yield number, data


def _data_rows(path: Path) -> Iterator[dict[str, Any]]:
    if not (is_hub(path) or path.exists()):
        raise SandboxError(
            f"{path}: no such data set; a JSONL or Parquet file, a folder of either, hf:NAME or a run directory"
        )
    try:
        for place, row in stream(path):
            if isinstance(row, EmptyLine):
                continue
            if isinstance(row, BadRow):
                raise SandboxError(f"{place}: {row}")
            if not isinstance(row, dict):
                raise SandboxError(f"{place}: a row is a JSON object, not {type(row).__name__}")
            yield row
    except RowsError as error:
        raise SandboxError(str(error)) from None


def _known(sample: Sample) -> dict[str, str]:
    """What of a sample can be run, and what tells it from others."""
    found = {
        "code": sample.code,
        "tests": sample.tests,
        "entry_point": sample.entry_point,
        "programming_language": sample.programming_language,
        "problem_id": sample.problem_id,
        "problem": sample.problem,
    }
    return {name: value for name, value in found.items() if value}


def _row(number: int, data: dict[str, Any], sample: Sample | None = None) -> Row:
    from sandbox.languages.table import find

    known = {**(_known(sample) | {"reference": sample.reference} if sample else {}), **data}
    field = next((name for name in CODE if _text(known, name)), "code")
    code = _text(known, field)
    reference = next((_text(known, name) for name in REFERENCES if name != field and _text(known, name)), "")
    language = _text(known, "programming_language") or _text(known, "language") or "python"
    with contextlib.suppress(SandboxError):  # a row of an unknown language is kept, and not audited
        language = find(language).name
    if field == "canonical_solution":
        code = whole_solution(_text(known, "prompt"), code, language)
    if reference and reference == known.get("canonical_solution"):
        reference = whole_solution(_text(known, "prompt"), reference, language)
    return Row(
        number,
        data,
        str(next((known[name] for name in NAMES if known.get(name) not in (None, "")), number)),
        code,
        _tests(known),
        _text(known, "entry_point") or None,
        language,
        reference,
        str(known.get("problem_id") or known.get("task_id") or " ".join(_text(known, "problem").split())),
    )


def _tests(data: dict[str, Any]) -> str:
    for name in ("tests", "test"):
        if _text(data, name).strip():
            return _text(data, name)
    listed = data.get("test_list")
    if not isinstance(listed, list) or not all(isinstance(test, str) for test in listed):
        return ""
    setup = [*(data.get("test_imports") or []), data.get("test_setup_code") or ""]
    return "\n".join([*(part for part in setup if isinstance(part, str) and part), *listed]) + "\n"


def _text(data: dict[str, Any], name: str) -> str:
    value = data.get(name)
    return value if isinstance(value, str) else ""
