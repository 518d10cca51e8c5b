"""What is written into a place appears there whole, and by one process alone."""

import json
import multiprocessing
import os
import signal
import threading
from pathlib import Path

import pytest
from tiny_checkpoints import tiny_checkpoint

from checkpoints.average import average, weights_of
from checkpoints.draft import drafted
from checkpoints.errors import CheckpointError

torch = pytest.importorskip("torch")


@pytest.fixture(scope="module")
def start(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_checkpoint(tmp_path_factory.mktemp("start") / "tiny")


def test_of_two_means_into_one_place_the_second_is_refused_and_the_first_is_whole(start: Path, tmp_path: Path) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def wait(done: int, total: int) -> None:
        begun.set()
        assert go_on.wait(60)

    first = threading.Thread(target=lambda: average([start, start], tmp_path / "out", weights_of(2), wait))
    first.start()
    assert begun.wait(60)
    with pytest.raises(CheckpointError, match="another process writes a checkpoint there; wait for it"):
        average([start] * 3, tmp_path / "out", weights_of(3))
    assert not (tmp_path / "out").exists()
    go_on.set()
    first.join()
    assert len(json.loads((tmp_path / "out" / "average.json").read_text())["of"]) == 2
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_what_came_into_the_place_meanwhile_is_neither_overwritten_nor_mixed_with(tmp_path: Path) -> None:
    with pytest.raises(CheckpointError, match="there is something already"), drafted(tmp_path / "out") as draft:
        (draft / "config.json").write_text("{}")
        (tmp_path / "out").mkdir()
        (tmp_path / "out" / "mine").write_text("")
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["mine"]
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_a_folder_that_was_there_stays_the_same_folder(tmp_path: Path) -> None:
    (out := tmp_path / "out").mkdir()
    before = out.stat().st_ino
    with drafted(out) as draft:
        (draft / "config.json").write_text("{}")
    assert out.stat().st_ino == before and [path.name for path in out.iterdir()] == ["config.json"]


def _half_write(out: Path) -> None:
    with drafted(out) as draft:
        (draft / "old").mkdir()
        (draft / "old" / "half").write_text("")
        os.kill(os.getpid(), signal.SIGKILL)


def test_what_one_left_that_was_killed_holds_nobody_back_and_is_no_part_of_the_next(tmp_path: Path) -> None:
    killed = multiprocessing.get_context("spawn").Process(target=_half_write, args=(tmp_path / "out",))
    killed.start()
    killed.join(60)
    assert killed.exitcode == -signal.SIGKILL and not (tmp_path / "out").exists()
    with drafted(tmp_path / "out") as draft:
        assert not list(draft.iterdir())
        (draft / "config.json").write_text("{}")
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["config.json"]
