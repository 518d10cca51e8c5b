"""Reads files of rows as a stream: JSONL (also .gz and .zst), Parquet, a folder of either, a data set of the Hub.

    for place, row in stream(Path("rows.jsonl")):
        if isinstance(row, BadRow):
            print(f"{place}: {row}")  # rows.jsonl:3: not JSON: ...

Whoever wants a row by its number finds it in `by_number`, whoever wants the rows counted and in batches in `sources`.
"""

import codecs
import dataclasses
import datetime
import functools
import io
import itertools
import re
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from rows import parquet
from rows.encoding import listed
from rows.limits import BATCH as BATCH
from rows.limits import LARGEST_ARRAY, LONGEST_LINE, json_of
from rows.limits import RowsError as RowsError
from rows.places import configurations, files_in, open_regular

HUB = "hf:"
"""`hf:NAME`, with `@CONFIG` and `#SPLIT` or `:SPLIT` behind it where wanted: whatever `datasets.load_dataset` takes."""
ALL = "all"
"""The split that is all of them, unless one is called so."""
PIECE = 1 << 20
"""Bytes read at a time of what is passed over."""
DROPPED = "dropped-"
"""How files with what a filter left out begin; they are no data."""
SPLIT = re.compile(r"(train|test|validation|valid|val|dev|eval|heldout)(?![a-z])([^.]*)", re.IGNORECASE)
"""A file's or folder's name that may be a split's, and what else it has."""
OF_A_PART = re.compile(r"[-_]?(?:v?\d+|of|[0-9a-f]{16}|data|set|split)(?![a-z0-9])", re.IGNORECASE)
"""What stands behind a split's name in those of its parts: `train-00000-of-00001`, `test_set`."""
ONE_WORD = re.compile(r"[-_][a-z0-9]+", re.IGNORECASE)
"""What else a split's name has where there are several of its kind: MNLI's `validation_matched`."""
UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
JSON_LINES = (".jsonl", ".jsonl.gz", ".jsonl.zst")
PARQUET = ".parquet"


class BadRow(ValueError):
    """Stands in the place of a row that could not be read; its text says why, `__cause__` is the parser's own error."""


class EmptyLine(BadRow):
    """A line of nothing but white space."""


@dataclass(frozen=True)
class HubName:
    """A data set of the Hub, as `datasets.load_dataset` takes it."""

    name: str
    config: str | None
    split: str


def is_hub(source: str | Path) -> bool:
    """Whether the source is a data set's name rather than a path."""
    return str(source).startswith(HUB)


def hub_name(source: str | Path) -> HubName:
    """What `hf:NAME[@CONFIG][#SPLIT]` names; the split is `train` unless named."""
    rest = str(source).removeprefix(HUB)
    for mark in "#:":
        rest, _, split = rest.partition(mark)
        if split:
            break
    name, _, config = rest.partition("@")
    return HubName(name, config or None, split or "train")


def files_of(source: Path) -> list[Path]:
    """The file itself, or a folder's Parquet and JSONL files by path, without what a filter dropped. Raises RowsError."""
    if source.is_file():
        _refuse_tables(source)
        return [source]
    if not source.is_dir():
        raise RowsError(f"{source}: no such file")
    files = files_within(source)
    if not files:
        raise RowsError(f"{source}: no .parquet or .jsonl file in this folder")
    _refuse_splits(source, files)
    _refuse_configurations(source, files)
    return files


def _refuse_splits(folder: Path, files: list[Path]) -> None:
    """Raises RowsError where a folder has files to train on and files of another split: together they would be one data set."""
    named: list[tuple[str, str, Path]] = []
    for file in files:
        found = [
            (match[1].lower(), OF_A_PART.sub("", match[2]), file)
            for match in map(SPLIT.match, file.relative_to(folder).parts)
            if match
        ]
        named += sorted(found, key=lambda name: name[1] != "")[:1]  # of dev_tools/train.jsonl the latter
    train = next((file for split, _, file in named if split == "train"), None)
    kinds = {kind for split, kind, _ in named if split == "train" or not kind}  # test_sft is beside train_sft

    def is_split(split: str, kind: str) -> bool:
        """Not dev_tools nor test-driven-development; in doubt it is one, as a refusal costs less than training on a test split."""
        return kind in kinds or (split != "dev" and bool(ONE_WORD.fullmatch(kind)))

    other = next((file for split, kind, file in named if split != "train" and is_split(split, kind)), None)
    if train and other:
        raise RowsError(
            f"{folder}: holds {train.relative_to(folder)} and {other.relative_to(folder)}, which would be one data set; "
            "name a file, or a folder of one split"
        )


def _refuse_configurations(folder: Path, files: list[Path]) -> None:
    """Raises RowsError where the folder is a data set of the Hub with several configurations: one may hold the rows of another in
    other words, as GSM8K's do.
    """
    found = configurations(folder, files)
    if len(found) > 1 and set().union(*found.values()) not in found.values():
        raise RowsError(
            f"{folder}: holds several configurations by its card ({listed(found)}), which would be one data set; name the files "
            f"of one, or {HUB}{folder}@{next(iter(found))}"
        )


def files_within(folder: Path) -> list[Path]:
    """A folder's files of rows by path, without what a filter dropped. Raises RowsError for one that would be passed over: a link
    that leads out, a packed file.
    """
    found = files_in(folder, (PARQUET, *JSON_LINES))
    for path, why in found.left_out:
        raise RowsError(f"{path}: {why}; take it out, or name the files themselves")
    files = [file for file in found.files if not file.name.startswith(DROPPED)]
    if packed := next((file for file in files if file.name.endswith(JSON_LINES[1:])), None):
        raise RowsError(f"{packed}: packed, and its rows would be left out; unpack it, or take it out")
    return files


def _refuse_tables(file: Path) -> None:
    """Raises RowsError for a file whose lines are no rows of ours, so that none of them is taken for a damaged one."""
    kind = {".csv": "CSV", ".tsv": "a table of tabs", ".xlsx": "a spreadsheet"}.get(file.suffix.lower(), "")
    if not kind and file.suffix != PARQUET and is_array(str(file)):
        kind = "a JSON array"
    if not kind and _begins(file, 2) in UTF_16:
        kind = "UTF-16, as some editors and shells of Windows write it,"
    if kind:
        raise RowsError(f"{file}: {kind} is not read; needed: JSONL (an object a line) or Parquet")


def _begins(file: Path, size: int) -> bytes:
    with open_regular(file) as opened:
        return opened.read(size)


def shards(folder: Path) -> list[Path]:
    """The Parquet files of a data set of ours, in order; those of an older run lie under another name."""
    return sorted(folder.glob("train*.parquet"))


def stream(source: str | Path, columns: Sequence[str] | None = None) -> Iterator[tuple[str, Any]]:
    """(place, row) of every row of a source; what could not be read is a BadRow in its place. Raises RowsError.

    `columns` are all that is read of a Parquet file.
    """
    if is_hub(source):
        for number, row in enumerate(hub_rows(source), 1):
            yield f"{source}, row {number}", row
        return
    for file in files_of(Path(source)):
        before = places(file)  # once: a path's suffix costs as much as a short row
        for number, row in read(file, columns):
            yield f"{before}{number}", row


def read(
    file: Path, columns: Sequence[str] | None = None, *, strict: bool = False, longest: int = LONGEST_LINE
) -> Iterator[tuple[int, Any]]:
    """(number from 1, row) of one file; of JSONL it is the line's, and what is no row is a BadRow. Raises RowsError.

    A line of more than `longest` bytes is no row. Bytes that are no UTF-8 are replaced, or where `strict` no row.
    """
    if file.suffix == PARQUET:
        return enumerate(itertools.chain.from_iterable(parquet.batches(file, columns)), 1)
    return enumerate((parsed(line, strict, longest) for line in lines(file, longest)), 1)


def batches(file: Path) -> Iterator[list[Any]]:
    """The rows of one file, at most `BATCH` at a time. Raises RowsError."""
    if file.suffix == PARQUET:
        yield from parquet.batches(file)
        return
    rows = map(parsed, lines(file))
    while batch := list(itertools.islice(rows, BATCH)):
        yield batch


def places(file: Path) -> str:
    """What stands before the number where a row is named to a person: `file.jsonl:3`, `file.parquet, row 3`."""
    return f"{file}, row " if file.suffix == PARQUET else f"{file}:"


def parsed(line: bytes, strict: bool = False, longest: int = LONGEST_LINE) -> Any:
    """The row that a line of JSON is, or a BadRow."""
    if len(line) > longest:
        return BadRow(f"longer than {longest >> 20} MiB")
    try:
        text = line.decode("utf-8", "strict" if strict else "replace")
    except UnicodeDecodeError as error:
        return _caused(BadRow(f"not UTF-8: {error.reason}"), error)
    try:
        return json_of(text)
    except ValueError as error:
        return _caused(BadRow(f"not JSON: {error}") if text.strip() else EmptyLine("an empty line"), error)


def _caused(bad: BadRow, error: Exception) -> BadRow:
    bad.__cause__ = error
    return bad


def lines(file: Path, longest: int = LONGEST_LINE) -> Iterator[bytes]:
    """The lines of a file, unpacked where it is packed, without a byte order mark in front; of a line that is longer its first
    `longest` bytes and one. Raises RowsError where it cannot be read to its end.
    """
    number = 0
    try:
        with _open(file) as source:
            read_line = functools.partial(source.readline, longest + 1)
            for number, line in enumerate(iter(read_line, b""), 1):
                if len(line) > longest:
                    pass_over(source, line)
                yield line.removeprefix(codecs.BOM_UTF8) if number == 1 else line
    except (OSError, EOFError, zlib.error) as error:
        raise RowsError(f"{file}:{number + 1}: cannot be read: {error}; a truncated archive?") from None


def one_line(source: IO[bytes], longest: int = LONGEST_LINE) -> bytes:
    """The next line, at most `longest` bytes of it and one; what more it has is passed over, and never held. Empty at the end."""
    line = source.readline(longest + 1)
    if len(line) > longest:
        pass_over(source, line)
    return line


def pass_over(source: IO[bytes], line: bytes) -> None:
    """Read to the end of a line whose beginning was read."""
    while line and not line.endswith(b"\n"):
        line = source.readline(PIECE)


def _open(file: Path) -> IO[bytes]:
    if file.suffix == ".gz":
        import gzip

        return io.BufferedReader(gzip.open(open_regular(file), "rb"))  # a line at a time, but not in Python
    if file.suffix == ".zst":
        import pyarrow

        return io.BufferedReader(pyarrow.CompressedInputStream(pyarrow.PythonFile(open_regular(file)), "zstd"))
    return open_regular(file)


def column_names(file: Path) -> list[str]:
    """The columns of a Parquet file. Raises RowsError."""
    with parquet.opened(file) as opened:
        return list(opened.schema_arrow.names)


def hub_rows(source: str | Path) -> Iterator[Any]:
    """The rows of a data set of the Hub as they come down; a line that is no row is a BadRow. Raises RowsError."""
    files = hub_json(source, streaming=True)
    if files is None:
        return map(as_json, load_hub(source, streaming=True))
    return itertools.chain.from_iterable(map(json_rows, files))


def hub_json(source: str | Path, split: str = "", *, streaming: bool) -> list[str] | None:
    """The JSON files of a split of a data set of the Hub, the one that is asked for unless named; on this disk unless `streaming`.
    None where there are none of rows, as there are of no part of a split. Raises RowsError.

    They are read here, not by `datasets`, which makes timestamps of texts that look like dates and other floats of some
    (`findings/dates_for_texts_in_datasets_5.2.sh`, `findings/floats_through_json_in_datasets_5.2.sh`).
    """
    from datasets import DownloadManager, StreamingDownloadManager, load_dataset_builder
    from datasets.packaged_modules.json.json import Json

    wanted = hub_name(source)
    try:
        builder = load_dataset_builder(wanted.name, wanted.config)
        if not isinstance(builder, Json) or builder.config.field:
            return None
        named = builder.config.data_files or {}
        asked = split or wanted.split
        found = named.get(asked) or ([file for part in named.values() for file in part] if asked == ALL else [])
        if not found:
            return None
        manager: Any = (StreamingDownloadManager if streaming else DownloadManager)(base_path=builder.base_path)
        places = manager.download_and_extract(list(found))
        files = [str(file) for place in places for file in manager.iter_files(place)]
        return files if all(map(_holds_rows, files[:1])) else None
    except Exception as error:  # of every kind: network, access, names, formats
        raise RowsError(_no_hub(source, error)) from None


def hub_parts(source: str | Path, lengths: dict[str, int]) -> list[tuple[str, range]]:
    """What `train[:10%]+test[5:]` asks for: splits, whose lengths are given, and the rows of each from 0. Raises RowsError."""
    from datasets import ReadInstruction

    try:
        parts = ReadInstruction.from_spec(hub_name(source).split).to_absolute(lengths)
    except Exception as error:  # ValueError and AssertionError
        raise RowsError(_no_hub(source, error)) from None
    asked = [(part.splitname, range(part.from_, part.to)) for part in parts]
    if not any(numbers for _, numbers in asked):
        there = ", ".join(f"{name} has {rows:,}" for name, rows in lengths.items())
        raise RowsError(f"{source}: no row is there; {there}")
    return asked


def json_rows(file: str) -> Iterator[Any]:
    """The rows of a JSONL file, or of one that is a single array, at a path or at an address that `datasets` opens."""
    from datasets.utils.file_utils import xopen

    with xopen(file, "rb") as opened:
        first = opened.readline(LARGEST_ARRAY + 1).removeprefix(codecs.BOM_UTF8)
        if first.lstrip().startswith(b"["):
            whole = parsed(first + opened.read(LARGEST_ARRAY + 1 - len(first)), longest=LARGEST_ARRAY)
            yield from [whole] if isinstance(whole, BadRow) else map(_as_row, whole)
            return
        while line := first or one_line(opened):
            yield parsed(line)
            first = b""


def is_array(file: str) -> bool:
    """Whether a file on this disk is a single JSON array: its first line begins one and is not one row of several."""
    with open_regular(Path(file)) as opened:
        first = opened.readline(PIECE).removeprefix(codecs.BOM_UTF8).lstrip()
        return first.startswith(b"[") and (isinstance(parsed(first), BadRow) or not opened.readline(PIECE).strip())


def _holds_rows(file: str) -> bool:
    """Whether a JSON file is one of lines, or a single array, and not one object over many lines."""
    from datasets.utils.file_utils import xopen

    with xopen(file, "rb") as opened:
        first = opened.readline(LARGEST_ARRAY).removeprefix(codecs.BOM_UTF8)
    return first.lstrip().startswith(b"[") or not isinstance(parsed(first), BadRow)


def _as_row(item: Any) -> Any:
    return {"text": item} if isinstance(item, str) else item


def as_json(value: Any) -> Any:
    """A row with its dates and times as texts, as JSON would have them."""
    if isinstance(value, dict):
        return {name: as_json(held) for name, held in value.items()}
    if isinstance(value, list):
        return [as_json(held) for held in value]
    return value.isoformat() if isinstance(value, datetime.date | datetime.time) else value


def load_hub(source: str | Path, *, streaming: bool = False) -> Any:
    """A data set of the Hub, whole on this disk or streaming; images and sounds as the bytes they are. Raises RowsError."""
    from datasets import load_dataset

    wanted = hub_name(source)
    try:
        found = load_dataset(wanted.name, wanted.config, split=wanted.split, streaming=streaming)
        for name, kind in (found.features or {}).items():
            if (packed := _undecoded(kind)) != kind:
                found = found.cast_column(name, packed)
        return found
    except Exception as error:  # of every kind: network, access, names, formats
        raise RowsError(_no_hub(source, error)) from None


def _undecoded(kind: Any) -> Any:
    """A column's kind in the words of `datasets`, in which an image, at any depth, is not made a picture."""
    if isinstance(kind, dict):
        return {name: _undecoded(held) for name, held in kind.items()}
    if hasattr(kind, "feature"):
        return dataclasses.replace(kind, feature=_undecoded(kind.feature))
    return dataclasses.replace(kind, decode=False) if getattr(kind, "decode", False) else kind


def _no_hub(source: str | Path, error: Exception) -> str:
    said = str(error).strip().splitlines()
    return f"{source}: `datasets` cannot load it: {said[0][:200] if said else type(error).__name__}"
