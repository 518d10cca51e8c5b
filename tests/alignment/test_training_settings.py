"""A setting of a training is written once: the command line takes all that its page names, with the defaults named there."""

import re
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from alignment import child
from alignment.trainings import trainings
from cli import app

PAGE = Path(__file__).parents[2] / "docs" / "train" / "training.md"


def settings_of_the_page() -> dict[str, dict[str, float]]:
    """label -> {setting: default}, from the table under Settings."""
    table = [
        [cell.strip() for cell in line.strip("| \n").split("|")]
        for line in PAGE.read_text().partition("## Settings")[2].partition("\n## ")[0].splitlines()
        if line.startswith("|") and not line.startswith("|---")
    ]
    labels, rows = table[0][1:-1], table[1:]
    return {
        label: {row[0].strip("`"): float(row[1 + column]) for row in rows if row[1 + column]}
        for column, label in enumerate(labels)
    }


def test_the_page_names_every_setting_with_its_default() -> None:
    defaults = {
        training.label: {name: float(value) for name, value in training.settings().model_dump().items()}
        for training in trainings()
    }
    assert settings_of_the_page() == defaults


@pytest.mark.parametrize("training", trainings(), ids=lambda training: training.name)
def test_every_setting_of_the_page_can_be_set(training: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []

    async def train(name: str, start: Path, data: Path, out: Path, settings: Any, observer: Any) -> Any:
        asked.append((name, settings.model_dump()))
        raise child.AlignmentError("no training here")

    monkeypatch.setattr(child, "train_in_child", train)
    monkeypatch.setattr("checkpoints.directory.find", Path)
    defaults = training.settings().model_dump()
    wishes = {
        name: defaults[name] + (2 if isinstance(defaults[name], int) else 0.5)
        for name in settings_of_the_page()[training.label]
    }
    sets = [part for name, value in wishes.items() for part in ("--set", f"{name}={value}")]
    (data := tmp_path / "rows.jsonl").write_text("{}\n")  # looked into by the training alone
    told = CliRunner().invoke(
        app, ["train", training.name, "x", "--data", str(data), "--out", str(tmp_path / "out"), *sets]
    )
    assert told.stderr == "lab: no training here\n"
    assert asked == [(training.name, wishes)]


def test_a_setting_that_there_is_not_is_refused_with_the_known_ones() -> None:
    told = CliRunner().invoke(app, ["train", "sft", "x", "--data", "y", "--out", "z", "--set", "warmup=1"])
    assert told.exit_code == 1
    assert re.match(r'lab: lab train sft: unknown key "warmup"; did you mean "warmup_ratio"\?', told.stderr)
