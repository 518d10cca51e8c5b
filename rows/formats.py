"""The SFT data of a run, or a data set of conversations that a filter left, in the forms that other trainers read: conversations
become what each of them calls a row.
"""

import itertools
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from rows.encoding import listed
from rows.limits import json_of
from rows.messages import Message, Role, talk_of
from rows.readers import RowsError, column_names, read, shards
from rows.writers import write_json_lines

Row = dict[str, Any]
SHAREGPT: dict[Role, str] = {"system": "system", "user": "human", "assistant": "gpt", "tool": "observation"}
"""ShareGPT's words. A turn that calls tools is a `function_call`."""
MESSAGES = "messages"
NAMES = ("row", "source_row")
"""Columns that name a row: for `lab why`, and of another data set its number before a filter. The first there is goes along."""
ASKS = ("human", "observation")
"""Those to which one of the others is the answer."""


def messages(turns: list[Message]) -> Row | None:
    """OpenAI's and TRL's conversational form."""
    return {"messages": turns}


def prompt_completion(turns: list[Message]) -> Row | None:
    """TRL's prompt-completion form: everything up to the last answer is the prompt."""
    return {"prompt": turns[:-1], "completion": turns[-1:]}


def sharegpt(turns: list[Message]) -> Row | None:
    """ShareGPT's form (axolotl, LLaMA-Factory), in which questions and answers take turns: turns of one side in a row are one, as
    are the answers of tools called at once, an `observation`. None where the form cannot say it: a turn both speaks and calls
    tools, or calls one with no JSON; an answer stands first; a system turn stands in the middle.
    """
    said: list[dict[str, str]] = []
    for turn in turns:
        if calls := turn.get("tool_calls"):
            if turn["content"].strip():
                return None
            try:
                functions = [
                    {**call["function"], "arguments": json_of(call["function"]["arguments"])} for call in calls
                ]
            except ValueError:  # a model wrote them
                return None
            value = json.dumps(functions if len(functions) > 1 else functions[0], ensure_ascii=False)
            said.append({"from": "function_call", "value": value})
        elif said and said[-1]["from"] == SHAREGPT[turn["role"]]:
            said[-1]["value"] += ("\n\n" if turn["role"] in ("user", "assistant") else "\n") + turn["content"]
        else:
            said.append({"from": SHAREGPT[turn["role"]], "value": turn["content"]})
    spoken = [turn["from"] for turn in said if turn is not said[0] or turn["from"] != "system"]
    in_turn = [name in ASKS for name in spoken] == [True, False] * (len(spoken) // 2)
    return {"conversations": said} if in_turn and "system" not in spoken else None


def alpaca(turns: list[Message]) -> Row | None:
    """Alpaca's form: the last question and answer, earlier turns as `history`; turns of one side in a row are one there. None
    where tools are called, or a system turn stands in the middle: it has no word for them.
    """
    if any(turn["role"] == "tool" or turn.get("tool_calls") for turn in turns):
        return None
    spoken = list(itertools.dropwhile(lambda turn: turn["role"] == "system", turns))
    if any(turn["role"] == "system" for turn in spoken):
        return None
    system = "\n".join(turn["content"] for turn in turns[: len(turns) - len(spoken)])
    sides = ["\n\n".join(turn["content"] for turn in side) for _, side in itertools.groupby(spoken, _role)]
    sides = sides if spoken[0]["role"] == "user" else ["", *sides]
    history = [list(pair) for pair in zip(sides[:-2:2], sides[1:-2:2], strict=True)]
    return {"instruction": sides[-2], "input": "", "output": sides[-1], "system": system, "history": history}


def _role(turn: Message) -> str:
    return turn["role"]


FORMATS: dict[str, Callable[[list[Message]], Row | None]] = {
    "messages": messages,
    "prompt-completion": prompt_completion,
    "sharegpt": sharegpt,
    "alpaca": alpaca,
}


@dataclass(frozen=True)
class Converted:
    """What was written, in rows."""

    rows: int
    left_out: int
    """Conversations that the form cannot say."""


def data_of(run_dir: Path) -> Path:
    """Where the conversations lie that are asked for: a run's SFT data, or the folder itself where it is a data set, such as one that
    `lab filter` left. Raises RowsError.
    """
    if not run_dir.exists():
        raise RowsError(f"{run_dir}: no such directory; `lab runs` lists the runs there are")
    if run_dir.is_file():
        raise RowsError(
            f"{run_dir}: a file, and what is exported is a run, or a folder that `lab filter` left; "
            f"`lab filter {run_dir} --filters none --dedup none --out FOLDER` makes one of it"
        )
    if shards(sft := run_dir / "data" / "sft"):
        return sft
    if shards(run_dir / "data" / "preference"):
        raise RowsError(
            f"{run_dir}: has no data/sft; its data/preference needs no other form: `lab train reward` and `lab train dpo` read it"
        )
    if not (own := shards(run_dir)):
        raise RowsError(f"{run_dir}: has no data/sft yet; `lab generate` and `lab run` write it")
    if MESSAGES not in (there := column_names(own[0])):
        raise RowsError(
            f"{own[0]}: no column {MESSAGES}, which alone can be written in other forms; it has {listed(there)}"
        )
    return run_dir


def convert(run_dir: Path, form: str, out: Path) -> Converted:
    """Write the conversations that are there (`data_of`) as JSONL in the form. Raises RowsError.

    A conversation that does not end with an answer to a question or a tool, has a role that is none of ours, or holds what the
    form has no word for, is left out.
    """
    left_out: list[None] = []
    return Converted(
        write_json_lines(out, _converted(shards(data_of(run_dir)), FORMATS[form], left_out)), len(left_out)
    )


def _converted(files: list[Path], make: Callable[[list[Message]], Row | None], left_out: list[None]) -> Iterator[Row]:
    for file in files:
        named = [name for name in NAMES if name in column_names(file)]
        for _, row in read(file, [MESSAGES, *named]):
            turns = _turns(row[MESSAGES])
            made = make(turns) if _ends_with_an_answer(turns) else None
            if made is None:
                left_out.append(None)
            else:
                yield {**made, **{name: row[name] for name in named[:1] if isinstance(row[name], str | int)}}


def _turns(cell: Any) -> list[Message]:
    """The turns of a conversation; none where one of them has no words, or a role that is none of ours."""
    cell = talk_of(cell)
    turns = [_stated(cast(Message, turn)) for turn in cell if isinstance(turn, dict)] if isinstance(cell, list) else []
    said = all(
        isinstance(turn.get("role"), str) and turn["role"] in SHAREGPT and isinstance(turn["content"], str)
        for turn in turns
    )
    return turns if said else []


def _stated(turn: Message) -> Message:
    """The message without nulls: a Parquet column is there for all messages when one has it. A turn that only calls says nothing."""
    stated = {name: value for name, value in turn.items() if value is not None}
    stated.setdefault("content", "")
    return cast(Message, stated)


def _ends_with_an_answer(turns: list[Message]) -> bool:
    return len(turns) >= 2 and turns[-1]["role"] == "assistant" and turns[-2]["role"] in ("user", "tool")


UNREACHED = ("TransportError", "ConnectionError")
"""What libraries call that nobody answers; which one speaks to the Hub depends on its version."""


OF_A_DATA_SET = ("train*.parquet", "README.md")
"""What of a folder is the data set: beside it a filter leaves what it dropped, and what a checkpoint said."""


def push(folder: Path, name: str, *, private: bool = True) -> str:
    """Upload the data set of a folder to the Hub as `name`; returns its address. Raises RowsError with what the Hub said."""
    from huggingface_hub import HfApi

    try:
        api = HfApi()
        address = api.create_repo(name, repo_type="dataset", private=private, exist_ok=True)
        # By the name that the Hub gave it: one without an owner is found under no other.
        api.upload_folder(
            repo_id=address.repo_id, repo_type="dataset", folder_path=folder, allow_patterns=[*OF_A_DATA_SET]
        )
    except Exception as error:  # of every kind: network, token, name
        said = str(error).strip().splitlines()
        away = any(kind.__name__ in UNREACHED for kind in type(error).__mro__)
        how = "cannot be reached" if away else "refused"
        raise RowsError(f"--push {name}: the Hub {how}: {said[0] if said else type(error).__name__}") from None
    return str(address)
