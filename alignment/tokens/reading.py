"""Rows of a data set, as the messages that training learns from: each checked, and refused with its number."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from alignment.errors import AlignmentError
from rows.limits import json_of
from rows.messages import Message, ToolCall
from rows.places import files_in
from rows.readers import DROPPED, PARQUET, RowsError, column_names, read

Row = dict[str, Any]
"""Of a column with conversations a list of `Message`, of one with text a `str`."""


def read_rows(
    dataset: Path, columns: Sequence[str], *, optional: Sequence[str] = (), texts: Sequence[str] = ()
) -> list[Row]:
    """The `columns` of a Parquet or JSONL file, or of those in a directory (only its train* files if any); of the `optional`
    ones, conversations too, and of `texts` whatever a row has.

    Raises AlignmentError for a missing path or column, or a malformed row (with its number).
    """
    rows: list[Row] = []
    for path, number, row in cells(dataset, columns, [*optional, *texts]):
        talks = [*columns, *(column for column in optional if row.get(column))]
        found: Row = {column: messages_of(row[column], f"{path} row {number - 1} column {column}") for column in talks}
        rows.append(found | {name: row[name] for name in texts if isinstance(row.get(name), str)})
    return rows


def cells(dataset: Path, columns: Sequence[str], more: Sequence[str] = ()) -> Iterator[tuple[Path, int, Row]]:
    """(file, number of the row from 1, what it holds in `columns` and in those of `more` that there are). Raises AlignmentError
    for a missing path or column, or what is no row.
    """
    for path in parquet_files(dataset):
        try:
            asked = [*columns, *more]
            present = column_names(path) if path.suffix == PARQUET else asked
            missing = [column for column in columns if column not in present]
            if missing:
                raise AlignmentError(f"{path}: no column {', '.join(missing)}; it has {', '.join(present) or 'none'}")
            for number, row in read(path, [column for column in asked if column in present]):
                if not isinstance(row, dict) or not row.keys() >= {*columns}:
                    has = ", ".join(row) if isinstance(row, dict) else str(row)
                    raise AlignmentError(f"{path}:{number}: no {' and '.join(columns)}; it has {has}")
                yield path, number, row
        except RowsError as cause:
            raise AlignmentError(str(cause)) from cause


def parquet_files(dataset: Path) -> list[Path]:
    if dataset.is_file():
        return [dataset]
    # What `lab filter` left out lies beside what it kept.
    there = files_in(dataset, (PARQUET, ".jsonl"))
    for path, why in there.left_out:
        raise AlignmentError(f"{path}: {why}; take it out, or name the file itself")
    found = [path for path in there.files if not path.name.startswith(DROPPED)]
    found = [path for path in found if path.suffix == PARQUET] or found
    found = [path for path in found if path.name.startswith("train")] or found
    if not found:
        raise AlignmentError(f"{dataset}: no Parquet or JSONL there; give such a file or a directory that holds some")
    return found


def messages_of(value: object, where: str) -> list[Message]:
    """Checks one conversational cell; keeps what a `Message` has. A column's null is a field that the message lacks."""
    if not isinstance(value, list) or not value:
        raise AlignmentError(f"{where}: expected a non-empty list of messages, got {type(value).__name__}")
    messages: list[Message] = []
    for position, message in enumerate(value):
        if isinstance(message, dict) and message.get("content") is None and message.get("tool_calls"):
            message = {**message, "content": ""}  # as OpenAI's interface writes a turn that only calls
        if not isinstance(message, dict) or not all(isinstance(message.get(key), str) for key in ("role", "content")):
            raise AlignmentError(f"{where}: message {position} needs text fields 'role' and 'content'")
        kept: Message = {"role": message["role"], "content": message["content"]}
        if message.get("tool_calls"):
            kept["tool_calls"] = [_call_of(call, f"{where}: message {position}") for call in message["tool_calls"]]
        if message.get("tool_call_id"):
            kept["tool_call_id"] = message["tool_call_id"]
        messages.append(kept)
    return messages


def _call_of(call: Any, where: str) -> ToolCall:
    try:
        name, arguments = call["function"]["name"], call["function"]["arguments"]
        if not isinstance(json_of(arguments), dict):
            raise ValueError
        return {"id": str(call.get("id") or ""), "type": "function", "function": {"name": name, "arguments": arguments}}
    except (KeyError, TypeError, ValueError, AttributeError):
        raise AlignmentError(
            f"{where}: a tool call is {{'id', 'type': 'function', 'function': {{'name', 'arguments': a JSON object as text}}}}"
        ) from None


def fingerprint(dataset: Path) -> str:
    """SHA-256 over the names and bytes of the Parquet files `read_rows` would read."""
    digest = hashlib.sha256()
    for path in parquet_files(dataset):
        digest.update(path.name.encode())
        with path.open("rb") as file:
            digest.update(hashlib.file_digest(file, "sha256").digest())
    return digest.hexdigest()
