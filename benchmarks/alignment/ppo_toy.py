"""PPO on a task that anything able to learn learns: answers of vowels. Two random layers, three seeds, both advantages.

    python benchmarks/alignment/ppo_toy.py [--seeds 3] [--steps 60] [--advantages group gae]

The reward is the share of vowels in an answer of twelve tokens; a random model earns about 0.05. Solved is a mean of 0.9 over the last
five steps. Reported: reward by step, KL of sampler and trainer, seconds. Exit code 1 where a seed does not solve it.
"""

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "stand_ins"), str(ROOT / "tests" / "stand_ins" / "policy")]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--steps", type=int, default=60)
    parser.add_argument("--advantages", nargs="+", default=["group", "gae"])
    options = parser.parse_args()
    from alignment.child import child_environment

    os.environ.update(child_environment())
    failed = False
    print(f"{'advantage':<10}{'seed':>5}{'first':>8}{'last':>8}{'most KL':>10}{'seconds':>9}")
    for advantage in options.advantages:
        for seed in range(options.seeds):
            began = time.monotonic()
            rewards, kl = run(advantage, seed, options.steps)
            last = sum(rewards[-5:]) / 5
            failed |= last < 0.9
            told = f"{rewards[0]:>8.3f}{last:>8.3f}{kl:>10.1e}{time.monotonic() - began:>9.0f}"
            print(f"{advantage:<10}{seed:>5}{told}", flush=True)
    sys.exit(failed)


def run(advantage: Any, seed: int, steps: int) -> tuple[list[float], float]:
    """The mean reward by step, and the largest KL of sampler and trainer."""
    from ppo_worker import vowels
    from tiny_checkpoints import tiny_checkpoint
    from toy_rewards import ToyRewards, toy_problems

    from alignment.trainings.ppo.loop import train_ppo
    from recipes.trainings import PPO

    settings = PPO(
        max_steps=steps,
        lr=1e-2,
        batch_size=4,
        samples=16,
        max_tokens=12,
        max_length=256,
        advantage=advantage,
        warmup_ratio=0,
        seed=seed,
        save_every_s=1e9,
    )
    with tempfile.TemporaryDirectory() as folder:
        start = tiny_checkpoint(Path(folder, "start"), width=64, seed=seed)
        problems = toy_problems(Path(folder, "problems.jsonl"))
        result = train_ppo(
            start, problems, Path(folder, "out"), settings, on_progress=lambda _: None, rewards=ToyRewards(vowels)
        )
    found = {name: [value for _, value in points] for name, points in result.metrics.items()}
    return found["reward/mean"], max(found["mismatch/kl"])


if __name__ == "__main__":
    main()
