"""The files of a data set that a training reads are those by which it is known again: all of them, and no others."""

import json
from pathlib import Path
from typing import Any

import pytest
from tiny_checkpoints import tiny_checkpoint

from alignment import AlignmentError
from alignment.job import open_job
from alignment.tokens.conversations import Format, load_format
from alignment.tokens.reading import fingerprint
from alignment.trainings.distill import tasks_of as requests_of
from alignment.trainings.ppo.problems import tasks_of as problems_of
from recipes.trainings import PPO, Distill

SMALL: dict[str, Any] = {"max_length": 200, "max_tokens": 8}


@pytest.fixture(scope="module")
def start(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_checkpoint(tmp_path_factory.mktemp("start") / "tiny")


@pytest.fixture(scope="module")
def form(start: Path) -> Format:
    return load_format(start)


def problem(number: int) -> dict[str, Any]:
    asked = f"Write f{number}."
    return {"prompt": asked, "test_list": [f"assert f{number}() == 1"], "entry_point": f"f{number}"}


def write(path: Path, *numbers: int) -> Path:
    path.parent.mkdir(exist_ok=True)
    path.write_text("".join(f"{json.dumps(problem(number))}\n" for number in numbers))
    return path


@pytest.mark.parametrize("name", ["ppo", "distill"])
def test_of_a_folder_with_files_for_training_no_other_is_drawn_from_or_counts(
    name: str, form: Format, tmp_path: Path
) -> None:
    def drawn() -> list[str]:
        found = problems_of(form, data, PPO(**SMALL)) if name == "ppo" else requests_of(form, data, Distill(**SMALL))
        return [str(task.messages[-1]["content"]) for task in found[0]]

    data = tmp_path / "data"
    write(data / "train-1.jsonl", 1, 2)
    write(data / "train-2.jsonl", 3)
    asked, known = drawn(), fingerprint(data)
    assert len(asked) == 3
    write(data / "heldout.jsonl", 4, 5)
    assert (drawn(), fingerprint(data)) == (asked, known)
    write(data / "train-2.jsonl", 6)
    assert drawn() != asked and fingerprint(data) != known


def test_a_run_of_which_a_file_changed_that_it_reads_is_another_one(start: Path, tmp_path: Path) -> None:
    data, out = tmp_path / "data", tmp_path / "out"
    write(data / "one.jsonl", 1)
    write(data / "two.jsonl", 2)
    open_job("ppo", start, data, out, PPO(), None)
    (out / "state" / "checkpoint-1").mkdir(parents=True)
    (out / "state" / "checkpoint-1" / "trainer_state.json").write_text("{}")
    open_job("ppo", start, data, out, PPO(), None)
    write(data / "two.jsonl", 3)
    with pytest.raises(AlignmentError, match="another dataset"):
        open_job("ppo", start, data, out, PPO(), None)


def test_a_file_of_another_kind_of_problem_is_told_by_its_name(form: Format, tmp_path: Path) -> None:
    write(tmp_path / "data" / "train-1.jsonl", 1)
    (other := tmp_path / "data" / "train-2.jsonl").write_text('{"question": "1 + 1?", "answer": "2"}\n')
    with pytest.raises(AlignmentError, match=f"{other.name}: a question of mathematics earns no reward here"):
        problems_of(form, tmp_path / "data", PPO(**SMALL))
