"""The programs of a run directory, as the sandbox's own report shows them; a page and a list while others are at work."""

import asyncio
from pathlib import Path

import pytest

from ledger import Effect, Ledger, LedgerError, Row, Status
from report.listing import list_runs
from report.programs import recorded_runs
from sandbox import Report, Verdict
from sandbox.show import runs_of, write

CODE = "x = 1  # " + "a comment of some length " * 40


def test_a_run_directory_is_read_with_the_rows_its_programs_were_run_for(tmp_path: Path) -> None:
    asked = {"program": {"code": CODE, "tests": "assert x", "unknown": 1}, "limits": {"cpu_s": 2.0}}

    async def fill(ledger: Ledger) -> None:
        await ledger.record_effect(Effect("k1", "run", asked, Report(Verdict.accepted).to_dict()))
        await ledger.record_effect(Effect("k2", "ask", {}, {}))
        await ledger.record_row(Row("code/x", 3, Status.accepted, "", "seed", effects=("k1", "k2")))

    with Ledger(tmp_path) as ledger:
        asyncio.run(fill(ledger))
    before = (tmp_path / "ledger.sqlite").read_bytes()
    (run,) = runs_of(recorded_runs(tmp_path), tmp_path)
    assert (run.id, run.program.code, run.limits.cpu_s) == ("code/x#3", CODE, 2.0)
    assert (tmp_path / "ledger.sqlite").read_bytes() == before


def test_a_folder_without_a_record_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LedgerError, match="not a run directory"):
        next(recorded_runs(tmp_path))


def test_two_that_write_one_page_at_once_do_not_meet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page, replace = tmp_path / "report.html", Path.replace

    def meanwhile(written: Path, place: Path) -> Path:
        monkeypatch.setattr(Path, "replace", replace)
        monkeypatch.setattr("os.getpid", lambda: 1)  # as if another process was quicker
        write("the other", page)
        return replace(written, place)

    monkeypatch.setattr(Path, "replace", meanwhile)
    write("the one", page)
    assert (page.read_text(), [file.name for file in tmp_path.iterdir()]) == ("the one", ["report.html"])


def test_a_run_that_goes_while_runs_are_listed_is_none_of_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "here").mkdir()
    (tmp_path / "here" / "job.json").write_text("{}")
    there = Path.glob

    def globbed(folder: Path, pattern: str) -> list[Path]:
        return [*there(folder, pattern), folder / "gone" / pattern.removeprefix("*/")]

    monkeypatch.setattr(Path, "glob", globbed)
    assert [run.path.name for run in list_runs(tmp_path)] == ["here"]
