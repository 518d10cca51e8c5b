"""An engine in a process of its own, whichever of the two ends first. What it draws is held by `tests/alignment/several`."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import waiting_engine

from recipes.schema import Serving
from serving import Sampling, ServingError, rollouts_apart
from serving.rollouts_apart import RolloutsApart


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> Iterator[RolloutsApart]:
    monkeypatch.setattr(rollouts_apart, "_serve", waiting_engine.serve)
    made = RolloutsApart(Path("nowhere"), Serving(), dict(os.environ))
    yield made
    made._process.kill()


def drawn(engine: RolloutsApart, then: Callable[[], Any]) -> None:
    """Draws two answers, and does `then` when the first is there."""
    engine.sample([[1], [2]], Sampling(temperature=1.0), seed=0, finished=lambda place, rollout: then())


def test_an_engine_that_is_killed_while_it_draws_is_told_and_holds_nobody_up(engine: RolloutsApart) -> None:
    pid = engine._process.pid
    assert pid
    with pytest.raises(ServingError, match=r"the engine's process has ended \(status -9\)"):
        drawn(engine, lambda: os.kill(pid, signal.SIGKILL))

    def end() -> None:
        engine.stop()
        engine.close()

    ending = threading.Thread(target=end, daemon=True)
    ending.start()
    ending.join(20)
    assert not ending.is_alive(), "who stops it waits for who was killed"


def test_what_is_being_drawn_ends_where_it_is_stopped_and_not_at_a_signal_to_all_processes(
    engine: RolloutsApart,
) -> None:
    pid = engine._process.pid
    assert pid

    def end() -> None:
        os.kill(pid, signal.SIGTERM)  # `timeout 8h lab train`, a scheduler: the step is finished, and its state saved
        engine.stop()

    with pytest.raises(ServingError, match="the engine was stopped"):
        drawn(engine, end)
    engine.close()
    assert engine._process.exitcode == 0


def test_it_ends_by_itself_where_who_began_it_is_gone_while_it_draws(engine: RolloutsApart) -> None:
    engine._pipe.send(("sample", ([[1], [2]], Sampling(temperature=1.0), 0)))
    engine.close()
    assert engine._process.exitcode == 0


@pytest.mark.parametrize("error", [KeyboardInterrupt(), ServingError("no room")])
def test_one_that_could_not_begin_leaves_no_process_for_which_its_parent_waits(
    error: BaseException, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(self: RolloutsApart) -> int:
        raise error

    monkeypatch.setattr(rollouts_apart, "_serve", waiting_engine.serve)
    monkeypatch.setattr(RolloutsApart, "_answer", fails)
    before = multiprocessing.active_children()
    with pytest.raises(type(error)):
        RolloutsApart(Path("nowhere"), Serving(), dict(os.environ))
    assert multiprocessing.active_children() == before
