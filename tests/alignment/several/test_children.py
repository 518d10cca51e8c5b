"""Several children train together: where one fails all end, and what is told is why the first did."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import IO

import pytest
from several_processes import interrupt
from small_trainings import ignore, needs_checkpoint

from alignment import AlignmentError, child, processes
from alignment.child import run_in_subprocess, train_in_child
from alignment.job import OnProgress, TrainingProgress
from recipes.trainings import SFT

pytestmark = needs_checkpoint
DEAF = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); "


@pytest.fixture(autouse=True)
def short_farewell(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "WATCH_S", 0.05)
    monkeypatch.setattr(processes, "FAREWELL_S", 0.5)


class Nobody:
    """Who is told how a training goes, and says nothing."""

    def say(self, text: str) -> None: ...

    def training(self, name: str, progress: TrainingProgress) -> None: ...


def test_one_that_is_stopped_twice_does_not_wait_for_its_step(
    tiny: Path, sft_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[subprocess.Popen[bytes]] = []

    def started(request: Path, log: Path, count: int) -> tuple[list[subprocess.Popen[bytes]], IO[bytes]]:
        made.append(subprocess.Popen([sys.executable, "-c", f"{DEAF}import time; time.sleep(60)"], stdout=-1))
        assert made[0].stdout
        return made, made[0].stdout

    async def stopped_twice() -> None:
        training = asyncio.create_task(
            train_in_child("sft", tiny, sft_data, tmp_path / "out", SFT(), Nobody(), processes=1)
        )
        while not made:
            await asyncio.sleep(0.05)
        for _ in range(2):  # as two Ctrl-C do
            training.cancel()
            await asyncio.sleep(0.3)
        await training

    monkeypatch.setattr(child, "started", started)
    began = time.monotonic()
    try:
        with pytest.raises(asyncio.CancelledError):
            asyncio.run(stopped_twice())
    finally:
        made[0].kill()
    assert time.monotonic() - began < 20 and made[0].wait() == -9


def trained_by(
    sources: list[str],
    tiny: Path,
    data: Path,
    out: Path,
    monkeypatch: pytest.MonkeyPatch,
    on_progress: OnProgress = ignore,
) -> list[subprocess.Popen[bytes]]:
    """Trains, with these programs in the place of the children; gives what was started, none of which lives."""
    made: list[subprocess.Popen[bytes]] = []

    def started(request: Path, log: Path, count: int) -> tuple[list[subprocess.Popen[bytes]], IO[bytes]]:
        lines, told = os.pipe()
        with log.open("ab") as log_file, os.fdopen(told, "wb"):
            for source in sources:
                made.append(subprocess.Popen([sys.executable, "-c", source], stdout=told, stderr=log_file))
        return made, os.fdopen(lines, "rb")

    monkeypatch.setattr(child, "started", started)
    try:
        run_in_subprocess("sft", tiny, data, out, SFT(), on_progress=on_progress, processes=len(sources))
    finally:
        assert all(process.poll() is not None for process in made), "a process is left"
        for process in made:
            process.kill()
    return made


def test_what_another_than_the_first_refuses_is_told_and_ends_those_that_wait_for_it(
    tiny: Path, sft_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits = DEAF + "import time; time.sleep(60)"
    refuses = 'print(\'{"error": "row 7 is broken"}\', flush=True); raise SystemExit(1)'
    began = time.monotonic()
    with pytest.raises(AlignmentError, match=r"^row 7 is broken$"):
        trained_by([waits, refuses], tiny, sft_data, tmp_path / "out", monkeypatch)
    assert time.monotonic() - began < 20
    assert not (tmp_path / "out").exists(), "what was refused before a state leaves nothing"


def test_of_two_that_fail_the_one_that_was_killed_is_named_which_the_other_only_missed(
    tiny: Path, sft_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    misses = "import time; time.sleep(0.3); raise RuntimeError('Connection closed by peer')"
    dies = "import os, signal; os.kill(os.getpid(), signal.SIGKILL)"
    with pytest.raises(AlignmentError, match="its process 2 of 2, ended with status -9 and no result"):
        trained_by([misses, dies], tiny, sft_data, tmp_path / "out", monkeypatch)
    hangs = DEAF + "import time; time.sleep(60)"
    crashes = "raise SystemExit(3)"
    with pytest.raises(AlignmentError, match="its process 2 of 2, ended with status 3 and no result"):
        trained_by([hangs, crashes], tiny, sft_data, tmp_path / "out", monkeypatch)


def test_one_that_is_stopped_at_its_end_says_all_the_same_what_came_of_it_and_is_not_waited_for(
    tiny: Path, sft_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(child, "STOP_GRACE_S", 10.0)
    said, step = tmp_path / "said", {"step": 1, "total_steps": 1, "loss": 0, "tokens": 1, "seconds": 1, "eta_s": 0}
    told = f"print({json.dumps({'progress': step})!r}, flush=True); "
    ends = f"{DEAF}{told}print('{{}}' * 1000000, flush=True); open({str(said)!r}, 'w')"
    with pytest.raises(KeyboardInterrupt):
        trained_by([ends], tiny, sft_data, tmp_path / "out", monkeypatch, interrupt)
    assert said.exists()


def test_one_that_still_saves_is_not_killed_where_another_that_was_asked_to_end_has(
    tiny: Path, sft_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    saved = tmp_path / "saved"
    saves = f"import time; time.sleep(2); open({str(saved)!r}, 'w'); raise SystemExit({processes.INTERRUPTED})"
    ends = f"raise SystemExit({processes.INTERRUPTED})"
    with pytest.raises(AlignmentError, match="no result"):
        trained_by([saves, ends], tiny, sft_data, tmp_path / "out", monkeypatch)
    assert saved.exists()
