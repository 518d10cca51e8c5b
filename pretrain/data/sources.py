"""Documents from where they lie: folders of text, JSONL, Parquet, `datasets`. Streamed, always in the same order."""

import difflib
import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

from pretrain.data.builtin import NEEDLES_PREFIX, is_builtin, needles_of, practice_documents, python_library
from pretrain.errors import PretrainError

HUB_PREFIX = "hf:"
JSONL_SUFFIXES = (".jsonl", ".jsonl.gz", ".jsonl.zst")
PARQUET_SUFFIX = ".parquet"
PARQUET_ROWS = 1024


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
    if is_hub(source):
        yield from _from_hub(str(source), column)
        return
    if is_builtin(source):
        yield from _from_builtin(str(source), column)
        return
    for file in files(Path(source)):
        if file.name.endswith(JSONL_SUFFIXES):
            yield from _from_jsonl(file, column)
        elif file.suffix == PARQUET_SUFFIX:
            yield from _from_parquet(file, column)
        else:
            yield _from_text(file)


def is_hub(source: str | Path) -> bool:
    """Whether the source is a data set's name rather than a path."""
    return str(source).startswith(HUB_PREFIX)


def files(source: Path) -> list[Path]:
    """The files of a local source, in the order in which they are read."""
    if source.is_file():
        return [source]
    if not source.is_dir():
        raise PretrainError(
            f"{source}: no such file or folder; a source is a folder of text, a .jsonl or .parquet file, or hf:NAME"
        )
    found = sorted(
        path
        for path in source.rglob("*")
        if path.is_file() and not any(part.startswith(".") for part in path.relative_to(source).parts)
    )
    if not found:
        raise PretrainError(f"{source}: an empty folder; put text, .jsonl or .parquet files into it")
    return found


def _from_text(file: Path) -> Document | Dropped:
    try:
        text = file.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return Dropped("not UTF-8 text", str(file))
    except OSError as error:
        raise PretrainError(f"{file}: cannot be read: {error.strerror}") from None
    return Dropped("not UTF-8 text", str(file)) if "\0" in text else Document(text, str(file))


def _from_builtin(source: str, column: str) -> Iterator[Document | Dropped]:
    if not source.startswith(NEEDLES_PREFIX):
        yield from map(_from_text, python_library(source))
        return
    inner, longest = needles_of(source)
    lines = [line for item in documents(inner, column) if isinstance(item, Document) for line in item.text.split("\n")]
    for number, text in enumerate(practice_documents(lines, longest)):
        yield Document(text, f"{source}, document {number}")


def _from_jsonl(file: Path, column: str) -> Iterator[Document]:
    number = 0
    try:
        with _open(file) as lines:
            for number, line in enumerate(lines, start=1):
                if not line.strip():
                    continue
                where = f"{file}:{number}"
                try:
                    row = json.loads(line)
                except json.JSONDecodeError as error:
                    raise PretrainError(
                        f"{where}: malformed JSON at column {error.colno} ({error.msg}); mend or delete the line"
                    ) from None
                if not isinstance(row, dict):
                    raise PretrainError(f'{where}: not an object; a line is {{"{column}": "..."}}')
                yield _text_of(row, column, where)
    except UnicodeDecodeError as error:
        raise PretrainError(
            f"{file}:{number + 1}: not UTF-8 ({error.reason}); mend the line or convert the file"
        ) from None
    except (OSError, EOFError) as error:
        raise PretrainError(f"{file}:{number + 1}: cannot be read: {error}; a truncated archive?") from None


def _open(file: Path) -> TextIO:
    if file.suffix == ".gz":
        return gzip.open(file, "rt", encoding="utf-8")
    if file.suffix == ".zst":
        try:
            import zstandard
        except ImportError:
            raise PretrainError(f"{file}: reading .zst needs the package zstandard: pip install zstandard") from None
        return zstandard.open(file, "rt", encoding="utf-8")
    return file.open(encoding="utf-8")


def _from_parquet(file: Path, column: str) -> Iterator[Document]:
    import pyarrow.parquet
    from pyarrow.lib import ArrowException

    try:
        table = pyarrow.parquet.ParquetFile(file)
        names = table.schema_arrow.names
        if column not in names:
            raise _no_column(str(file), column, names)
        number = 0
        for batch in table.iter_batches(batch_size=PARQUET_ROWS, columns=[column]):
            for text in batch.column(0).to_pylist():
                number += 1
                yield _text_of({column: text}, column, f"{file}, row {number}")
    except (ArrowException, OSError) as error:
        raise PretrainError(f"{file}: not a readable Parquet file: {error}") from None


def _from_hub(source: str, column: str) -> Iterator[Document]:
    import datasets

    rest, _, split = source.removeprefix(HUB_PREFIX).partition("#")
    name, _, config = rest.partition("@")
    try:
        rows = iter(datasets.load_dataset(name, config or None, split=split or "train", streaming=True))
    except Exception as error:  # the library raises its own, fsspec's, the network's and ValueError alike
        raise PretrainError(f"{source}: cannot be opened: {type(error).__name__}: {error}") from None
    for number, row in enumerate(rows, start=1):
        yield _text_of(row, column, f"{source}, row {number}")


def _text_of(row: dict[str, Any], column: str, where: str) -> Document:
    if column not in row:
        raise _no_column(where, column, list(row))
    text = row[column]
    if text is not None and not isinstance(text, str):
        raise PretrainError(
            f'{where}: column "{column}" holds {type(text).__name__}, text expected; name the text column'
        )
    return Document(text or "", where)


def _no_column(where: str, column: str, known: list[str]) -> PretrainError:
    close = difflib.get_close_matches(column, known, n=1)
    guess = f'; did you mean "{close[0]}"?' if close else "; name the text column with --column."
    return PretrainError(f'{where}: no column "{column}"{guess} Here: {", ".join(known) or "none"}')
