"""No text that somebody else wrote acts on the terminal: not by escape sequences, not by markup, in no command."""

import ast
import json
import logging
import re
import warnings
from pathlib import Path
from typing import Any

import pytest
import typer.main
from typer.testing import CliRunner, Result

from cli import app

ROOT = Path(__file__).parents[2]
HOSTILE = "\x1b[2J\x1b]0;title\x07[red]x[/nope]\u202e"
ACTING = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def lab(*arguments: str) -> Result:
    """The command in this process; a fault of ours is raised here instead of shown."""
    return CliRunner().invoke(app, arguments, catch_exceptions=False)


def leaves(command: Any, path: tuple[str, ...] = (), needy: bool = True) -> list[tuple[str, ...]]:
    """The words of each command, or of each that needs something."""
    if hasattr(command, "commands"):
        return [leaf for name, inner in command.commands.items() for leaf in leaves(inner, (*path, name), needy)]
    return [path] if not needy or any(parameter.required for parameter in command.params) else []


def given(path: tuple[str, ...]) -> list[str]:
    """The command with a hostile value for whatever it needs."""
    command: Any = typer.main.get_command(app)
    for name in path:
        command = command.commands[name]
    words = list(path)
    for parameter in (parameter for parameter in command.params if parameter.required):
        words += [HOSTILE] if parameter.param_type_name == "argument" else [parameter.opts[0], HOSTILE]
    return words


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("EDITOR", "true")


@pytest.mark.parametrize("path", leaves(typer.main.get_command(app)), ids=" ".join)
def test_what_a_command_is_given_is_shown_and_not_obeyed(path: tuple[str, ...]) -> None:
    done = lab(*given(path))
    assert done.exit_code in (1, 2)
    assert not ACTING.search(done.output)


def wrong(command: Any) -> list[list[str]]:
    """What click itself refuses and quotes: a surplus word, an unknown option, a value of another kind."""
    found = [[HOSTILE, HOSTILE, HOSTILE, HOSTILE, HOSTILE], [f"--{HOSTILE}"], [f"-{HOSTILE}"]]
    for parameter in command.params:
        if parameter.param_type_name == "option" and not parameter.is_flag:
            found += [[parameter.opts[0], HOSTILE], [f"{parameter.opts[0]}={HOSTILE}"]]
    return found


@pytest.mark.parametrize("path", leaves(typer.main.get_command(app), needy=False), ids=" ".join)
def test_a_wrong_usage_is_quoted_and_not_obeyed(path: tuple[str, ...]) -> None:
    command: Any = typer.main.get_command(app)
    for name in path:
        command = command.commands[name]
    required = given(path)[len(path) :]
    for words in wrong(command):
        if words[0] in ("--prompts", "--out", "--html") and not required:
            continue  # nothing is wrong with it: it would be done
        try:
            command.make_context("lab", [*required, *words])
        except Exception:
            pass
        else:
            continue  # nothing is wrong with it
        done = lab(*path, *required, *words)
        assert done.exit_code == 2, (words, done.output)
        assert not ACTING.search(done.output), (words, done.output)


def test_a_command_that_does_not_exist_is_quoted_and_not_obeyed() -> None:
    for words in ([HOSTILE], ["train", HOSTILE], ["pretrain", "tokenizer", HOSTILE], [f"--{HOSTILE}"]):
        done = lab(*words)
        assert done.exit_code == 2 and not ACTING.search(done.output), done.output


def test_a_templates_name_description_and_complaints_are_shown_and_not_obeyed(tmp_path: Path) -> None:
    folder = tmp_path / "prompts"
    folder.mkdir()
    front = f"---\ndescription: {json.dumps(HOSTILE)}\n---\n"
    (folder / "plain.j2").write_text(f"{front}== user ==\n{HOSTILE}\n")
    (folder / f"{HOSTILE.replace('/', '')}.j2").write_text(f"{front}== user ==\nHello\n")
    (folder / "bad.j2").write_text(f"---\ninputs: {{{json.dumps(HOSTILE)}: str}}\n---\n== user ==\nHello {{{{ x }}}}\n")
    for command in (["show", "plain"], ["check"]):
        done = lab("prompts", *command, "--prompts", str(folder))
        assert "[/nope]" in done.output
        assert not ACTING.search(done.output)
    (folder / "bad.j2").unlink()
    done = lab("prompts", "list", "--prompts", str(folder))
    assert done.exit_code == 0
    assert "[red]x[/nope]" in done.output
    assert not ACTING.search(done.output)


@pytest.mark.parametrize("command", [["run"], ["train", "pretrain"]])
def test_what_a_recipe_holds_is_shown_and_not_obeyed(tmp_path: Path, command: list[str]) -> None:
    recipe = tmp_path / "recipe.yaml"
    recipe.write_text(f"{json.dumps(HOSTILE)}: {json.dumps(HOSTILE)}\nname: {json.dumps(HOSTILE)}\n")
    done = lab(*command, str(recipe))
    assert done.exit_code == 1
    assert not ACTING.search(done.output)


def test_rows_and_files_of_hostile_names_are_shown_and_not_obeyed(tmp_path: Path) -> None:
    rows = tmp_path / f"{HOSTILE.replace('/', '')}.jsonl"
    rows.write_text(json.dumps({HOSTILE: HOSTILE, "prompt": HOSTILE}) + f"\n{HOSTILE}\n")
    for command in (
        ["filter", str(rows), "--out", str(tmp_path / f"out{HOSTILE.replace('/', '')}")],
        ["eval", "default", "--problems", str(rows)],
        ["sandbox", "audit", str(rows)],
        ["sandbox", "report", str(rows)],
        ["generate", "code/rejection-sampling", "--seeds", str(rows)],
    ):
        assert not ACTING.search(lab(*command).output)


def test_a_run_of_a_hostile_name_is_listed_under_it(tmp_path: Path) -> None:
    run = tmp_path / "runs" / HOSTILE.replace("/", "")
    run.mkdir(parents=True)
    for command in (["runs"], ["report", str(run)], ["why", str(run), "1"], ["watch", str(run)], ["export", str(run)]):
        assert not ACTING.search(lab(*command).output)


def test_every_command_prints_by_the_one_function_that_shows_text() -> None:
    bare = [
        f"{file.relative_to(ROOT)}:{node.lineno}"
        for file in (*(ROOT / "commands").rglob("*.py"), ROOT / "cli.py")
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.Name) and node.id == "print" and file.name != "options.py"
    ]
    assert bare == []


def test_what_a_library_logs_and_warns_of_is_shown_and_not_obeyed(capsys: pytest.CaptureFixture[str]) -> None:
    lab("runs")
    logger = logging.getLogger("a library")
    logger.warning("a model of type %s", HOSTILE)
    try:
        raise ValueError(HOSTILE)
    except ValueError:
        logger.exception("while reading")
    told = logging.Formatter().format(_record("x %s", HOSTILE))
    told += warnings.formatwarning(HOSTILE, UserWarning, HOSTILE, 1)
    assert "[red]x[/nope]" in told
    assert not ACTING.search(told + capsys.readouterr().err)


def _record(message: str, *given: object) -> logging.LogRecord:
    return logging.getLogger().makeRecord("a library", logging.WARNING, "f.py", 1, message, given, None)
