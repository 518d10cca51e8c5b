"""The one error door: what a package says of an error reaches the person as one line, and a fault of ours its traceback."""

import ast
import asyncio
import functools
import importlib
import re
from pathlib import Path

import pytest
import typer

from commands.door import GOES_ON, INTERRUPTED, TOLD, door

ROOT = Path(__file__).parents[2]
INTERNAL = {"LacksError", "CodecError", "WireError"}
"""Raised and caught within one package."""


@functools.cache
def errors_defined() -> list[tuple[str, str]]:
    """(module, name) of each exception class of our packages."""
    packages = sorted(
        path.parent for path in ROOT.glob("*/__init__.py") if path.parent.name not in ("commands", "tests")
    )
    files = [file for package in packages for file in package.rglob("*.py")]
    return [
        (".".join(file.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"), node.name)
        for file in files
        if re.search(r"class\s+\w+Error\b", source := file.read_text())
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.ClassDef) and node.name.endswith("Error") and node.name not in INTERNAL
    ]


@pytest.mark.parametrize(("module", "name"), errors_defined())
def test_every_packages_error_is_one_line_on_stderr_and_exit_code_1(
    module: str, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    kind: type[Exception] = getattr(importlib.import_module(module), name)
    error = kind.__new__(kind, "a.yaml:3: no such key")
    Exception.__init__(error, "a.yaml:3: no such key")
    with pytest.raises(typer.Exit) as ended, door():
        raise error
    assert ended.value.exit_code == 1
    assert capsys.readouterr().err == f"lab: {error}\n"
    assert "a.yaml:3" in str(error)


def test_every_error_that_the_door_tells_exists() -> None:
    defined = {(module.partition(".")[0], name) for module, name in errors_defined()}
    assert {(package, name) for package, names in TOLD.items() for name in names} <= defined


def test_a_fault_of_ours_keeps_its_traceback() -> None:
    with pytest.raises(ZeroDivisionError), door():
        _ = 1 // 0


@pytest.mark.parametrize("stop", [KeyboardInterrupt, asyncio.CancelledError])
def test_ctrl_c_ends_with_130_and_says_what_goes_on(
    stop: type[BaseException], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(typer.Exit) as ended, door(stopped=f"runs/x keeps what is done, {GOES_ON}"):
        raise stop
    assert ended.value.exit_code == INTERRUPTED
    assert "runs/x keeps what is done, and the same command goes on from there" in capsys.readouterr().err


def test_ctrl_c_tells_what_was_made_so_far_or_that_nothing_was(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from ledger import Ledger, Row, Status, facts
    from rows.sample import Sample

    async def fill(ledger: Ledger) -> None:
        for attempt in range(3):
            status = Status.accepted if attempt else Status.rejected
            await ledger.record_row(Row("own/x", attempt, status, "" if attempt else "short", "s", Sample()))
        await ledger.record(facts.SPENT, 1500, "own/x")
        await ledger.record(facts.SECONDS, 7.0, "own/x")

    with Ledger(tmp_path / "empty"):
        pass
    with Ledger(tmp_path / "run") as ledger:
        asyncio.run(fill(ledger))
    told = {}
    for name in ("run", "empty"):
        with pytest.raises(typer.Exit), door(stopped=f"{name} keeps what is done, {GOES_ON}", kept=tmp_path / name):
            raise KeyboardInterrupt
        told[name] = capsys.readouterr().err.strip()
    assert told["empty"] == "stopped; nothing is done yet"
    assert told["run"] == (
        f"stopped; 2 accepted of 3 attempts and 1,500 tokens so far; run keeps what is done, {GOES_ON}"
    )


def test_an_error_says_where_what_is_done_is_kept_if_anything_is(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from ledger import Effect, Ledger, LedgerError
    from ledger.errors import TakenError
    from recipes.errors import RecipeError

    with Ledger(tmp_path / "empty"):
        pass
    with Ledger(tmp_path / "run") as ledger:
        asyncio.run(ledger.record_effect(Effect("k", "ask", {}, {}, 0.0)))
    for kept, told in ((tmp_path / "run", True), (tmp_path / "empty", False), (tmp_path / "none", False)):
        with pytest.raises(typer.Exit), door(kept=kept):
            raise LedgerError("the disk is full")
        assert ("the same command goes on from there" in capsys.readouterr().err) is told
    for refused in (RecipeError("no such setting"), TakenError("another run")):
        with pytest.raises(typer.Exit), door(kept=tmp_path / "run"):
            raise refused
        assert "the same command goes on" not in capsys.readouterr().err, "it would be refused again"
