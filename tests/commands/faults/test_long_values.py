"""A row that is wrong is told in a line that can be read, however long its values and names are."""

import json
from pathlib import Path
from typing import Any

import pytest
from tiny_checkpoints import tiny_checkpoint
from typer.testing import CliRunner

from cli import app
from commands.door import LONGEST_LINE, within
from rows.encoding import listed, shown

LONG = "wide \n" * 20_000
MOST = 800
"""Characters of a line of an error, a path among them."""
TURN = {"role": "user", "content": "Hello"}
ROWS: dict[str, list[dict[str, Any]]] = {
    "a name": [{LONG: 1}],
    "names": [{f"{n}{LONG}": n for n in range(50)}],
    "an id twice": [{"task_id": LONG, "id": LONG, "prompt": "f()?", "test_list": ["assert f() == 1"]}] * 2,
    "a split": [{"id": "1", "split": LONG, "prompt": "f()?", "question": "1?", "answer": "1", "test_list": ["assert f()"]}],
    "a language": [{"prompt": "f()?", "language": LONG, "test_list": ["assert f() == 1"]}],
    "a text in the place of a list": [{"prompt": "f()?", "test_list": LONG, "messages": LONG, "completions": LONG}],
    "a kind of constraint": [{"prompt": "Say so.", "constraints": [{"kind": LONG}]}],
    "a part of a constraint": [{"prompt": "Say so.", "constraints": [{"kind": "words", LONG: 1}]}],
    "a text of a constraint": [{"prompt": "Say so.", "constraints": [{"kind": "case", "text": LONG}]}],
    "a letter of a constraint": [{"prompt": "Say so.", "constraints": [{"kind": "letter", "text": LONG, "exactly": 1}]}],
    "a role": [{"messages": [{"role": LONG, "content": LONG}], "prompt": [{"role": LONG, "content": "a"}]}],
    "a label": [{"prompt": LONG, "completions": ["a"], "labels": [LONG], "chosen": LONG, "rejected": LONG}],
    "a tool": [{"messages": [TURN, {"role": "assistant", "tool_calls": [{"function": {"name": LONG, "arguments": LONG}}]}]}],
    "an answer": [{"prompt": "a", "answers": {LONG: LONG}, "needle": LONG, "question": LONG, "answer": 1, "length": LONG}],
}  # fmt: skip
COMMANDS = (
    "eval http://127.0.0.1:9/v1 --problems ROWS",
    "eval http://127.0.0.1:9/v1 --problems ROWS --split nope",
    "generate code/rejection-sampling -c http://127.0.0.1:9/v1 --seeds ROWS --out o --strict",
    "generate math/solutions -c http://127.0.0.1:9/v1 --seeds ROWS --out o",
    "train sft START --data ROWS --out o --dry-run",
    "train dpo START --data ROWS --out o --dry-run",
    "train stepwise START --data ROWS --out o --dry-run",
    "train ppo START --data ROWS --out o --dry-run --set max_length=200 --set max_tokens=9",
    "train distill START --data ROWS --out o --dry-run --set max_length=200 --set max_tokens=9 --set teacher=START",
    "arena http://127.0.0.1:9/v1 --prompts ROWS --out o",
    "arena --answers ROWS --out o",
    "sandbox audit ROWS",
    "filter ROWS --out f --dedup exact --decontaminate ROWS",
    "pretrain pack ROWS --column text --tokenizer START --out p",
)


@pytest.fixture(scope="module")
def start(tmp_path_factory: pytest.TempPathFactory) -> Path:
    template = "{%- for m in messages -%}{{ raise_exception(m['content']) }}{%- endfor -%}"
    folder = tiny_checkpoint(tmp_path_factory.mktemp("start") / "tiny")
    (folder / "refuses").mkdir()
    (folder / "refuses" / "chat_template.jinja").write_text(template)
    return folder


@pytest.mark.parametrize("name", ROWS)
def test_no_line_of_an_error_is_longer_than_can_be_read(
    name: str, start: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("alignment.trainings.ppo.look.docker_problem", lambda: None)
    monkeypatch.setattr("alignment.ready.docker_problem", lambda: None)
    Path("rows.jsonl").write_text("".join(f"{json.dumps(row)}\n" for row in ROWS[name]))
    for command in COMMANDS:
        words = [word.replace("ROWS", "rows.jsonl").replace("START", str(start)) for word in command.split()]
        done = CliRunner().invoke(app, words)
        assert done.exception is None or isinstance(done.exception, SystemExit), (command, repr(done.exception)[:MOST])
        assert max(map(len, done.output.split("\n"))) <= MOST, (command, done.output[: 2 * MOST])


def test_what_a_template_quotes_of_a_row_is_cut(start: Path, tmp_path: Path) -> None:
    (start / "refuses" / "chat_template.jinja").rename(start / "chat_template.jinja")
    talk = [{"role": "user", "content": LONG}, {"role": "assistant", "content": LONG}]
    (rows := tmp_path / "rows.jsonl").write_text(json.dumps({"messages": talk}) + "\n")
    words = ["train", "sft", str(start), "--data", str(rows), "--out", str(tmp_path / "o"), "--dry-run"]
    done = CliRunner().invoke(app, words)
    assert done.exit_code == 1 and "rows.jsonl:1: the chat template refuses the conversation: wide wide" in done.stderr
    assert max(map(len, done.stderr.split("\n"))) <= MOST


def test_a_short_value_is_shown_whole_and_of_a_long_one_its_beginning() -> None:
    assert shown("as it is") == "as it is" and shown(3) == "3"
    assert shown("two\nlines") == "two lines"
    assert shown("x" * 70, 10) == "xxxxxxxxxx..."
    assert listed([]) == "nothing" and listed(["a", 2]) == "a, 2"
    assert listed(map(str, range(14))).endswith("11 and 2 more")


def test_a_line_that_a_library_made_keeps_its_beginning_and_its_end() -> None:
    line = f"rows.jsonl:3: {'x' * 9000} at the end"
    cut = within(f"{line}\nshort")
    assert cut.endswith("at the end\nshort") and cut.startswith("rows.jsonl:3: xxx") and "characters) ..." in cut
    assert max(map(len, cut.split("\n"))) < LONGEST_LINE + 50
