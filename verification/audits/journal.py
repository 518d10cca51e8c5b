"""What an audit keeps as it goes, and what it leaves: a journal a killed call goes on from, and the output file.

A line of the journal is also a line `lab sandbox report` reads: a program, its report, and the reports of its reruns.
"""

from __future__ import annotations

import fcntl
import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from types import TracebackType
from typing import IO, Any

from rows.writers import Schema, write_json_lines, write_parquet
from sandbox.report import Limits, Program, Report, SandboxError
from verification.audits.rows import Row


def journal_path(out: Path) -> Path:
    """Where the journal of an output file lies."""
    return out.with_name(f"{out.stem}.runs.jsonl")


class Journal:
    """Findings by key, one line a row, each on disk before the next; a line cut off by a kill is dropped."""

    def __init__(self, out: Path) -> None:
        self._path = journal_path(out)
        self._known: dict[str, dict[str, Any]] = {}

    def __enter__(self) -> Journal:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._path.touch()
            self._file = self._path.open("r+b")
        except OSError as error:
            raise SandboxError(f"{self._path}: cannot be written: {error.strerror}") from None
        try:
            if not _held(self._file):
                raise SandboxError(f"{self._path}: another audit writes it; wait for its end, or choose another --out")
            kept = self._read()
        except SandboxError:
            self._file.close()
            raise
        self._file.truncate(kept)
        self._file.seek(kept)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def known(self, key: str) -> dict[str, Any] | None:
        """The columns found for that key before, if they were."""
        return self._known.get(key)

    def add(
        self, key: str, row: Row, program: Program, limits: Limits, runs: Sequence[Report], columns: dict[str, Any]
    ) -> None:
        """Keep what was found of a row."""
        line: dict[str, Any] = {"id": row.name, "key": key, "audit": columns}
        if runs:
            line |= {
                "program": asdict(program),
                "limits": asdict(limits),
                "report": runs[0].to_dict(),
                "again": [report.to_dict() for report in runs[1:]],
            }
        try:
            self._file.write(json.dumps(line, ensure_ascii=True).encode() + b"\n")
            self._file.flush()
        except OSError as error:
            raise SandboxError(f"{self._path}: cannot be written: {error.strerror}") from None
        self._known[key] = columns

    def _read(self) -> int:
        """Take in what is there; how many bytes of it are whole lines."""
        whole = 0
        with self._path.open("rb") as file:
            for line in file:
                if not line.endswith(b"\n"):
                    break
                try:
                    found = json.loads(line)
                    self._known[found["key"]] = found["audit"]
                except (ValueError, KeyError, TypeError, RecursionError):
                    raise SandboxError(
                        f"{self._path}: not a journal of an audit; move it away or choose another --out"
                    ) from None
                whole += len(line)
        return whole


def _held(file: IO[bytes]) -> bool:
    """Whether the file is this process's alone until it is closed; on a disk without locks it is taken to be."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return True
    return True


def write_output(out: Path, rows: Sequence[dict[str, Any]]) -> None:
    """Write the rows as Parquet or JSONL, by suffix; the file appears whole or not at all. Raises SandboxError."""
    try:
        if out.suffix == ".parquet":
            _write_parquet(out, rows)
        else:
            write_json_lines(out, rows, ascii_only=True)
    except OSError as error:
        raise SandboxError(f"{out}: cannot be written: {error.strerror or error}") from None


def _write_parquet(path: Path, rows: Sequence[dict[str, Any]]) -> None:
    import pyarrow

    types = {"audit_survivors": pyarrow.list_(pyarrow.string()), "audit_differences": pyarrow.list_(pyarrow.string())}
    types |= {f"audit_{name}": pyarrow.float64() for name in ("mutants_killed", "flake_rate", "differs")}
    types |= {"audit_calls": pyarrow.bool_(), "audit_verdict": pyarrow.string()}
    schema = Schema()
    schema.learn([{name: value for name, value in row.items() if name not in types} for row in rows])
    last = {name: types[name] for row in rows for name in row if name in types}
    write_parquet(path, rows, {**schema.columns(), **last})
