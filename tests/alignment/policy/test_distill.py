"""On-policy distillation: what it draws from, and which teachers it refuses. Its runs are with those of PPO."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tiny_checkpoints import tiny_checkpoint

from alignment import AlignmentError, child
from alignment.child import run_in_subprocess
from alignment.tokens.conversations import load_format
from alignment.trainings.distill import refuse_other_vocabulary, train_distill
from alignment.trainings.ppo.problems import fitting, requests
from checkpoints import directory
from recipes.trainings import Distill

pytest.importorskip("torch")


def test_a_request_is_drawn_once_without_its_answers_and_dropped_where_no_answer_fits(tmp_path: Path) -> None:
    form = load_format(tiny_checkpoint(tmp_path / "student"))
    rows = [
        {"messages": [{"role": "user", "content": "the cat"}, {"role": "assistant", "content": "sat"}]},
        {"messages": [{"role": "user", "content": "the cat"}, {"role": "assistant", "content": "on the mat"}]},
        {"messages": [{"role": "user", "content": "the hat " * 100}]},
    ]
    data = tmp_path / "rows.jsonl"
    data.write_text("".join(json.dumps(row) + "\n" for row in rows))
    tasks, dropped = fitting(form, requests(data), Distill(max_length=100, max_tokens=40))
    assert [[turn["role"] for turn in task.messages] for task in tasks] == [["user"]]
    assert dropped == {"too_long": 1}
    assert form.tokenizer.decode(tasks[0].prompt).endswith("<|turn|>assistant\n")
    student = tmp_path / "student"
    settings = Distill(teacher=str(student), max_length=50, max_tokens=50)
    with pytest.raises(AlignmentError, match="none of its 2 requests leaves room"):
        train_distill(student, data, tmp_path / "out", settings, on_progress=lambda _: None)


def test_a_teacher_of_the_hub_is_fetched_before_the_training_begins_which_asks_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    student, done = tiny_checkpoint(tmp_path / "student"), list[str]()

    def fetched(name: str) -> Path:
        done.append(name)
        return student

    def started(*_: object) -> None:
        done.append("started")
        raise AlignmentError("that will do")

    monkeypatch.setattr(directory, "_from_hub", fetched)
    monkeypatch.setattr(child, "started", started)
    (data := tmp_path / "rows.jsonl").write_text('{"prompt": "the cat"}\n')
    with pytest.raises(AlignmentError, match="that will do"):
        run_in_subprocess(
            "distill", student, data, tmp_path / "out", Distill(teacher="owner/teacher"), on_progress=lambda _: None
        )
    assert done == ["owner/teacher", "started"]


def test_a_teacher_of_another_vocabulary_is_refused(tmp_path: Path) -> None:
    student, teacher = tiny_checkpoint(tmp_path / "student"), tiny_checkpoint(tmp_path / "teacher")
    refuse_other_vocabulary(student, teacher)
    tokenizer = json.loads((teacher / "tokenizer.json").read_text())
    first, second, *_ = tokenizer["model"]["vocab"]
    vocab = tokenizer["model"]["vocab"]
    vocab[first], vocab[second] = vocab[second], vocab[first]
    (teacher / "tokenizer.json").write_text(json.dumps(tokenizer))
    with pytest.raises(AlignmentError, match="reads the student's very tokens"):
        refuse_other_vocabulary(student, teacher)
    tokenizer = json.loads((student / "tokenizer.json").read_text())
    tokenizer["added_tokens"][-1]["content"] = "<|another|>"  # of the same words, as a base model and its chat model
    (teacher / "tokenizer.json").write_text(json.dumps(tokenizer))
    with pytest.raises(AlignmentError, match="reads the student's very tokens"):
        refuse_other_vocabulary(student, teacher)
