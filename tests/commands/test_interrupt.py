"""Ctrl-C and SIGTERM on real components: it stops at once, and what is done is kept."""

import contextlib
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from checkpoints.directory import DEFAULT_DIR
from ledger import Ledger, LedgerError
from sandbox import docker_problem

ROOT = Path(__file__).parents[2]
LAB = str(Path(sys.executable).with_name("lab"))

pytestmark = [
    pytest.mark.vllm,
    pytest.mark.docker,
    pytest.mark.skipif(docker_problem() is not None, reason=f"Docker: {docker_problem()}"),
    pytest.mark.skipif(not DEFAULT_DIR.exists(), reason="the default checkpoint is not made: `lab checkpoint`"),
]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_and_sigterm_stop_at_once_and_keep_what_is_done(tmp_path: Path, number: signal.Signals) -> None:
    out = tmp_path / "run"
    command = [LAB, "generate", "code/rejection-sampling", "--samples", "20", "--out", str(out)]
    command += ["--set", "generate.0.sampling.max_tokens=16", "--set", "serving.max_in_flight=16"]
    process = subprocess.Popen(
        command,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        cwd=ROOT,
        # A shell starts background jobs with SIGINT ignored, and programs inherit that; schedulers end them by SIGTERM.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL if number == signal.SIGINT else signal.SIG_IGN),
    )
    try:
        _until(lambda: _effects(out) > 5, process)
        process.send_signal(number)
        _, told = process.communicate(timeout=120)
    finally:
        process.kill()
    assert process.returncode == 130
    assert b"the same command goes on from there" in told
    assert _effects(out) > 5


def _until(true: Callable[[], bool], process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + 180
    while not true() and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.25)  # a look is a ledger opened and read


def _effects(out: Path) -> int:
    if not (out / "ledger.sqlite").exists():
        return 0
    # The file is there a moment before its tables.
    with contextlib.suppress(LedgerError), Ledger(out, readonly=True) as ledger:
        return len(list(ledger.effects()))
    return 0
