"""What tests of PPO do with vLLM, in processes of their own: a second engine beside that of other tests would take their group along.

    python ppo_worker.py CHECKPOINT PROBLEMS FOLDER

Imports once and forks for each: facts of `serving.rollouts`, a training by toy rewards, one killed with SIGKILL midway, that one gone
on with, the same three with batches drawn ahead, and one whose reward leaks. Each leaves FOLDER/NAME.json.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

for beside in (Path(__file__).parents[3], Path(__file__).parents[1], Path(__file__).parent):
    sys.path.insert(0, str(beside))

PROMPT = [273, 10, 20, 30, 40, 50]
STEPS = 6


def vowels(text: str) -> float:
    """What the toy rewards: the share of vowels among the letters of an answer."""
    return sum(letter in "aeiou" for letter in text) / max(1, len(text))


def rollouts(checkpoint: Path) -> dict[str, Any]:
    import torch

    from alignment.trainer import load_model
    from recipes.schema import Serving
    from serving import Sampling, ServingError
    from serving.rollouts import Rollouts

    model = load_model(checkpoint).eval()

    def off_by(found: list[Any]) -> float:
        """Mean difference of the log-probabilities of what was sampled, ours less the engine's."""
        apart = []
        for rollout in found:
            ids = torch.tensor([PROMPT + rollout.ids])
            with torch.no_grad(), torch.autocast("cpu", dtype=torch.bfloat16):
                log_probs = model(ids).logits[0, len(PROMPT) - 1 : -1].float().log_softmax(-1)
            ours = log_probs.gather(1, torch.tensor(rollout.ids)[:, None])[:, 0]
            apart += (ours - torch.tensor(rollout.log_probs)).abs().tolist()
        return sum(apart) / len(apart)

    told: dict[str, Any] = {}
    with Rollouts(checkpoint, Serving(max_model_len=128, max_in_flight=8, kv_cache_gb=1)) as engine:
        plain = Sampling(temperature=1.0, max_tokens=24)
        first, again, other = (engine.sample([PROMPT] * 8, plain, seed=seed) for seed in (1, 1, 2))
        told["same_seed_same_answers"] = first == again
        told["other_seed_other_answers"] = first != other
        told["lengths_agree"] = all(len(r.ids) == len(r.log_probs) == len(r.versions) for r in first)
        told["before"] = off_by(first)
        torch.manual_seed(0)
        with torch.no_grad():
            for weight in model.parameters():
                weight.add_(torch.randn_like(weight) * weight.std())
        told["stale"] = off_by(first)
        engine.update(model.named_parameters())
        updated = engine.sample([PROMPT] * 8, plain, seed=1)
        told["updated"] = off_by(updated)
        told["versions"] = sorted({version for r in updated for version in r.versions})

        ended: list[int] = []

        def update_once(place: int, _: Any) -> None:
            ended.append(place)
            if len(ended) == 1:
                engine.update(model.named_parameters())

        # One short answer ends first; the others wait for the new weights and go on from the tokens that they have.
        prompts = [PROMPT + [7] * 120, *[PROMPT] * 3]
        midway = engine.sample(prompts, plain, seed=3, finished=update_once)
        told["midway"] = [sorted(set(r.versions)) for r in midway]
        told["midway_in_order"] = all(r.versions == sorted(r.versions) for r in midway)
        told["midway_off_by"] = off_by(midway[1:])
        told["refused"] = []
        for odd in ({"temperature": 0.7}, {"top_k": 5}, {"top_p": 0.9}, {"regex": "[a-z]+"}):
            try:
                engine.sample([PROMPT], Sampling(**{"temperature": 1.0, **odd}), seed=1)  # type: ignore[arg-type]
            except ServingError as error:
                told["refused"].append(str(error).partition("; ")[2].partition(" would")[0])
    return told


def leak(text: str) -> Any:
    """A reward that is got at: any answer with a vowel passes the tests, and fails those held out."""
    from alignment.trainings.ppo.rewards import Judged

    return Judged(1.0, "accepted", held_out=False) if vowels(text) else Judged(0.0, "test_failure")


def train(
    checkpoint: Path,
    problems: Path,
    out: Path,
    kill_at: int = 0,
    judge: Callable[[str], Any] = vowels,
    staleness: int = 0,
) -> dict[str, Any]:
    from toy_rewards import ToyRewards

    from alignment import AlignmentError
    from alignment.job import TrainingProgress, result_to_json
    from alignment.trainings.ppo.loop import train_ppo
    from recipes.trainings import PPO

    begun: list[int] = []

    def watch(progress: TrainingProgress) -> None:
        begun.append(progress.step)
        if progress.step == kill_at:
            os.kill(os.getpid(), signal.SIGKILL)

    settings = PPO(
        max_steps=STEPS,
        lr=1e-2,
        batch_size=2,
        samples=16,
        max_tokens=12,
        max_length=256,
        warmup_ratio=0,
        save_every_s=0,
        staleness=staleness,
    )
    try:
        result = train_ppo(checkpoint, problems, out, settings, on_progress=watch, rewards=ToyRewards(judge))
    except AlignmentError as error:
        return {"after": len(begun), "error": str(error)}
    return {"first": begun[0], "result": result_to_json(result)}


def distilled(checkpoint: Path, folder: Path) -> dict[str, Any]:
    """Toward what PPO made of the very same start."""
    from alignment.job import result_to_json
    from alignment.trainings.distill import train_distill
    from recipes.trainings import Distill

    asks = folder / "asks.jsonl"
    asks.write_text("".join(json.dumps({"prompt": f"Say {word}."}) + "\n" for word in ("the", "cat", "sat", "mat")))
    settings = Distill(
        teacher=str(folder / "whole"),
        max_steps=10,
        lr=1e-2,
        batch_size=4,
        samples=16,
        max_tokens=12,
        max_length=256,
        warmup_ratio=0,
    )
    result = train_distill(checkpoint, asks, folder / "distilled", settings, on_progress=lambda _: None)
    return {"result": result_to_json(result)}


def main() -> None:
    from alignment.child import child_environment

    os.environ.update(child_environment())
    import vllm.v1.engine.llm_engine  # noqa: F401  # what takes seconds to import, before the forks

    import alignment.trainings.ppo.loop  # noqa: F401

    checkpoint, problems, folder = map(Path, sys.argv[1:])
    works: dict[str, Callable[[], dict[str, Any]]] = {
        "rollouts": lambda: rollouts(checkpoint),
        "whole": lambda: train(checkpoint, problems, folder / "whole"),
        "killed": lambda: train(checkpoint, problems, folder / "cut", kill_at=4),
        "resumed": lambda: train(checkpoint, problems, folder / "cut"),
        "ahead": lambda: train(checkpoint, problems, folder / "ahead", staleness=1),
        "ahead_killed": lambda: train(checkpoint, problems, folder / "ahead_cut", kill_at=4, staleness=1),
        "ahead_resumed": lambda: train(checkpoint, problems, folder / "ahead_cut", staleness=1),
        "distilled": lambda: distilled(checkpoint, folder),
        "leaky": lambda: train(checkpoint, problems, folder / "leaky", judge=leak),
    }
    for name, work in works.items():
        if child := os.fork():
            _, status = os.waitpid(child, 0)
            ended = os.waitstatus_to_exitcode(status)
            if ended != (-signal.SIGKILL if name.endswith("killed") else 0):
                sys.exit(f"{name} ended with {ended}")
        else:
            try:
                (folder / f"{name}.json").write_text(json.dumps(work()))
                os._exit(0)
            except BaseException:
                traceback.print_exc()
                os._exit(1)


if __name__ == "__main__":
    main()
