"""The page of a pre-training run says what happened, finished or not, and nothing in it can act."""

import json
from io import StringIO
from pathlib import Path

import browsing
import pytest
from rich.console import Console
from typer.testing import CliRunner

from cli import app
from ledger.errors import LedgerError
from report.pretraining import gather_pretraining, print_pretraining, write_pretraining_html

HOSTILE = "<script>document.title='owned'</script></p>\x1b[2J\u202egnp.exe {{ 7 * 7 }}"


def stage(name: str, **changes: object) -> dict:
    return {
        "stage": name,
        "kind": name,
        "sequence_length": 512,
        "rope_base": 500_000.0,
        "steps": 3,
        "tokens": 12_288,
        "loss": 3.25,
        "evaluation": {"held_out": 3.5, "short_loss": 3.4},
        "skipped": 1,
        "tokens_per_s": 1000.0,
        "seconds": 12.3,
        "checkpoint": f"checkpoints/{name}",
        "gates": None,
        "averaged": 0,
    } | changes


def step(name: str, n: int, loss: float | None, skipped: str | None = None) -> dict:
    return {
        "stage": name,
        "step": n,
        "tokens": 4096 * n,
        "loss": loss,
        "lr": 1e-3 / n,
        "grad_norm": 1.0,
        "tokens_per_s": 900.0 + n,
        "utilisation": 0.25,
        "sequence_length": 512,
        "batch_tokens": 4096,
        "skipped": skipped,
        "evaluation": {"held_out": 4.0 - n / 10} if n % 2 else None,
    }


@pytest.fixture
def run(tmp_path: Path) -> Path:
    gates = {
        "short_loss": {"value": 3.4, "limit": 3.6, "passed": True},
        "needle": {"value": 0.5, "limit": 0.9, "passed": False},
    }
    stages = [
        stage("initial"),
        stage("long-context-512", gates=gates, evaluation={"held_out": 3.2, "short_loss": 3.4, "needle": 0.5}),
        stage("annealing", averaged=5),
    ]
    summary = {
        "name": HOSTILE,
        "seed": 0,
        "parameters": 1_000_000,
        "vocabulary_size": 1024,
        "stages": stages,
        "model": "model",
    }
    steps = [
        step("initial", n, None if n == 3 else 4.0 - n / 10, "the loss is nan" if n == 3 else None) for n in range(1, 6)
    ]
    (tmp_path / "stages.json").write_text(json.dumps(summary))
    (tmp_path / "recipe.json").write_text(json.dumps({"name": HOSTILE, "seed": 0}))
    (tmp_path / "metrics.jsonl").write_text("".join(json.dumps(s) + "\n" for s in steps))
    sample = {"stage": "initial", "step": 5, "prompt": "The", "completion": HOSTILE}
    (tmp_path / "samples.jsonl").write_text(
        json.dumps(sample | {"completion": "an older one"}) + "\n" + json.dumps(sample) + "\n"
    )
    return tmp_path


def test_the_page_shows_stages_gates_curves_and_the_last_samples(run: Path) -> None:
    write_pretraining_html(gather_pretraining(run), run / "report.html")
    page = (run / "report.html").read_text()
    for text in ("long-context-512", "not passed", "training loss", "held-out loss", "the loss is nan", "average of 5"):
        assert text in page
    assert "an older one" not in page


@pytest.mark.parametrize("lacks", ["vocabulary_size", "parameters"])
def test_a_run_that_says_less_of_its_model_has_a_page(run: Path, lacks: str) -> None:
    summary = json.loads((run / "stages.json").read_text())
    (run / "stages.json").write_text(json.dumps({name: held for name, held in summary.items() if name != lacks}))
    write_pretraining_html(gather_pretraining(run), run / "report.html")
    page = (run / "report.html").read_text()
    assert ("1,024 tokens in the vocabulary" in page) == (lacks != "vocabulary_size")


def test_what_a_model_or_a_recipe_wrote_is_shown_as_text(run: Path) -> None:
    write_pretraining_html(gather_pretraining(run), run / "report.html")
    page = (run / "report.html").read_text()
    assert "<script>" not in page and "&lt;script&gt;" in page
    assert "{{ 7 * 7 }}" in page and "\x1b" not in page and "\u202e" not in page


def test_the_summary_fits_a_terminal_of_80_columns_and_says_which_gate_failed(run: Path) -> None:
    out = StringIO()
    print_pretraining(gather_pretraining(run), Console(file=out, width=80))
    text = out.getvalue()
    assert "needles found 0.500, limit 0.900: NOT passed" in text and "\x1b[2J" not in text
    assert "1 of 2 gates passed" in " ".join(text.split())
    assert max(map(len, text.splitlines())) <= 80


def test_a_run_under_way_has_a_page_of_what_there_is(run: Path) -> None:
    (run / "stages.json").unlink()
    (run / "samples.jsonl").unlink()
    with (run / "metrics.jsonl").open("a") as file:
        file.write('{"stage": "init')  # the line that is being written
    result = CliRunner().invoke(app, ["report", str(run), "--json"])
    assert result.exit_code == 0
    found = json.loads(result.stdout)
    assert (found["steps"], found["tokens"], found["model"]) == (5, 20_480, None)


def test_a_damaged_line_costs_itself_and_is_named_by_file_and_number(run: Path) -> None:
    text = (run / "metrics.jsonl").read_text().splitlines()
    (run / "metrics.jsonl").write_text("\n".join([text[0], "{broken", *text[1:]]) + "\n")
    found = gather_pretraining(run)
    assert found.steps == 5 and "metrics.jsonl:2: not JSON" in found.damage
    (run / "stages.json").unlink()
    (run / "metrics.jsonl").write_text("[]\n")
    with pytest.raises(LedgerError, match=r"metrics.jsonl:1: no object"):
        gather_pretraining(run)


def test_a_sample_says_its_step_of_the_curves_and_the_page_has_no_marks_of_another_format(run: Path) -> None:
    write_pretraining_html(gather_pretraining(run), run / "report.html")
    page = (run / "report.html").read_text()
    assert "initial, step 5 of the stage, 5 of the curves" in page
    assert "`" not in page.partition("</style>")[2]


@pytest.mark.skipif(browsing.CHROMIUM is None, reason="chromium is not installed")
def test_on_a_phone_the_page_does_not_scroll_sideways_and_no_word_is_cut_into_letters(run: Path) -> None:
    write_pretraining_html(gather_pretraining(run), run / "report.html")
    with browsing.browser(run) as tab:
        tab.send("Emulation.setDeviceMetricsOverride", width=390, height=844, deviceScaleFactor=1, mobile=True)
        tab.open((run / "report.html").as_uri())
        assert tab.read("document.documentElement.scrollWidth") <= 390
        cells = tab.read("[...document.querySelectorAll('td')].map(cell => [cell.innerText, cell.offsetHeight])")
        gates = tab.read(
            "[...document.querySelectorAll('table.slim td')].map(cell => cell.getBoundingClientRect().right)"
        )
    assert [text for text, height in cells if text and height > 60 * max(1, len(text) // 12)] == []
    assert gates and max(gates) <= 390, "whether a gate was passed is seen without scrolling"
