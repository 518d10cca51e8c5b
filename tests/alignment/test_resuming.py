"""A training that is cut off goes on, and its process leaves nothing behind."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from small_trainings import ROOT, assistant, ignore, needs_checkpoint, parquet, user

from alignment import AlignmentError
from alignment.child import run_in_subprocess
from alignment.job import TrainingProgress, open_job
from alignment.trainings.dpo import train_dpo
from alignment.trainings.sft import train_sft
from recipes.trainings import DPO, SFT

pytestmark = [needs_checkpoint, pytest.mark.usefixtures("one_core", "warm_children")]


def children() -> list[int]:
    tasks = Path("/proc/self/task").glob("*/children")
    return [int(pid) for task in tasks for pid in task.read_text().split()]


def weights(folder: Path) -> list[object]:
    from safetensors.torch import load_file

    return [tensor.float() for _, tensor in sorted(load_file(folder / "model.safetensors").items())]


def test_a_run_killed_midway_ends_as_the_run_never_killed(tiny: Path, sft_data: Path, tmp_path: Path) -> None:
    import torch

    job = SFT(epochs=4, lr=3e-3, batch_size=4, save_every_s=0)
    whole = train_sft(tiny, sft_data, tmp_path / "whole", job, on_progress=ignore)

    def kill_at_three(progress: TrainingProgress) -> None:
        if progress.step == 3:
            os.kill(next(pid for pid in children() if pid not in before), signal.SIGKILL)

    before = children()
    with pytest.raises(AlignmentError, match="status -9"):
        run_in_subprocess("sft", tiny, sft_data, tmp_path / "cut", job, on_progress=kill_at_three)
    seen: list[TrainingProgress] = []
    resumed = train_sft(tiny, sft_data, tmp_path / "cut", job, on_progress=seen.append)

    assert seen[0].step > 1, "it started over"
    assert resumed.steps == whole.steps == 6 and resumed.tokens == whole.tokens
    assert resumed.metrics["learning_rate"] == whole.metrics["learning_rate"]
    assert resumed.losses == [(step, pytest.approx(loss, rel=1e-3)) for step, loss in whole.losses]
    for one, other in zip(weights(tmp_path / "whole"), weights(tmp_path / "cut"), strict=True):
        torch.testing.assert_close(one, other, atol=2e-3, rtol=2e-2)


def test_sigterm_saves_the_state_as_ctrl_c_does(tiny: Path, sft_data: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    command = [sys.executable, "-m", "cli", "train", "sft", str(tiny), "--data", str(sft_data), "--out", str(out)]
    command += ["--set", "max_steps=9000", "--set", "save_every_s=1e9"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT)
    try:
        while not list(out.glob("tensorboard/*")):
            assert process.poll() is None
            time.sleep(0.1)
        time.sleep(1)
        process.send_signal(signal.SIGTERM)
        _, told = process.communicate(timeout=120)
    finally:
        process.kill()
    assert (process.returncode, "the same command goes on from there" in told) == (130, True), told
    assert "Traceback" not in told
    assert [path.name for path in (out / "state").glob("checkpoint-*/trainer_state.json")] == ["trainer_state.json"]


def test_ctrl_c_saves_the_step_and_the_reference_and_leaves_no_process(
    tiny: Path, dpo_data: Path, tmp_path: Path
) -> None:
    job = DPO(max_steps=20, lr=1e-4, batch_size=2, save_every_s=1e9)

    def interrupt(progress: TrainingProgress) -> None:
        raise KeyboardInterrupt

    before = children()
    with pytest.raises(KeyboardInterrupt):
        run_in_subprocess("dpo", tiny, dpo_data, tmp_path / "out", job, on_progress=interrupt)
    assert children() == before
    log = tmp_path / "out" / "train.log"
    assert log.read_text().count("Computing reference") > 0
    log.unlink()
    steps: list[int] = []
    result = run_in_subprocess(
        "dpo", tiny, dpo_data, tmp_path / "out", job, on_progress=lambda progress: steps.append(progress.step)
    )
    assert steps[0] > 1 and steps[-1] == result.steps == 20
    assert [step for step, _ in result.losses] == list(range(1, 21))
    assert "Computing reference" not in log.read_text(), "the reference was computed again"


def test_a_half_written_state_is_passed_over(tiny: Path, sft_data: Path, tmp_path: Path) -> None:
    job = SFT(epochs=4, lr=3e-3, batch_size=4, save_every_s=0)

    def fail_at_three(progress: TrainingProgress) -> None:
        if progress.step == 3:
            raise RuntimeError("power cut")

    with pytest.raises(RuntimeError, match="power cut"):
        train_sft(tiny, sft_data, tmp_path / "out", job, on_progress=fail_at_three)
    (tmp_path / "out" / "state" / "checkpoint-5").mkdir()
    seen: list[TrainingProgress] = []
    train_sft(tiny, sft_data, tmp_path / "out", job, on_progress=seen.append)
    assert seen[0].step == 3


def test_errors_of_the_child_reach_the_parent_as_they_are(tiny: Path, tmp_path: Path) -> None:
    data = parquet(tmp_path / "d.parquet", [{"text": "plain"}])
    with pytest.raises(AlignmentError, match="no column messages"):
        run_in_subprocess("sft", tiny, data, tmp_path / "out", SFT(), on_progress=ignore)


def test_the_training_process_dies_with_its_parent(tiny: Path, sft_data: Path, tmp_path: Path) -> None:
    script = (
        "import sys\nfrom pathlib import Path\nfrom recipes.trainings import SFT\n"
        "from alignment.child import run_in_subprocess\n"
        "checkpoint, data, out = map(Path, sys.argv[1:])\n"
        "run_in_subprocess('sft', checkpoint, data, out, SFT(max_steps=3000),"
        " on_progress=lambda progress: print('step', flush=True))\n"
    )
    command = [sys.executable, "-c", script, str(tiny), str(sft_data), str(tmp_path / "out")]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None and parent.stdout.readline() == b"step\n"
        (trainer,) = Path(f"/proc/{parent.pid}/task/{parent.pid}/children").read_text().split()
        parent.kill()
    deadline = time.monotonic() + 10
    while alive(int(trainer)) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not alive(int(trainer))


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.parametrize("name", ["trainer_state.json", "model.safetensors", "optimizer.pt"])
def test_a_state_of_which_a_file_is_torn_is_passed_over_and_told(
    name: str, tiny: Path, sft_data: Path, tmp_path: Path
) -> None:
    job = SFT(epochs=4, lr=3e-3, batch_size=4, save_every_s=0)
    out, said, seen = tmp_path / "out", list[str](), list[TrainingProgress]()

    def fail_at_three(progress: TrainingProgress) -> None:
        if progress.step == 3:
            raise RuntimeError("power cut")

    with pytest.raises(RuntimeError, match="power cut"):
        train_sft(tiny, sft_data, out, job, on_progress=fail_at_three)
    (whole,) = (out / "state").glob("checkpoint-*")
    shutil.copytree(whole, torn := whole.with_name("checkpoint-5"))
    os.truncate(torn / name, (torn / name).stat().st_size // 2)
    run_in_subprocess("sft", tiny, sft_data, out, job, on_progress=seen.append, say=said.append)
    assert said == [f"{torn}: half written, so it is passed over; the training goes on from {whole.name}"]
    assert seen[0].step == 3


def test_half_a_state_alone_holds_no_other_training_back(tiny: Path, sft_data: Path, tmp_path: Path) -> None:
    out, said = tmp_path / "out", list[str]()
    open_job("sft", tiny, sft_data, out, SFT(lr=1e-3), None)
    (half := out / "state" / "checkpoint-1").mkdir(parents=True)
    job = SFT(max_steps=1, lr=1e-4, batch_size=2)
    done = run_in_subprocess("sft", tiny, sft_data, out, job, on_progress=ignore, say=said.append)
    assert done.steps == 1
    assert said == [f"{half}: half written, so it is passed over; the training begins anew"]


def test_what_dpo_kept_of_its_pairs_is_not_taken_for_another_trainings(
    tiny: Path, dpo_data: Path, tmp_path: Path
) -> None:
    """Killed before its first state, it leaves its pairs and what the reference says of them."""
    out, other = tmp_path / "out", tmp_path / "other.parquet"
    with pytest.raises(RuntimeError, match="killed"):
        train_dpo(tiny, dpo_data, out, DPO(max_steps=2, batch_size=2, save_every_s=1e9), on_progress=killed)
    assert list((out / "state").iterdir())
    rows = [{"prompt": [user("Say no.")], "chosen": [assistant("No.")], "rejected": [assistant("Yes.")]}] * 4
    done = train_dpo(tiny, parquet(other, rows), out, DPO(max_steps=1, batch_size=2), on_progress=ignore)
    assert done.rows == len(rows)


def killed(progress: TrainingProgress) -> None:
    raise RuntimeError("killed")
