"""A setting of a training is written once: the command line takes all that the pages name, with the defaults named there."""

import re
from pathlib import Path
from typing import Any, get_args

import pytest
from typer.testing import CliRunner

from alignment import child
from alignment.trainings import trainings
from cli import app

PAGES = Path(__file__).parents[2] / "docs" / "train"


def settings_of_the_pages() -> dict[str, dict[str, Any]]:
    """label -> {setting: default}, from the tables under Settings: one for all, and on pages of their own."""
    found: dict[str, dict[str, Any]] = {}
    for page in (PAGES / "training.md", *(PAGES / f"{training.name}.md" for training in trainings())):
        told = page.read_text().partition("## Settings")[2].partition("\n## ")[0] if page.exists() else ""
        table = [
            [cell.strip() for cell in line.strip("| \n").split("|")]
            for line in told.splitlines()
            if line.startswith("|") and not line.startswith("|---")
        ]
        for column, label in enumerate(table[0][1:-1] if table else ()):
            found[label] = {row[0].strip("`"): value(row[1 + column]) for row in table[1:] if row[1 + column]}
    return found


def value(cell: str) -> Any:
    try:
        return float(cell)
    except ValueError:
        return cell.strip("`")


def another(training: Any, name: str, default: Any) -> Any:
    """A value that the setting takes, other than its default."""
    if isinstance(default, str):
        known = get_args(training.settings.model_fields[name].annotation)
        return next((other for other in known if other != default), "another")
    return default + 2 if isinstance(default, int) else default / 2


def test_the_pages_name_every_setting_with_its_default() -> None:
    defaults = {
        training.label: {
            name: default if isinstance(default, str) else float(default)
            for name, default in training.settings().model_dump().items()
        }
        for training in trainings()
    }
    assert settings_of_the_pages() == defaults


@pytest.mark.parametrize("training", trainings(), ids=lambda training: training.name)
def test_every_setting_of_the_pages_can_be_set(training: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []

    async def train(name: str, start: Path, data: Path, out: Path, settings: Any, observer: Any, processes: int) -> Any:
        asked.append((name, settings.model_dump()))
        raise child.AlignmentError("no training here")

    monkeypatch.setattr(child, "train_in_child", train)
    monkeypatch.setattr("checkpoints.directory.find", Path)
    defaults = training.settings().model_dump()
    wishes = {name: another(training, name, defaults[name]) for name in settings_of_the_pages()[training.label]}
    sets = [part for name, value in wishes.items() for part in ("--set", f"{name}={value}")]
    (data := tmp_path / "rows.jsonl").write_text("{}\n")  # looked into by the training alone
    told = CliRunner().invoke(
        app, ["train", training.name, "x", "--data", str(data), "--out", str(tmp_path / "out"), *sets]
    )
    assert told.stderr == "lab: no training here\n"
    assert told.stdout == f"train {training.name}: loading x\n"
    assert asked == [(training.name, wishes)]


def test_a_setting_that_there_is_not_is_refused_with_the_known_ones() -> None:
    told = CliRunner().invoke(app, ["train", "sft", "x", "--data", "y", "--out", "z", "--set", "warmup=1"])
    assert told.exit_code == 1
    assert re.match(r'lab: lab train sft: unknown key "warmup"; did you mean "warmup_ratio"\?', told.stderr)
