"""`lab rounds` and its report: every checkpoint by every benchmark, each round's data, what a point cost; as page, text, JSON."""

import json
import shutil
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import browsing
import pytest
import yaml
from rich.console import Console
from skilled import questions, skilled, stand_in
from typer.testing import CliRunner

from cli import app
from ledger import Ledger
from report.rounds import gather_rounds, print_rounds


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Two rounds, done by the command itself; what it printed lies beside them."""
    folder = tmp_path_factory.mktemp("rounds")
    recipe = {
        "checkpoint": str(skilled(folder / "start", 4, 4)),
        "rounds": {"count": 2},
        "generate": [
            {
                "generator": "math/solutions",
                "seeds": str(questions(folder / "seeds.jsonl", "+", range(3, 9), "A shop had {}. How many is")),
                "options": {"votes": 3},
                "samples": 2,
            }
        ],
        "data": {"max_per_problem": 6},
        "train": {"sft": {"max_length": 6, "batch_size": 6}, "dpo": {"max_length": 5, "batch_size": 5}},
        "variants": {"sft": [{"max_length": 6}, {"max_length": 10}]},
        "evaluate": [
            {"problems": str(questions(folder / "sums.jsonl", "+", range(20), "Say of {} what is")), "samples": 1},
            {"problems": str(questions(folder / "products.jsonl", "*", range(20), "Of {} say what is")), "samples": 2},
        ],
    }
    (folder / "mine.yaml").write_text(yaml.safe_dump(recipe))
    with pytest.MonkeyPatch.context() as patched:
        stand_in(patched)
        command = ["rounds", str(folder / "mine.yaml"), "--out", str(folder / "out"), "--json"]
        told = CliRunner().invoke(app, command)
        assert told.exit_code == 0, told.output
        (folder / "told.json").write_text(told.stdout)
        again = CliRunner().invoke(app, command[:-1])
        assert "these rounds are done already" in again.stdout, again.output
        other = CliRunner().invoke(app, [*command, "--set", "seed=5"])
        assert other.exit_code == 1 and "another recipe (seed: 0 -> 5; " in other.output, other.output
    yield folder / "out"


def test_the_command_prints_what_each_round_came_to_and_where_the_best_is(out: Path) -> None:
    told = json.loads((out.parent / "told.json").read_text())
    assert (told["best"], told["checkpoint"], told["done"]) == ("round-1/sft", str(out / "checkpoints" / "best"), True)
    assert list(told["scores"]["sums"]) == ["start", "round-1/sft", "round-1/dpo", "round-2/sft", "round-2/dpo"]
    greedy = [score["greedy"]["pass@1"] for score in told["scores"]["sums"].values()]
    assert greedy == [4 / 20, 8 / 20, 5 / 20, 8 / 20, 5 / 20]
    first, second = told["rounds"]
    assert first["points"] > 0 == second["points"]
    assert set(first["a_point_cost"]) == {"seconds", "generated", "evaluated", "trained", "rows"}
    assert second["a_point_cost"] is None
    assert second["sampled_by"] == {"math/solutions": "round-1/sft"}
    assert first["cost"]["trained"] == 3 * 10
    assert [claim["before"] for claim in told["claims"]] == ["start", "start"]


def test_a_round_says_how_many_of_its_rows_are_new_and_how_many_kept_of_rounds_before(out: Path) -> None:
    first, second = json.loads((out.parent / "told.json").read_text())["rounds"]
    (of_first,), (of_second,) = first["origins"]["sft"], second["origins"]["sft"]
    assert (of_first["generator"], of_first["kept"]) == ("math/solutions", 0)
    assert of_second["new"] and of_second["kept"]
    assert of_second["new"] + of_second["kept"] == second["data"]["sft"]["rows"]
    assert second["contamination"]["items"] == 40


def test_the_report_fits_a_terminal_of_80_columns_and_marks_the_best(out: Path) -> None:
    text = StringIO()
    with Ledger(out, readonly=True) as ledger:
        print_rounds(gather_rounds(ledger), Console(file=text, width=80))
    lines = text.getvalue().splitlines()
    assert max(map(len, lines)) <= 80
    assert any(line.startswith("round-1/sft (best)") for line in lines)
    assert any(line.split()[:2] == ["points", "gained"] for line in lines)


def test_report_runs_watch_and_why_know_a_directory_of_rounds(out: Path) -> None:
    told = CliRunner().invoke(app, ["report", str(out), "--json"])
    assert json.loads(told.stdout)["best"] == "round-1/sft"
    (listed,) = json.loads(CliRunner().invoke(app, ["runs", str(out.parent), "--json"]).stdout)["runs"]
    assert (listed["kind"], listed["state"], listed["path"]) == ("rounds", "done", str(out))
    assert [key for key in listed["scores"] if "sums/greedy" in key] == ["start/sums/greedy", "best/sums/greedy"]
    assert CliRunner().invoke(app, ["watch", str(out), "--once"]).exit_code == 0
    why = CliRunner().invoke(app, ["why", str(out), "math/solutions#0"])
    assert why.exit_code == 1
    assert f"`lab why {out}/round-2 math/solutions#0`" in why.stderr
    assert CliRunner().invoke(app, ["why", str(out / "round-1"), "math/solutions#0"]).exit_code == 0


def test_a_run_refuses_a_recipe_of_rounds_and_a_directory_of_them(out: Path) -> None:
    recipe = str(out.parent / "mine.yaml")
    refused = CliRunner().invoke(app, ["run", recipe, "--dry-run"])
    assert f"this recipe asks for 2 rounds; run it with `lab rounds {recipe}`" in refused.stderr
    plain = out.parent / "plain.yaml"
    plain.write_text(yaml.safe_dump({**yaml.safe_load(Path(recipe).read_text()), "rounds": None}))
    with pytest.MonkeyPatch.context() as patched:
        stand_in(patched)
        mixed = CliRunner().invoke(app, ["run", str(plain), "--out", str(out)])
    assert mixed.exit_code == 1
    assert "holds rounds, with which `lab rounds` goes on" in mixed.stderr


def test_the_page_has_every_checkpoint_and_leads_to_each_round(out: Path) -> None:
    page = (out / "report.html").read_text()
    for part in ("round-2/dpo", "What a point cost", 'href="round-1/report.html"', "Kept are rows of rounds before"):
        assert part in page
    assert (out / "round-1" / "report.html").exists()
    assert "<script" not in page


def test_what_cannot_be_read_of_a_round_costs_itself_and_is_told(out: Path, tmp_path: Path) -> None:
    hurt = Path(shutil.copytree(out, tmp_path / "hurt"))
    (hurt / "round-1/data/sft/train-00000.parquet").write_bytes(b"PAR1 and no more")
    (hurt / "round-2/ledger.sqlite").write_bytes(b"no database")
    told = CliRunner().invoke(app, ["report", str(hurt), "--json"])
    found = json.loads(told.stdout)
    assert "round-1/data/sft" in found["damaged"] and "round-2/ledger.sqlite" in found["damaged"]
    assert [one["round"] for one in found["rounds"]] == [1]
    assert found["scores"]["sums"]["round-1/sft"]["best"]


@pytest.mark.skipif(browsing.CHROMIUM is None, reason="chromium is not installed")
def test_a_browser_shows_the_page_without_complaint_and_a_phone_without_scrolling(out: Path, tmp_path: Path) -> None:
    with browsing.browser(tmp_path) as tab:
        tab.open((out / "report.html").as_uri())
        assert tab.read("document.title") == "out · Lab"
        tab.send("Emulation.setDeviceMetricsOverride", width=390, height=844, deviceScaleFactor=1, mobile=True)
        tab.open((out / "report.html").as_uri())
        assert tab.read("document.documentElement.scrollWidth") <= 390
        assert tab.complaints == []
