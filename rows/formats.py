"""The SFT data of a run in the forms that other trainers read: conversations become what each of them calls a row."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from rows.readers import RowsError, read, shards
from rows.writers import write_json_lines

Messages = list[dict[str, str]]
ROLES = {"system": "system", "user": "human", "assistant": "gpt"}
"""ShareGPT's words."""


def messages(row: Messages) -> dict[str, Any]:
    """OpenAI's and TRL's conversational form."""
    return {"messages": row}


def prompt_completion(row: Messages) -> dict[str, Any]:
    """TRL's prompt-completion form: everything up to the last answer is the prompt."""
    return {"prompt": row[:-1], "completion": row[-1:]}


def sharegpt(row: Messages) -> dict[str, Any]:
    """ShareGPT's form (axolotl, LLaMA-Factory)."""
    return {"conversations": [{"from": ROLES[turn["role"]], "value": turn["content"]} for turn in row]}


def alpaca(row: Messages) -> dict[str, Any]:
    """Alpaca's form: the last question and answer, earlier turns as `history`."""
    system = "\n".join(turn["content"] for turn in row if turn["role"] == "system")
    turns = [turn["content"] for turn in row if turn["role"] != "system"]
    history = [list(pair) for pair in zip(turns[:-2:2], turns[1:-2:2], strict=False)]
    return {"instruction": turns[-2], "input": "", "output": turns[-1], "system": system, "history": history}


FORMATS: dict[str, Callable[[Messages], dict[str, Any]]] = {
    "messages": messages,
    "prompt-completion": prompt_completion,
    "sharegpt": sharegpt,
    "alpaca": alpaca,
}


def convert(run_dir: Path, form: str, out: Path) -> int:
    """Write the SFT data of a run as JSONL in the form; returns the rows written. Raises RowsError.

    Conversations that do not end with an answer to a question have no row in these forms and are left out.
    """
    files = shards(run_dir / "data" / "sft")
    if not files:
        raise RowsError(f"{run_dir}: has no data/sft yet; `lab generate` and `lab run` write it")
    return write_json_lines(out, _converted(files, FORMATS[form]))


def _converted(files: list[Path], make: Callable[[Messages], dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for file in files:
        for _, row in read(file, ["messages", "row"]):
            turns = row["messages"]
            if len(turns) >= 2 and turns[-1]["role"] == "assistant" and turns[-2]["role"] == "user":
                yield {**make(turns), "row": row["row"]}


def push(folder: Path, name: str, *, private: bool = True) -> str:
    """Upload a data set folder to the Hub as `name`; returns its address. Raises RowsError with what the Hub said."""
    from huggingface_hub import HfApi

    try:
        api = HfApi()
        address = api.create_repo(name, repo_type="dataset", private=private, exist_ok=True)
        api.upload_folder(repo_id=name, repo_type="dataset", folder_path=folder)
    except Exception as error:  # of every kind: network, token, name
        said = str(error).strip().splitlines()
        raise RowsError(f"--push {name}: the Hub refused: {said[0] if said else type(error).__name__}") from None
    return str(address)
