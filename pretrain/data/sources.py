"""Documents from where they lie: folders of text, JSONL, Parquet, `datasets`. Streamed, always in the same order."""

import difflib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pretrain.data.builtin import (
    TEXT_CHARACTERS,
    is_builtin,
    is_needles,
    needles_of,
    practice_documents,
    python_library,
)
from pretrain.errors import PretrainError
from rows import readers
from rows.encoding import encodable
from rows.limits import LONGEST_DOCUMENT
from rows.places import files_in
from rows.readers import is_hub


@dataclass(frozen=True)
class Document:
    """One document and where it came from: a file, `file:line`, or `file, row n`."""

    text: str
    where: str


@dataclass(frozen=True)
class Dropped:
    """Something that is no document, and why."""

    reason: str
    where: str


def documents(source: str | Path, column: str = "text") -> Iterator[Document | Dropped]:
    """Every document of a source.

    A source is a folder, whose files are taken in the order of their paths: JSONL and Parquet files row by row, every
    other file as one document, hidden files not at all; or one such file; or `hf:NAME`, `hf:NAME@CONFIG`,
    `hf:NAME@CONFIG#SPLIT` for anything `datasets.load_dataset` streams (split `train` unless named); or one of `builtin`.
    `column` names the text in rows. Raises PretrainError with file and line for a row that cannot be used.
    """
    try:
        yield from _documents(source, column)
    except readers.RowsError as error:
        raise PretrainError(str(error)) from None


def _documents(source: str | Path, column: str) -> Iterator[Document | Dropped]:
    if is_hub(source):
        yield from _from_hub(str(source), column)
        return
    if is_builtin(source):
        yield from _from_builtin(str(source), column)
        return
    for file in files(Path(source)):
        if file.name.endswith(readers.JSON_LINES):
            yield from _from_jsonl(file, column)
        elif file.suffix == readers.PARQUET:
            yield from _from_parquet(file, column)
        else:
            yield _from_text(file)


def has_columns(source: str | Path) -> bool:
    """Whether rows with columns are among what the source holds, as far as its files' names say."""
    if is_builtin(source):
        return False
    if is_hub(source) or not Path(source).exists():  # what is not there is told by who reads it
        return True
    local = files(Path(source))
    return any(file.suffix == readers.PARQUET or file.name.endswith(readers.JSON_LINES) for file in local)


def files(source: Path) -> list[Path]:
    """The files of a local source, in the order in which they are read."""
    if source.is_file():
        return [source]
    if not source.is_dir():
        raise PretrainError(
            f"{source}: no such file or folder; a source is a folder of text, a .jsonl or .parquet file, or hf:NAME"
        )
    there = files_in(source, skips=lambda name: name.startswith("."))
    for path, why in there.left_out:
        if not path.name.startswith("."):
            raise PretrainError(f"{path}: {why}; take it out, or name the files themselves")
    found = [path for path in there.files if not path.name.startswith(".")]
    if not found:
        raise PretrainError(f"{source}: an empty folder; put text, .jsonl or .parquet files into it")
    return found


def _from_text(file: Path) -> Document | Dropped:
    try:
        text = file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        return Dropped("not UTF-8 text", str(file))
    except OSError as error:
        raise PretrainError(f"{file}: cannot be read: {error.strerror}") from None
    return Dropped("not UTF-8 text", str(file)) if "\0" in text else Document(text, str(file))


def _from_builtin(source: str, column: str) -> Iterator[Document | Dropped]:
    if not is_needles(source):
        yield from map(_from_text, python_library(source))
        return
    inner, longest = needles_of(source)
    lines: list[str] = []
    characters = 0
    for item in documents(inner, column):
        if isinstance(item, Document):
            lines += item.text.split("\n")
            characters += len(item.text)
        if characters >= TEXT_CHARACTERS:
            break
    for number, text in enumerate(practice_documents(lines, longest)):
        yield Document(text, f"{source}, document {number}")


def _from_jsonl(file: Path, column: str) -> Iterator[Document]:
    before = readers.places(file)
    for number, row in readers.read(file, strict=True, longest=LONGEST_DOCUMENT):
        if isinstance(row, readers.EmptyLine):
            continue
        where = f"{before}{number}"
        if isinstance(row, readers.BadRow):
            raise PretrainError(_complaint(row, where))
        if not isinstance(row, dict):
            raise PretrainError(f'{where}: not an object; a line is {{"{column}": "..."}}')
        yield _text_of(row, column, where)


def _complaint(row: readers.BadRow, where: str) -> str:
    cause = row.__cause__
    if isinstance(cause, json.JSONDecodeError):
        return f"{where}: malformed JSON at column {cause.colno} ({cause.msg}); mend or delete the line"
    if isinstance(cause, UnicodeDecodeError):
        return f"{where}: not UTF-8 ({cause.reason}); mend the line or convert the file"
    return f"{where}: {row}; mend or delete the line"


def _from_parquet(file: Path, column: str) -> Iterator[Document]:
    names = readers.column_names(file)
    if column not in names:
        raise _no_column(str(file), column, names)
    before = readers.places(file)
    for number, row in readers.read(file, [column]):
        yield _text_of(row, column, f"{before}{number}")


def _from_hub(source: str, column: str) -> Iterator[Document]:
    for number, row in enumerate(readers.hub_rows(source), start=1):
        where = f"{source}, row {number}"
        if isinstance(row, readers.BadRow):
            raise PretrainError(_complaint(row, where))
        yield _text_of(row, column, where)


def _text_of(row: dict[str, Any], column: str, where: str) -> Document:
    if column not in row:
        raise _no_column(where, column, list(row))
    text = row[column]
    if text is not None and not isinstance(text, str):
        raise PretrainError(
            f'{where}: column "{column}" holds {type(text).__name__}, text expected; name the text column'
        )
    return Document(encodable(text or ""), where)


def _no_column(where: str, column: str, known: list[str]) -> PretrainError:
    close = difflib.get_close_matches(column, known, n=1)
    guess = f'; did you mean "{close[0]}"?' if close else "; name the text column with --column."
    return PretrainError(f'{where}: no column "{column}"{guess} Here: {", ".join(known) or "none"}')
