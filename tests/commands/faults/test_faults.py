"""A fault of ours reaches nobody as a traceback: one line, its place, and a file for whoever mends it."""

import re
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest

import cli
from sandbox import SandboxError

HOSTILE = "\x1b[2J\u202e"


def deeper() -> None:
    deeper()


def raising(error: BaseException) -> Callable[[], None]:
    def work(*_: object, **__: object) -> None:
        raise error

    return work


FAULTS: dict[str, tuple[Callable[[], None], str]] = {
    "a key": (raising(KeyError(HOSTILE)), "KeyError"),
    "no words": (raising(AssertionError()), "AssertionError"),
    "a group": (raising(ExceptionGroup(HOSTILE, [ValueError(HOSTILE)])), "ExceptionGroup"),
    "long": (raising(ValueError("x" * 100_000)), "ValueError"),
    "a surrogate": (raising(ValueError("\ud800")), "ValueError"),
    "without end": (deeper, "RecursionError"),
}


def ended(monkeypatch: pytest.MonkeyPatch, work: Callable[[], None]) -> int | str | None:
    monkeypatch.setattr("report.listing.list_runs", lambda folder: work())
    monkeypatch.setattr("sys.argv", ["lab", "runs", HOSTILE])
    with pytest.raises(SystemExit) as end:
        cli.main()
    return end.value.code


@pytest.mark.parametrize("kind", FAULTS)
def test_a_fault_is_a_line_with_its_place_and_a_file_that_holds_the_rest(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    work, name = FAULTS[kind]
    assert ended(monkeypatch, work) == 1
    said = capsys.readouterr().err
    assert re.match(rf"lab: a fault of Lab's own at test_faults\.py:\d+: {name}", said)
    assert "Traceback" not in said and "\x1b" not in said and "\u202e" not in said and len(said) < 1000
    (kept,) = tmp_path.glob("lab-fault-*.txt")
    assert str(kept) in said and "Traceback" in kept.read_text()


def test_a_fault_is_told_also_where_no_file_can_be_written(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", "/nowhere/at/all")
    assert ended(monkeypatch, raising(KeyError("x"))) == 1
    assert capsys.readouterr().err.count("\n") == 1


@pytest.mark.parametrize(
    ("error", "code", "told"),
    [
        (SandboxError("Docker is away"), 1, "lab: Docker is away\n"),
        (MemoryError(), 1, "lab: the machine's memory is used up"),
        (OSError(28, "No space left on device", "/d/x"), 1, "lab: /d/x: no space left on device; make room"),
        (KeyboardInterrupt(), 130, ""),
    ],
)
def test_what_is_no_fault_of_ours_is_told_as_what_it_is(
    error: BaseException,
    code: int,
    told: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    assert ended(monkeypatch, raising(error)) == code
    assert capsys.readouterr().err.startswith(told)
    assert not list(tmp_path.iterdir())
