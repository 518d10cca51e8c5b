"""What the sandbox's report and the audit are given of a run directory."""

import asyncio
import json
from pathlib import Path

from typer.testing import CliRunner

from commands.sandbox import sandbox_app
from ledger import Effect, Ledger, Row, Status
from report.programs import accepted_samples, run_around
from rows.sample import Sample
from sandbox import Report, Verdict


def run_in(folder: Path) -> Path:
    """A run with one program that was judged for an accepted row, and an evaluation."""

    async def record() -> None:
        with Ledger(folder) as ledger:
            asked = {"program": {"code": "x = 1", "tests": "assert x", "unknown": 1}, "limits": {"cpu_s": 2.0}}
            await ledger.record_effect(Effect("k1", "run", asked, Report(Verdict.accepted).to_dict()))
            await ledger.record_effect(Effect("k2", "ask", {}, {}))
            sample = Sample(code="x = 1", tests="assert x")
            await ledger.record_row(Row("code/x", 3, Status.accepted, "", "s", sample, ("k1", "k2")))
            await ledger.record_row(Row("code/x", 4, Status.rejected, "no_code", "s", sample))
            await ledger.record_row(Row("eval:start", 0, Status.accepted, "", "s", sample))

    asyncio.run(record())
    return folder


def test_accepted_samples_are_found_from_the_run_and_from_an_export_in_it_without_evaluations(tmp_path: Path) -> None:
    data = run_in(tmp_path / "run") / "data" / "sft"
    data.mkdir(parents=True)
    assert run_around(data) == run_around(tmp_path / "run") == tmp_path / "run"
    assert run_around(tmp_path) is None
    assert list(accepted_samples(tmp_path / "run")) == ["code/x#3"]


def test_report_of_a_run_directory_is_a_page_in_it(tmp_path: Path) -> None:
    done = CliRunner().invoke(sandbox_app, ["report", str(run_in(tmp_path)), "--json"])
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["id"] == "code/x#3" and (tmp_path / "sandbox.html").is_file()
    (tmp_path / "none").mkdir()
    assert CliRunner().invoke(sandbox_app, ["report", str(tmp_path / "none")]).exit_code == 1
