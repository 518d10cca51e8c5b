"""The report shows what happened, and nothing a model wrote can act in it."""

import asyncio
import json
import os
import re
import shutil
import subprocess
from dataclasses import replace
from io import StringIO
from pathlib import Path
from typing import Any

import browsing
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from alignment.data.sets import export
from ledger import Effect, Ledger, Row, Status, facts
from ledger.facts import ClaimFigures, ComparisonFigures, ScoreFigures
from report import gather, print_summary, to_json, write_html
from report.charts import bars
from report.html import prose
from report.why import chain, print_chain
from rows.messages import Message
from rows.sample import Sample
from sandbox.visible import visible

HOSTILE = (
    "<script>document.title='owned'</script></pre><img src=x onerror=\"document.title='owned'\">"
    "\x1b[2J\x00\u202egnp.exe\ud800 {{ 7 * 7 }} ```python\n</pre><script>document.title='owned'</script>\n```"
)
CHROMIUM = shutil.which("chromium")
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--enable-logging=stderr",
]
needs_chromium = pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed: make browser")


def row(
    attempt: int, status: Status, reason: str = "", text: str = HOSTILE, stage: str = "code/rejection-sampling"
) -> Row:
    messages: list[Message] = [{"role": "user", "content": text}, {"role": "assistant", "content": text}]
    made = Sample(
        problem=text,
        problem_id=f"p{attempt // 4}",
        topic=text,
        difficulty="easy",
        prompt=messages[:1],
        completion=f"{text} {attempt}",
        code=f"{text} {attempt}",
        tests=text,
        detail=text,
        messages=messages,
        changes=[text],
    )
    return Row(stage, attempt, status, reason, f"p{attempt // 4}", made, (f"k{attempt}", f"r{attempt}"))


def report(verdict: str, text: str = HOSTILE) -> dict[str, Any]:
    """What the sandbox says of a program that printed `text`."""
    test = {"index": 0, "line": 1, "source": text, "passed": False, "message": text}
    return {"verdict": verdict, "tests": [test] * 5, "stdout": text, "stderr": text, "usage": {"cpu_s": 0.5}}


@pytest.fixture
def run(tmp_path: Path) -> Path:
    """A small run whose every text is hostile."""

    async def fill(ledger: Ledger) -> None:
        await ledger.record_template("code/answer@1", "code/answer", HOSTILE)
        reasons = ["test_failure", "lint_error", "no_code"]
        huge = HOSTILE + "x" * 300_000
        for n in range(16):
            accepted = n % 4 == 0
            await ledger.record_row(
                row(n, Status.accepted, text=HOSTILE if n else huge)
                if accepted
                else row(n, Status.rejected, reasons[n % 4 - 1])
            )
            await ledger.record_effect(Effect(f"k{n}", "ask", {}, {"text": HOSTILE}, 1.0, 100, 50, 40, "code/answer@1"))
            await ledger.record_effect(
                Effect(f"r{n}", "run", {}, report("accepted" if accepted else "test_failure"), 0.02)
            )
        figures = {
            "accepted": 4,
            "attempts": 16,
            "rejected": {"test_failure": 4},
            "output_tokens": 800,
            "seconds": 10.0,
            "stopped_by": "",
        }
        await ledger.record(facts.STAGE, figures, "code/rejection-sampling")
        await ledger.record(facts.CHECKPOINT, {"name": HOSTILE, "identity": "abc", "path": "default"})
        await ledger.record(facts.RECIPE, {"name": HOSTILE})
        await ledger.record(facts.COMMANDS, [f"lab run {HOSTILE}"])
        for name, passed in (("start", 3), ("sft", 5)):
            for decoding, temperature in (("greedy", 0.0), ("sampled", 0.8)):
                score: ScoreFigures = {
                    "pass@1": passed / 10,
                    "interval": [0.1, 0.6],
                    "n": 10,
                    "samples": 1,
                    "passed": passed,
                    "benchmark": "b",
                    "by_difficulty": {},
                    "checkpoint": name,
                    "decoding": decoding,
                    "temperature": temperature,
                }
                if name == "sft":  # a run of an older Lab has none
                    score["endings"] = {"tokens": 123.4, "cut": 0.255, "repeating": 0.051}
                await ledger.record(facts.SCORE, score, f"{name}/b/{decoding}")
            for attempt, verdict in enumerate((Status.accepted, Status.rejected)):
                await ledger.record_row(row(attempt, verdict, stage=f"eval:{name}/b/greedy"))
        verdict = "no difference shown (+20.0%, p = 0.50, 10 problems)"
        found: ComparisonFigures = {
            "difference": 0.2,
            "p_value": 0.5,
            "interval": [-0.1, 0.5],
            "better": 3,
            "worse": 1,
            "verdict": verdict,
        }
        claim: ClaimFigures = {
            "before": "start",
            "after": "sft",
            "benchmark": "b",
            "greedy": found,
            "sampled": found,
            "alike": [0.1, 0.4],
            "won": ["p0", HOSTILE],
            "lost": ["p1"],
            "verdict": "no difference shown: greedily +20.0%, p = 0.5, at temperature 0.8 +20.0%, p = 0.5, 10 problems",
        }
        await ledger.record(facts.CLAIM, claim, "sft/start/b")
        training = {
            "steps": 3,
            "rows": 4,
            "final_loss": 0.5,
            "seconds": 9,
            "tokens_per_s": 300,
            "dropped": {},
            "losses": [[1, 0.9], [2, 0.7], [3, 0.5]],
            "metrics": {},
        }
        await ledger.record(facts.TRAINING, training, "sft")
        margins = {"rewards/margins": [[1, 0.0], [2, 0.1], [3, 0.1]]}
        await ledger.record(facts.TRAINING, {**training, "metrics": margins}, "dpo")
        told = {"label": "Pairs", "curves": {"rewards/margins": "reward margin", "gone": "gone"}, "note": "At ln 2."}
        await ledger.record(facts.TRAINING_TOLD, told, "dpo")
        export(ledger, max_per_problem=2, pairs_per_problem=2)

    with Ledger(tmp_path / "run") as ledger:
        asyncio.run(fill(ledger))
        write_html(gather(ledger), tmp_path / "run" / "report.html")
    return tmp_path / "run"


def browse(tmp_path: Path, page: Path, *options: str) -> "subprocess.CompletedProcess[str]":
    assert CHROMIUM
    command = [CHROMIUM, *FLAGS, f"--user-data-dir={tmp_path / 'profile'}", *options, page.as_uri()]
    return subprocess.run(
        command, capture_output=True, text=True, timeout=120, check=False, env={**os.environ, "HOME": str(tmp_path)}
    )


def test_what_a_model_wrote_appears_as_text_only(run: Path) -> None:
    page = (run / "report.html").read_text(encoding="utf-8")
    assert "<script" not in page
    assert "<img" not in page
    assert "&lt;script&gt;" in page
    assert not re.search("[\x00\x1b\u202e]", page)
    assert "⟨202E⟩" in page
    assert "{{ 7 * 7 }}" in page


def test_trainings_are_told_as_the_round_recorded_it_in_the_order_of_a_recipe(run: Path) -> None:
    page = (run / "report.html").read_text(encoding="utf-8")
    assert page.index("<h3>SFT</h3>") < page.index("<h3>Pairs</h3>")
    assert "At ln 2." in page
    with Ledger(run, readonly=True) as ledger:
        summary = gather(ledger)
    assert [title for title, _ in summary.curves("dpo")] == ["reward margin"]
    older = replace(summary, told={})
    assert (older.label("sft-2"), older.label("565624018563")) == ("SFT-2", "565624018563")
    assert (older.label("dpo"), [title for title, _ in older.curves("dpo")]) == ("DPO", ["rewards/margins"])


@needs_chromium
def test_a_browser_shows_it_without_running_anything_or_complaining(run: Path, tmp_path: Path) -> None:
    shown = browse(tmp_path, run / "report.html", "--dump-dom")
    assert "<title>run · Lab</title>" in shown.stdout
    assert "CONSOLE" not in shown.stderr


@needs_chromium
def test_nothing_is_wider_than_a_phone(run: Path, tmp_path: Path) -> None:
    frame = tmp_path / "phone.html"
    # A frame of 390 px, because the browser's own window has a least width; the page says its own width into the title.
    page = (run / "report.html").read_text(encoding="utf-8")
    open_page = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", page).replace(
        "<details", "<details open"
    )
    (tmp_path / "open.html").write_text(
        open_page.replace(
            "</body>", "<script>parent.postMessage(document.documentElement.scrollWidth, '*')</script></body>"
        ),
        encoding="utf-8",
    )
    frame.write_text(
        "<script>onmessage = found => document.title = 'width ' + found.data</script>"
        '<iframe src="open.html" width="390" height="800" frameborder="0"></iframe>'
    )
    shown = browse(tmp_path, frame, "--dump-dom", "--virtual-time-budget=5000", "--allow-file-access-from-files")
    found = re.search(r"<title>width (\d+)</title>", shown.stdout)
    assert found, shown.stdout[:500]
    assert int(found[1]) <= 390


@needs_chromium
def test_on_a_phone_each_figure_stands_within_its_line_and_no_word_is_cut_into_letters(
    run: Path, tmp_path: Path
) -> None:
    with browsing.browser(tmp_path) as tab:
        tab.send("Emulation.setDeviceMetricsOverride", width=390, height=844, deviceScaleFactor=1, mobile=True)
        tab.open((run / "report.html").as_uri())
        hanging = tab.read(
            "[...document.querySelectorAll('summary .n')].filter(n => n.getBoundingClientRect().bottom > "
            "n.closest('summary').getBoundingClientRect().bottom + 1).map(n => n.innerText)"
        )
        words = tab.read("[...document.querySelectorAll('.word, .facts b')].map(e => [e.innerText, e.offsetHeight])")
    assert hanging == []
    assert [text for text, height in words if height > 40] == []


def test_what_cannot_be_seen_stands_by_its_number() -> None:
    assert visible("a\x1b[31m\u202e\u200b\u3164\ufe0f\ud800é\n\t🙂") == "a⟨1B⟩[31m⟨202E⟩⟨200B⟩⟨3164⟩⟨FE0F⟩⟨D800⟩é\n\t🙂"


@given(st.text(alphabet=st.characters(codec=None)))
def test_no_text_leaves_its_paragraph(text: str) -> None:
    shown = prose(text)
    tags = re.findall("<[^>]*>", shown)
    assert all(re.fullmatch(r'</?(p|pre|span)( class="[\w -]*")?>', tag) for tag in tags)
    shown.encode()  # no lone surrogate is left


def test_a_huge_output_is_cut_with_a_word_on_what_is_missing(run: Path) -> None:
    page = (run / "report.html").read_text(encoding="utf-8")
    assert len(page) < 300_000
    assert re.search(r"… 29\d,\d{3} more characters", page)


def test_a_rejected_row_shows_what_the_sandbox_saw(run: Path) -> None:
    with Ledger(run, readonly=True) as ledger:
        (stage,) = gather(ledger).stages
    saw = stage.rejected_examples["test_failure"][0].saw
    assert "... and 2 more failed" in saw
    assert "stdout (end):" in saw


def test_examples_of_a_reason_come_from_different_seeds(run: Path) -> None:
    with Ledger(run, readonly=True) as ledger:
        (stage,) = gather(ledger).stages
    for examples in stage.rejected_examples.values():
        assert len({example.seed for example in examples}) == len(examples) == 3


def test_a_repair_is_of_code_or_of_tests_whatever_the_model_called_it(run: Path) -> None:
    with Ledger(run, readonly=True) as ledger:
        (stage,) = gather(ledger).stages
    assert stage.changes == {"code": 16, "repaired": 4}


def test_the_page_needs_no_network(run: Path) -> None:
    page = (run / "report.html").read_text(encoding="utf-8")
    assert not re.search(r'(?:src|href)="(?!data:|#)', page)
    assert not re.search(r"url\(|@import", page)
    assert "default-src 'none'" in page


def test_a_bar_is_pale_where_something_fell_and_only_there() -> None:
    kept, fell, started = (bars([("linted & run", part, 8, before)]) for part, before in ((8, 8), (6, 8), (6, 0)))
    assert "fell" not in kept + started
    assert 'class="fell" width="100.00%"' in fell and 'class="bar" width="75.00%"' in fell
    assert 'aria-label="linted &amp; run: 75.0%"' in fell and '6<span class="share">75.0%</span>' in fell


def test_why_shows_the_whole_chain_and_nothing_in_it_drives_the_terminal(tmp_path: Path) -> None:
    async def fill(ledger: Ledger) -> None:
        await ledger.record_template("code/answer@1", "code/answer", HOSTILE)
        asked = {"messages": [{"role": "user", "content": HOSTILE}]}
        await ledger.record_effect(Effect("k0", "ask", asked, {"text": HOSTILE}, 1.0, 100, 50, 40, "code/answer@1"))
        program = {"program": {"code": HOSTILE, "tests": HOSTILE}}
        await ledger.record_effect(Effect("r0", "run", program, {**report("accepted"), "detail": HOSTILE}, 0.02))
        await ledger.record_row(row(0, Status.accepted))

    out = StringIO()
    with Ledger(tmp_path / "run") as ledger:
        asyncio.run(fill(ledger))
        print_chain(chain(ledger, "code/rejection-sampling#0"), Console(file=out, width=80))
    text = out.getvalue()
    assert not re.search("[\x00\x1b\u202e\ud800]", text)
    assert text.count("⟨1B⟩[2J⟨00⟩⟨202E⟩") == 5
    assert "decision: accepted" in text


def test_the_json_holds_the_figures_a_script_reads(run: Path) -> None:
    with Ledger(run, readonly=True) as ledger:
        figures = to_json(gather(ledger))
    assert {"accepted": 4, "attempts": 16, "output_tokens": 800, "seconds": 10.0}.items() <= figures.items()
    assert figures["claims"][0]["greedy"]["p_value"] == 0.5
    assert list(figures["scores"]) == [f"{name}/b/{how}" for name in ("start", "sft") for how in ("greedy", "sampled")]
    assert figures["rejected"] == {"test_failure": 4, "lint_error": 4, "no_code": 4}
    assert figures["tokens"]["output"] == 16 * 50
    assert list(figures["evaluations"]) == ["eval:start/b/greedy", "eval:sft/b/greedy"]
    assert json.dumps(figures)


def test_the_terminal_summary_fits_eighty_columns(run: Path) -> None:
    out = StringIO()
    with Ledger(run, readonly=True) as ledger:
        print_summary(gather(ledger), Console(file=out, width=80))
    assert max(len(line) for line in out.getvalue().splitlines()) <= 80
    assert not re.search("[\x00\x1b\u202e]", out.getvalue())
    assert "no difference shown" in " ".join(out.getvalue().split())
    assert re.search(r"sft +sampled .* 123 +26% +5%", out.getvalue()), out.getvalue()


def test_an_empty_run_has_a_report_too(tmp_path: Path) -> None:
    with Ledger(tmp_path / "empty") as ledger:
        summary = gather(ledger)
        write_html(summary, tmp_path / "empty" / "report.html")
        print_summary(summary, Console(file=StringIO(), width=80))
    assert "Nothing has been generated yet." in (tmp_path / "empty" / "report.html").read_text()
    assert to_json(summary)["attempts"] == 0


def test_an_arena_has_a_report_that_says_what_was_judged(tmp_path: Path) -> None:
    pair = facts.PairFact(prompt=[], category="", answers=["a", "b"], by=["x", "y"], cut=[False, False], first=0)
    words = [facts.JudgementFact(better=0, grade="better", edited="c", at=1.0)]
    words.append(facts.JudgementFact(better=None, grade="alike", edited=None, at=2.0))

    async def fill(ledger: Ledger) -> None:
        for number in range(3):
            await ledger.record(facts.PAIR, pair, str(number))
        for number, word in enumerate(words):
            await ledger.record(facts.JUDGEMENT, word, str(number))

    with Ledger(tmp_path / "arena") as ledger:
        asyncio.run(fill(ledger))
        found = gather(ledger)
        write_html(found, tmp_path / "report.html")
    assert found.sentence == "A person judged 2 of 3 pairs of answers: 1 to learn from, 1 edited."
    page = (tmp_path / "report.html").read_text()
    assert "<b>2</b><span>pairs judged" in page and "rows accepted" not in page


def test_the_waterfall_ends_where_the_accepted_rows_are(run: Path) -> None:
    with Ledger(run, readonly=True) as ledger:
        (stage,) = gather(ledger).stages
    steps = dict(stage.waterfall)
    assert (steps["attempts"], steps["answered"], steps["linted"], steps["passed its tests"]) == (16, 12, 8, 4)


def test_attempts_in_the_sft_set_are_counted_once_and_those_of_earlier_runs_not(tmp_path: Path) -> None:
    async def fill(ledger: Ledger, number: int) -> None:
        for attempt in range(number):
            made = row(attempt, Status.accepted, text=f"plain {number}")
            more = replace(made.sample, problem_id=f"{number} {attempt}", more_completions=[f"other {attempt}"])
            await ledger.record_row(replace(made, sample=more))

    with Ledger(tmp_path / "old") as old, Ledger(tmp_path / "new") as new:
        asyncio.run(fill(old, 3))
        asyncio.run(fill(new, 2))
        (sft, *_) = export(new, max_per_problem=4, pairs_per_problem=2, earlier=[old])
        assert sft.rows == 10
        (stage,) = gather(new).stages
    assert dict(stage.waterfall)["in the SFT set"] == 2


def test_a_run_still_under_way_has_a_report_of_what_there_is(tmp_path: Path) -> None:
    async def fill(ledger: Ledger) -> None:
        await ledger.record_step("run", "running", {})
        await ledger.record_row(row(0, Status.surplus, "target_met", "plain"))
        await ledger.record_row(row(1, Status.rejected, "a_reason_of_tomorrow", "plain"))

    with Ledger(tmp_path / "half") as ledger:
        asyncio.run(fill(ledger))
        summary = gather(ledger)
        write_html(summary, tmp_path / "half" / "report.html")
        print_summary(summary, Console(file=StringIO(), width=80))
    steps = dict(summary.stages[0].waterfall)
    assert (steps["attempts"], steps["passed its tests"], steps["counted for the target"]) == (2, 1, 0)
    assert to_json(summary)["rejected"] == {"a_reason_of_tomorrow": 1}
