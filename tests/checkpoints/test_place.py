"""A checkpoint at another place: whole, the newest, and its own."""

from pathlib import Path

import pytest
from tiny_checkpoints import edit_weights, tiny_checkpoint

from checkpoints.directory import check, identity
from checkpoints.errors import CheckpointError
from checkpoints.place import place


@pytest.fixture
def trained(tmp_path: Path) -> Path:
    folder = tiny_checkpoint(tmp_path / "run" / "trained")
    for name in ("training.json", "average.json"):
        (folder / name).write_text("{}")
    return folder


def test_it_is_the_same_checkpoint_without_what_tells_how_it_was_made(trained: Path, tmp_path: Path) -> None:
    placed = place(trained, tmp_path / "checkpoints" / "best", "round-1/sft")
    assert identity(check(placed)) == identity(trained)
    assert not {"training.json", "average.json"} & {file.name for file in placed.iterdir()}


def test_another_one_takes_its_place_and_the_same_one_changes_nothing(trained: Path, tmp_path: Path) -> None:
    out = tmp_path / "best"
    before = identity(place(trained, out, "round-1/sft"))
    edit_weights(trained, lambda tensors: tensors["model.norm.weight"].mul_(2))
    assert identity(out) == before, "a copy"
    assert identity(place(trained, out, "round-1/sft")) == before
    assert identity(place(trained, out, "round-2/sft")) == identity(trained) != before


def test_stopped_on_the_way_it_is_put_there_by_the_next_call(
    trained: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = place(trained, tmp_path / "best", "round-1/sft")

    def die(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(Path, "replace", die)
        with pytest.raises(KeyboardInterrupt):
            place(trained, out, "round-2/sft")
    assert identity(place(trained, out, "round-2/sft")) == identity(trained)


def test_what_is_no_checkpoint_leaves_the_one_that_was_there(trained: Path, tmp_path: Path) -> None:
    out = place(trained, tmp_path / "best", "round-1/sft")
    (tmp_path / "none").mkdir()
    with pytest.raises(CheckpointError):
        place(tmp_path / "none", out, "round-2/sft")
    assert identity(out) == identity(trained)
