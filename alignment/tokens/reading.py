"""Rows of a data set, as the messages that training learns from: each checked, and refused by its place."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, get_args

from alignment.errors import AlignmentError
from rows.encoding import encodable_value, listed
from rows.limits import json_of
from rows.messages import Message, Role, ToolCall
from rows.readers import PARQUET, BadRow, EmptyLine, RowsError, column_names, files_of, files_within, places, read

Row = dict[str, Any]
"""Of a column with conversations a list of `Message`, of one with text a `str`."""
ROLES = get_args(Role)
TOOLS = "tools"
"""The column in which TRL's form says which tools there are."""
BESIDE = ("reasoning_content", "reasoning", "thinking", "function_call")
"""Fields in which a turn of other data sets says what its `content` lacks."""


def read_rows(
    dataset: Path, columns: Sequence[str], *, optional: Sequence[str] = (), texts: Sequence[str] = ()
) -> list[tuple[str, Row]]:
    """(place, row) of a Parquet or JSONL file, or of those in a directory (only its train* files if any): the `columns`, of the
    `optional` ones, conversations too, and of `texts` whatever a row has; and whether it names `tools`. A place is
    `rows.jsonl:3`, or `rows.parquet, row 3`.

    Raises AlignmentError for a missing path or column, or a malformed row (with its place).
    """
    rows: list[tuple[str, Row]] = []
    for place, row in cells(dataset, columns, [*optional, *texts, TOOLS]):
        talks = [*columns, *(column for column in optional if row.get(column))]
        found: Row = {
            column: messages_of(row[column], f"{place}: {column}", learned=column != "prompt") for column in talks
        }
        found |= {TOOLS: True} if names_tools(row) else {}
        rows.append((place, found | {name: row[name] for name in texts if isinstance(row.get(name), str)}))
    return rows


def names_tools(row: Row) -> bool:
    """Whether a row as it was read says in a column of its own which tools there are, as a list or as JSON text of one."""
    said = row.get(TOOLS)
    return bool(said) and (not isinstance(said, str) or said.strip() not in ("", "[]", "null"))


def cells(dataset: Path, columns: Sequence[str], more: Sequence[str] = ()) -> Iterator[tuple[str, Row]]:
    """(place, what the row holds in `columns` and in those of `more` that there are, or in all where none is named); empty
    lines are passed over. Raises AlignmentError for a missing path or column, what is no row, or where there is none.
    """
    found = False
    for path in parquet_files(dataset):
        try:
            asked = [*columns, *more]
            present = column_names(path) if path.suffix == PARQUET else asked
            missing = [column for column in columns if column not in present]
            if missing:
                raise AlignmentError(f"{path}: no column {listed(missing)}; it has {listed(present)}")
            before = places(path)
            for number, row in read(path, [column for column in asked if column in present] if asked else None):
                if isinstance(row, EmptyLine):
                    continue
                if not isinstance(row, dict):
                    why = str(row) if isinstance(row, BadRow) else "not an object"
                    raise AlignmentError(f"{before}{number}: {why}; mend the row or take it out")
                if lacks := [column for column in columns if column not in row]:
                    raise AlignmentError(f"{before}{number}: no {' and no '.join(lacks)}; it has {listed(row)}")
                found = True
                yield f"{before}{number}", encodable_value(row)
        except RowsError as cause:
            raise AlignmentError(str(cause)) from cause
    if not found:
        raise AlignmentError(f"{dataset}: no rows in it; give one that holds some")


def parquet_files(dataset: Path) -> list[Path]:
    try:
        found = files_of(dataset) if dataset.is_file() else files_within(dataset)
    except RowsError as error:
        raise AlignmentError(str(error)) from None
    found = [path for path in found if path.suffix == PARQUET] or found
    found = [path for path in found if path.name.startswith("train")] or found
    if not found:
        raise AlignmentError(f"{dataset}: no Parquet or JSONL there; give such a file or a directory that holds some")
    return found


def messages_of(value: object, where: str, *, learned: bool = True) -> list[Message]:
    """Checks one conversational cell; keeps what a `Message` has. Of one that is not `learned` weights say nothing. A column's null is
    a field that the message lacks.
    """
    if not isinstance(value, list) or not value:
        got = {str: "a text", list: "an empty list", type(None): "null"}.get(type(value), type(value).__name__)
        raise AlignmentError(f'{where}: expected a list of messages, each {{"role": ..., "content": ...}}, got {got}')
    messages: list[Message] = []
    for position, message in enumerate(value):
        if isinstance(message, dict) and message.get("content") is None and message.get("tool_calls"):
            message = {**message, "content": ""}  # as OpenAI's interface writes a turn that only calls
        if not isinstance(message, dict) or not all(isinstance(message.get(key), str) for key in ("role", "content")):
            raise AlignmentError(f"{where}: message {position} needs text fields 'role' and 'content'")
        if message["role"] not in ROLES:
            raise AlignmentError(
                f"{where}: message {position} has the role {message['role']!r:.40}; roles are {', '.join(ROLES)}"
            )
        if beside := next((name for name in BESIDE if message.get(name)), None):
            raise AlignmentError(
                f"{where}: message {position} says something in '{beside}', of which nothing would be learned; write it into "
                "'content', as the checkpoint's answers have it, or take it out"
            )
        if learned and message["role"] == "assistant" and message.get("weight") == 0:
            raise AlignmentError(
                f"{where}: message {position} has the weight 0, and every answer of a conversation is learned; end the "
                "conversation before it, or take the weight out"
            )
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
    """SHA-256 over the names and bytes of the files that a training reads: all of those, and no other file of a folder."""
    digest = hashlib.sha256()
    for path in parquet_files(dataset):
        digest.update(path.name.encode())
        with path.open("rb") as file:
            digest.update(hashlib.file_digest(file, "sha256").digest())
    return digest.hexdigest()
