"""A sandbox report shows what happened to a program, and nothing the program wrote can act in it."""

import asyncio
import json
import os
import re
import shutil
import subprocess
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sandboxed import run as run_for_real

from sandbox import (
    Case,
    Diagnostic,
    Limits,
    Program,
    Report,
    SandboxError,
    Stage,
    TestResult,
    Usage,
    Verdict,
    docker_problem,
    render,
)
from sandbox.show import Run, gather, page, page_of_many, page_of_run, read_runs, render_many, reproduce, write
from sandbox.show.source import failing_lines, marked
from sandbox.show.text import expectation
from sandbox.visible import head, tail, visible

HOSTILE = (
    "<script>document.title='owned'</script></pre><img src=x onerror=\"document.title='owned'\">"
    "\x1b[2J\x00\u202egnp.exe\ud800 {{ 7 * 7 }} {% raw %}</style></details><script>document.title='owned'</script>"
)
CHROMIUM = shutil.which("chromium")
FLAGS = [
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update", "--enable-logging=stderr"),
]
needs_chromium = pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed: make browser")
needs_docker = pytest.mark.skipif(docker_problem() is not None, reason=f"Docker: {docker_problem()}")
SUM = "def add(a, b):\n    total = a - b\n    return total\n"


def report(verdict: str = "test_failure", text: str = HOSTILE) -> Report:
    """A report whose every text a program wrote."""
    found = Diagnostic(1, 3, text, "error", text, "")
    return Report(
        Verdict(verdict),
        stages=(Stage("parse", True, 0.001), Stage("lint", True, 0.01, (found,) * 20), Stage("test", False, 0.02)),
        tests=tuple(TestResult(n, 1, text, n % 2 == 0, f"expected {text}, got {text}") for n in range(30)),
        stdout=text,
        stderr=text * 200,
        exit_code=1,
        usage=Usage(0.2, 0.1, 20 << 20),
        detail=text,
    )


def stored(tmp_path: Path) -> Path:
    """Many programs in JSONL, every text hostile."""
    lines = []
    for n in range(40):
        program = Program(
            f"{HOSTILE}\n{n}",
            HOSTILE,
            HOSTILE,
            HOSTILE if n % 2 else "python",
            HOSTILE,
            True,
            (Case(HOSTILE, HOSTILE),),
        )
        line: dict[str, Any] = {"id": f"{HOSTILE}{n}", "program": asdict(program), "limits": asdict(Limits())}
        line["report"] = report("accepted" if n % 4 == 0 else "test_failure").to_dict()
        line["again"] = [report("runtime_error").to_dict()] if n % 3 == 0 else []
        line["audit"] = {
            "audit_mutants": 10,
            "audit_mutants_killed": 0.8,
            "audit_survivors": [f"---\n+++\n-{HOSTILE}\n+{HOSTILE}"] * 2,
            "audit_calls": False,
            "audit_differences": [HOSTILE],
        }
        lines.append(json.dumps(line))
    path = tmp_path / "many.jsonl"
    path.write_text("\n".join(lines) + "\n")
    return path


@pytest.fixture
def pages(tmp_path: Path) -> list[Path]:
    runs = read_runs(stored(tmp_path))
    write(page_of_many(gather(HOSTILE, runs)), tmp_path / "many.html")
    write(page_of_run(runs[0]), tmp_path / "one.html")
    return [tmp_path / "many.html", tmp_path / "one.html"]


def browse(tmp_path: Path, shown: Path, *options: str) -> "subprocess.CompletedProcess[str]":
    assert CHROMIUM
    command = [CHROMIUM, *FLAGS, f"--user-data-dir={tmp_path / 'profile'}", *options, shown.as_uri()]
    return subprocess.run(
        command, capture_output=True, text=True, timeout=120, check=False, env={**os.environ, "HOME": str(tmp_path)}
    )


# -- hostile text -----------------------------------------------------------------------------------------------------


def test_what_a_program_wrote_appears_as_text_only(pages: list[Path]) -> None:
    for path in pages:
        text = path.read_text(encoding="utf-8")
        assert "<script" not in text
        assert "<img" not in text
        assert "&lt;script&gt;" in text
        assert not re.search("[\x00\x1b\u202e]", text)
        assert "⟨202E⟩" in text
        assert "{{ 7 * 7 }}" in text
        assert not re.search(r'(?:src|href)="(?!data:|#)|url\(|@import', text)
        assert "default-src 'none'" in text


@needs_chromium
def test_a_browser_shows_it_without_running_anything_or_complaining(pages: list[Path], tmp_path: Path) -> None:
    for path in pages:
        opened = path.with_suffix(".open.html")
        opened.write_text(path.read_text(encoding="utf-8").replace("<details>", "<details open>"), encoding="utf-8")
        shown = browse(tmp_path, opened, "--dump-dom")
        assert re.search(r"<title>[^<]*· Lab sandbox</title>", shown.stdout)
        assert "<title>owned" not in shown.stdout
        assert "CONSOLE" not in shown.stderr


@needs_chromium
def test_nothing_is_wider_than_a_phone(pages: list[Path], tmp_path: Path) -> None:
    for path in pages:
        text = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", path.read_text(encoding="utf-8"))
        measure = "<script>parent.postMessage(document.documentElement.scrollWidth, '*')</script></body>"
        (tmp_path / "open.html").write_text(
            text.replace("<details>", "<details open>").replace("</body>", measure), encoding="utf-8"
        )
        frame = tmp_path / "phone.html"
        frame.write_text(
            "<script>onmessage = found => document.title = 'width ' + found.data</script>"
            '<iframe src="open.html" width="390" height="800" frameborder="0"></iframe>'
        )
        shown = browse(tmp_path, frame, "--dump-dom", "--virtual-time-budget=5000", "--allow-file-access-from-files")
        found = re.search(r"<title>width (\d+)</title>", shown.stdout)
        assert found, shown.stdout[:500]
        assert int(found[1]) <= 390


@given(st.text(alphabet=st.characters(codec=None)), st.sampled_from(["python", "javascript", "php", "sql", "nonsense"]))
def test_no_source_leaves_its_block_and_every_line_keeps_its_number(text: str, language: str) -> None:
    shown = marked(text, language, [1])
    tags = re.findall("<[^>]*>", shown)
    assert all(re.fullmatch(r'</?(p|pre|span|i)( class="[\w -]*")?>', tag) for tag in tags)
    assert shown.count("<i>") == len(text.replace("\r\n", "\n").rstrip("\n").split("\n"))
    shown.encode()  # no lone surrogate is left


def test_what_cannot_be_seen_stands_by_its_number() -> None:
    assert visible("a\x1b[31m\u202e\u200b\u3164\ufe0f\ud800é\n\t🙂") == "a⟨1B⟩[31m⟨202E⟩⟨200B⟩⟨3164⟩⟨FE0F⟩⟨D800⟩é\n\t🙂"


def test_long_text_is_cut_with_a_word_on_what_is_missing(tmp_path: Path) -> None:
    assert head("x" * 7_000).endswith("… 1,000 more characters")
    assert tail("x" * 7_000 + "last").startswith("… 1,004 characters before")
    assert tail("x" * 7_000 + "last").endswith("last")
    assert len(page(Program("x = 1\n" * 300_000, "y" * 900_000), report(text="z" * 100_000))) < 400_000


def test_no_terminal_text_acts_or_forges_a_line(tmp_path: Path) -> None:
    runs = read_runs(stored(tmp_path))
    for text in (render_many(gather("x\nforged", runs)), render(runs[0].report, runs[0].program, Limits(), "again")):
        assert not re.search("[\x00\x1b\u202e]", text)
    assert "\nforged" not in render_many(gather("x\nforged", runs))


# -- one program ------------------------------------------------------------------------------------------------------


def test_the_line_that_is_wrong_is_marked_in_program_and_tests() -> None:
    failed = TestResult(0, 2, "assert add(1, 2) == 3", False, "expected 3, got -1")
    lint = Stage("lint", False, 0.01, (Diagnostic(2, 13, "F821", "error", "Undefined name `q`"),))
    text = page(Program(SUM, "# one\nassert add(1, 2) == 3\n"), Report(Verdict.test_failure, (lint,), (failed,)))
    assert len(re.findall(r'<span class="l mark"><i>2</i>', text)) == 2
    assert "<dt>expected</dt><dd><code>3</code></dd><dt>got</dt><dd><code>-1</code></dd>" in text
    assert "Undefined name `q`" in text


def test_a_failure_deep_in_a_long_source_is_shown_with_its_surroundings() -> None:
    code = "\n".join(f"line_{n} = {n}" for n in range(1, 5_001))
    text = re.sub("<[^>]*>", "", marked(code, "python", [4_000]))
    assert "4000line_4000" in text
    assert "line_3990" in text
    assert "line_1 =" not in text


@pytest.mark.parametrize(
    ("detail", "lines"), [("It raised KeyError at line 7: 'x'.", [7]), ("It raised KeyError.", []), ("At line 7.", [])]
)
def test_the_failing_line_of_an_exception_is_the_reports_own_word(detail: str, lines: list[int]) -> None:
    assert failing_lines(Report(Verdict.runtime_error, detail=detail)) == lines


def test_the_line_where_a_test_made_the_program_raise_is_marked() -> None:
    failed = TestResult(0, 1, "assert f()", False, "raised KeyError: 'x' (line 7 of the program)")
    assert failing_lines(Report(Verdict.test_failure, tests=(failed,))) == [7]


@pytest.mark.parametrize(
    ("message", "found"),
    [("expected 3, got 4", ("3", "4")), ("expected 'a, got b', got 4", None), ("raised KeyError", None)],
)
def test_expected_and_got_are_told_apart_only_where_that_is_certain(message: str, found: Any) -> None:
    assert expectation(message) == found


def test_the_command_to_reproduce_says_what_is_not_usual() -> None:
    usual = Program("x", "assert x")
    assert reproduce(usual, Limits()) == "lab sandbox run solution.py --tests tests.py"
    odd = Program("x", "", language="javascript", stdin="1", lint=False)
    assert reproduce(odd, Limits(cpu_s=1.5, memory_bytes=64 << 20)) == (
        "lab sandbox run solution.js --no-lint --language javascript --stdin stdin.txt --limits cpu_s=1.5,memory_mb=64"
    )
    without_linter = Program("x", "check f", "f", language="sql", lint=False)
    assert reproduce(without_linter, Limits()) == "lab sandbox run solution.sql --tests tests.sql --language sql"


def test_a_report_alone_names_no_command_that_would_run_nothing() -> None:
    alone = Run("x", Program(""), Report(Verdict.accepted))
    assert alone.to_dict()["reproduce"] is None
    assert replace(alone, program=Program("x")).to_dict()["reproduce"] == "lab sandbox run solution.py"


@needs_docker
def test_a_real_failure_reads_as_a_developer_would_want_it() -> None:
    program = Program(SUM, "assert add(0, 0) == 0\nassert add(1, 2) == 3")
    found = run_for_real(program.code, program.tests)
    text = render(found, program, Limits(), reproduce(program, Limits()))
    assert text.startswith("test_failure  1 of 2 tests failed.")
    assert "tests  1 of 2 passed" in text
    assert "FAIL  assert add(1, 2) == 3\n        expected 3, got -1" in text
    assert text.endswith("again  lab sandbox run solution.py --tests tests.py")
    raised = run_for_real("def f():\n    return {}[1]", "assert f() == 1")
    assert "> " in render(raised, Program("def f():\n    return {}[1]"), Limits())
    assert '<span class="l mark"><i>2</i>' in page(Program("def f():\n    return {}[1]"), raised)


# -- many programs ----------------------------------------------------------------------------------------------------


def line(name: str, code: str, verdict: str, cpu_s: float = 0.01, language: str = "python") -> dict[str, Any]:
    found = Report(Verdict(verdict), usage=Usage(cpu_s, cpu_s, 10 << 20))
    return {"id": name, "program": {"code": code, "language": language}, "report": found.to_dict()}


def write_lines(path: Path, *lines: dict[str, Any]) -> Path:
    path.write_text("".join(json.dumps(item) + "\n" for item in lines))
    return path


def test_many_runs_are_counted_by_verdict_language_time_and_rule(tmp_path: Path) -> None:
    warned = line("w", "import os", "accepted")
    warned["report"]["stages"] = [
        asdict(Stage("lint", True, 0.0, (Diagnostic(1, 1, "F401", "warning", "unused"),) * 2))
    ]
    path = write_lines(
        tmp_path / "r.jsonl",
        line("a", "1", "accepted", 0.003),
        line("b", "2", "time_limit", 5.0),
        line("c", "3", "accepted", 0.003, "php"),
        warned,
    )
    figures = gather("r", read_runs(path)).to_dict()
    assert figures["verdicts"] == {"accepted": 3, "time_limit": 1}
    assert figures["by_language"] == {"python": {"accepted": 2, "time_limit": 1}, "php": {"accepted": 1}}
    assert figures["slowest"][0] == {"id": "b", "cpu_s": 5.0}
    assert figures["measures"]["CPU time"]["histogram"] == {
        "2 to 4 ms": 2,
        "4 to 8 ms": 0,
        "8 to 16 ms": 1,
        "16 to 4,096 ms": 0,
        "4,096 to 8,192 ms": 1,
    }
    assert figures["rules"] == [{"rule": "F401", "severity": "warning", "findings": 2, "programs": 1}]
    assert json.dumps(figures)


def test_a_program_that_was_run_again_with_another_outcome_is_flaky(tmp_path: Path) -> None:
    path = write_lines(
        tmp_path / "r.jsonl",
        line("a", "1", "accepted"),
        line("b", "2", "accepted"),
        line("a", "1", "test_failure"),
        line("b", "2", "accepted"),
        line("b", "2", "sandbox_fault"),
    )
    found = gather("r", read_runs(path))
    assert (found.programs, found.runs, found.repeated) == (2, 5, 2)
    assert [run.id for run in found.flaky] == ["a"]
    assert found.flaky[0].outcomes == {"accepted": 1, "test_failure": 1}


def test_the_terminal_summary_fits_eighty_columns(tmp_path: Path) -> None:
    text = render_many(gather("r", read_runs(stored(tmp_path))))
    assert max(map(len, text.split("\n"))) <= 80
    assert "flaky: 14 of 14" in text


def test_every_list_opens_to_its_programs(tmp_path: Path) -> None:
    path = write_lines(tmp_path / "r.jsonl", *(line(f"n{n}", f"code_{n} = 1", "accepted", n / 1000) for n in range(30)))
    text = page_of_many(gather("r", read_runs(path)))
    assert len(re.findall(r"<details><summary><code>n29</code>", text)) == 1  # the slowest
    assert "code_29" in text
    assert len(text) < 400_000


def test_what_run_prints_as_json_is_a_report_too(tmp_path: Path) -> None:
    path = tmp_path / "r.json"
    path.write_text(json.dumps(report("accepted", "plain").to_dict()))
    (run,) = read_runs(path)
    assert (run.report.verdict, run.program.code) == ("accepted", "")
    assert "<h1" in page_of_run(run)


def test_a_stored_run_comes_back_as_it_was(tmp_path: Path) -> None:
    program = Program("x", "assert x", "f", "python", "in", False, (Case("1", "2"),), (("a.txt", "eA=="),))
    run = Run("r", program, report(text="plain"), Limits(cpu_s=1.0), (report(text="plain"),))
    path = write_lines(tmp_path / "r.jsonl", run.to_dict())
    (found,) = read_runs(path)
    assert (found.program, found.report, found.limits, found.again) == (run.program, run.report, run.limits, run.again)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "r.jsonl:1: not JSON"),
        ("[1]", "needs an object"),
        ("{}", "no program was run here"),
        ('{"report": {"verdict": "odd"}}', "not a sandbox report"),
    ],
)
def test_a_file_that_holds_no_reports_is_refused_with_the_reason(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "r.jsonl"
    path.write_text(text + "\n")
    with pytest.raises(SandboxError, match=said):
        read_runs(path)


def test_a_folder_and_a_missing_file_are_refused(tmp_path: Path) -> None:
    with pytest.raises(SandboxError, match="cannot be read"):
        read_runs(tmp_path)
    with pytest.raises(SandboxError, match="cannot be read"):
        read_runs(tmp_path / "none.jsonl")


def test_a_file_still_being_written_is_read_up_to_its_last_whole_line(tmp_path: Path) -> None:
    path = write_lines(tmp_path / "r.jsonl", line("a", "1", "accepted"))
    path.write_text(path.read_text() + '{"id": "b", "prog')
    assert [run.id for run in read_runs(path)] == ["a"]


@needs_docker
def test_the_journal_of_an_audit_is_a_report(tmp_path: Path) -> None:
    from sandboxed import started

    from verification.audits import Settings, audit, journal_path, read_rows

    write_lines(tmp_path / "d.jsonl", {"code": SUM, "tests": "assert add(0, 0) == 0"})
    loop, box = started()
    work = audit(box, read_rows(tmp_path / "d.jsonl"), tmp_path / "o.jsonl", Settings(8, 2), lambda done, every: None)
    asyncio.run_coroutine_threadsafe(work, loop).result(120)
    (run,) = read_runs(journal_path(tmp_path / "o.jsonl"))
    assert len(run.again) == 2
    text = page_of_run(run)
    assert "faulty versions of this program. They accept these" in text
    assert '<span class="plus">' in text


def test_the_command_writes_the_page_and_prints_figures_or_one_json_object(tmp_path: Path) -> None:
    from typer.testing import CliRunner

    from commands.sandbox import sandbox_app

    path = write_lines(tmp_path / "r.jsonl", line("a", "1", "accepted"), line("b", "2", "time_limit"))
    told = CliRunner().invoke(sandbox_app, ["report", str(path), "--json"])
    assert json.loads(told.output)["verdicts"] == {"accepted": 1, "time_limit": 1}
    assert "<h1>r.jsonl</h1>" in (tmp_path / "r.html").read_text()
    one = write_lines(tmp_path / "one.jsonl", line("a", "x = 1", "accepted"))
    told = CliRunner().invoke(sandbox_app, ["report", str(one), "--out", str(tmp_path / "page.html")])
    assert "again  lab sandbox run solution.py" in told.output
    assert (tmp_path / "page.html").exists()
    assert CliRunner().invoke(sandbox_app, ["report", str(tmp_path / "none")]).exit_code == 1


@pytest.mark.parametrize("seconds", [float("inf"), float("nan"), -1.0, 10**400, "1", True])
def test_a_report_with_a_figure_that_is_no_amount_is_refused(seconds: Any) -> None:
    with pytest.raises(SandboxError, match=r"usage\.wall_s is no amount"):
        Report.from_dict({**report().to_dict(), "usage": {"wall_s": seconds, "cpu_s": 0.0, "memory_bytes": 0}})


def test_the_overview_leaves_out_times_without_end() -> None:
    endless = replace(report(), usage=Usage(wall_s=float("inf"), cpu_s=float("nan")))
    assert gather("t", [Run("a", Program("a"), endless), Run("b", Program("b"), report())]).measures[1].quantiles


def test_a_line_without_end_is_refused_and_not_held(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sandbox.show.records.LONGEST_LINE", 1000)
    file = tmp_path / "reports.jsonl"
    file.write_text("{" + " " * 5000)
    with pytest.raises(SandboxError, match=r"reports\.jsonl:1: longer than"):
        read_runs(file)
