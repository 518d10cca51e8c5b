"""Adapters train in the place of the weights and leave a plain checkpoint."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import Any

import pytest
from small_trainings import ignore, needs_checkpoint

from alignment import AlignmentError
from alignment.adapters import adapted, core_of, merged
from alignment.child import run_in_subprocess
from alignment.dry_run import dry_run, told
from alignment.job import TrainingProgress
from alignment.trainer import load_model
from alignment.trainings import training_of
from alignment.trainings.dpo import train_dpo
from alignment.trainings.reward import train_reward
from alignment.trainings.sft import train_sft
from recipes.trainings import DPO, SFT, Reward

pytestmark = [needs_checkpoint, pytest.mark.usefixtures("one_core")]

LORA: dict[str, Any] = {"lora_rank": 4, "lora_alpha": 8}


def weights(folder: Path) -> dict[str, Any]:
    from safetensors.torch import load_file

    return load_file(folder / "model.safetensors")


def test_only_linear_layers_below_the_head_change_and_a_tied_head_stays_tied(
    tiny: Path, sft_data: Path, tmp_path: Path
) -> None:
    import torch

    result = train_sft(
        tiny, sft_data, tmp_path / "out", SFT(epochs=12, lr=5e-3, batch_size=4, **LORA), on_progress=ignore
    )
    assert result.losses[-1][1] < result.losses[0][1] - 0.2
    before, after = weights(tiny), weights(tmp_path / "out")
    assert before.keys() == after.keys() and "lm_head.weight" not in after
    changed = {name for name in before if not torch.equal(before[name], after[name])}
    assert changed == {name for name in before if "proj" in name}
    assert not list((tmp_path / "out").glob("adapter*"))


def test_what_is_merged_answers_as_the_adapters_did(tiny: Path) -> None:
    import torch

    model = adapted(load_model(tiny), SFT(**LORA)).eval()
    for name, weight in model.named_parameters():
        if "lora_B" in name:
            torch.nn.init.normal_(weight, std=0.1, generator=torch.Generator().manual_seed(len(name)))
    ids = torch.arange(1, 33)[None]
    with torch.no_grad():
        apart, plain = model(ids).logits, load_model(tiny).eval()(ids).logits
        together = merged(model)(ids).logits
    torch.testing.assert_close(apart, together, atol=1e-5, rtol=1e-4)
    assert (apart - plain).abs().max() > 0.1


def test_nothing_but_adapters_trains_and_is_saved(tiny: Path, sft_data: Path, tmp_path: Path) -> None:
    model = adapted(load_model(tiny), SFT(**LORA))
    assert all("lora_" in name for name, weight in model.named_parameters() if weight.requires_grad)
    assert core_of(model).get_output_embeddings().weight is core_of(model).get_input_embeddings().weight

    sizes: dict[str, int] = {}

    def stop(progress: TrainingProgress) -> None:
        if progress.step == 2:
            found = next((tmp_path / "out" / "state").glob("checkpoint-1"))
            sizes.update({file.name: file.stat().st_size for file in found.iterdir()})
            raise KeyboardInterrupt

    wanted = SFT(epochs=4, lr=3e-3, batch_size=4, **LORA, save_every_s=0)
    with pytest.raises(KeyboardInterrupt):
        train_sft(tiny, sft_data, tmp_path / "out", wanted, on_progress=stop)
    assert "adapter_model.safetensors" in sizes and "model.safetensors" not in sizes
    state = sizes["adapter_model.safetensors"] + sizes["optimizer.pt"]
    assert state < (tiny / "model.safetensors").stat().st_size / 10


def test_killed_midway_adapters_end_as_those_never_killed(tiny: Path, sft_data: Path, tmp_path: Path) -> None:
    import torch

    job = SFT(epochs=4, lr=3e-2, batch_size=4, save_every_s=0, **LORA)
    whole = train_sft(tiny, sft_data, tmp_path / "whole", job, on_progress=ignore)

    def kill_at_three(progress: TrainingProgress) -> None:
        if progress.step == 3:
            tasks = Path("/proc/self/task").glob("*/children")
            found = [int(pid) for task in tasks for pid in task.read_text().split()]
            os.kill(
                next(pid for pid in found if b"alignment" in Path(f"/proc/{pid}/cmdline").read_bytes()), signal.SIGKILL
            )

    with pytest.raises(AlignmentError, match="status -9"):
        run_in_subprocess("sft", tiny, sft_data, tmp_path / "cut", job, on_progress=kill_at_three)
    seen: list[TrainingProgress] = []
    resumed = train_sft(tiny, sft_data, tmp_path / "cut", job, on_progress=seen.append)
    assert seen[0].step > 1, "it started over"
    assert resumed.losses == [(step, pytest.approx(loss, rel=1e-3)) for step, loss in whole.losses]
    one, other = weights(tmp_path / "whole"), weights(tmp_path / "cut")
    for name in one:
        torch.testing.assert_close(one[name].float(), other[name].float(), atol=2e-3, rtol=2e-2)


def test_dpo_of_adapters_starts_at_ln2_and_widens_the_margin(tiny: Path, dpo_data: Path, tmp_path: Path) -> None:
    wanted = DPO(epochs=12, lr=5e-3, batch_size=4, **LORA)
    result = train_dpo(tiny, dpo_data, tmp_path / "out", wanted, on_progress=ignore)
    assert result.metrics["loss/preference"][0][1] == pytest.approx(0.6931, abs=1e-3)
    assert result.metrics["rewards/margins"][-1][1] > 0.2


def test_dpo_of_adapters_goes_on_from_what_was_trained_before_it_was_cut_off(
    tiny: Path, dpo_data: Path, tmp_path: Path
) -> None:
    wanted = DPO(max_steps=6, lr=2e-2, batch_size=4, save_every_s=0, **LORA)
    whole = train_dpo(tiny, dpo_data, tmp_path / "whole", wanted, on_progress=ignore)

    def power_cut(progress: TrainingProgress) -> None:
        if progress.step == 4:
            raise RuntimeError("power cut")

    with pytest.raises(RuntimeError, match="power cut"):
        train_dpo(tiny, dpo_data, tmp_path / "cut", wanted, on_progress=power_cut)
    seen: list[TrainingProgress] = []
    resumed = train_dpo(tiny, dpo_data, tmp_path / "cut", wanted, on_progress=seen.append)
    assert seen[0].step == 4
    assert resumed.losses == whole.losses
    assert all(weight.equal(weights(tmp_path / "cut")[name]) for name, weight in weights(tmp_path / "whole").items())


def test_a_reward_model_of_adapters_trains_its_head_as_a_whole_and_loads_as_a_plain_one(
    tiny: Path, dpo_data: Path, tmp_path: Path
) -> None:
    import torch
    from transformers import AutoModelForSequenceClassification

    wanted = Reward(epochs=6, lr=2e-2, batch_size=4, held_out=0, **LORA)
    result = train_reward(tiny, dpo_data, tmp_path / "out", wanted, on_progress=ignore)
    assert result.metrics["rewards/accuracies"][-1][1] == 1.0
    model = AutoModelForSequenceClassification.from_pretrained(tmp_path / "out", dtype=torch.float32)
    assert model.score.weight.abs().max() > 0
    before, after = weights(tiny), weights(tmp_path / "out")
    assert torch.equal(before["model.embed_tokens.weight"], after["model.embed_tokens.weight"])


def test_a_factor_without_adapters_is_refused() -> None:
    with pytest.raises(ValueError, match="give lora_rank as well"):
        SFT(lora_alpha=8)


def test_a_dry_run_counts_the_adapters_that_are_trained(tiny: Path, sft_data: Path, tmp_path: Path) -> None:
    model = adapted(load_model(tiny), SFT(**LORA))
    trained = sum(weight.numel() for weight in model.parameters() if weight.requires_grad)
    found, whole = (
        dry_run(training_of("sft"), tiny, sft_data, tmp_path / "out", settings) for settings in (SFT(**LORA), SFT())
    )
    assert found.trained == trained < found.parameters == whole.trained
    assert whole.memory_bytes - found.memory_bytes == 12 * (whole.trained - trained)
    assert f"{trained:,} in adapters are trained" in "\n".join(told(found))
    assert "adapters" not in "\n".join(told(whole))
