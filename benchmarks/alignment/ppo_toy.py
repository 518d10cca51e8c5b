"""PPO on a task that anything able to learn learns: answers of vowels. Two random layers, three seeds, both advantages.

    python benchmarks/alignment/ppo_toy.py [--seeds 3] [--steps 60] [--advantages group gae] [--staleness 0 1 2] [--leaky]

The reward is the share of vowels in an answer of twelve tokens; a random model earns about 0.05. Solved is a mean of 0.9 over the last
five steps. Reported: reward at first and at last, KL of sampler and trainer (with a staleness that of older weights as well), seconds.
Exit code 1 where a seed does not solve it.

With `--leaky` the tests held out want a consonant in the answer, which nothing rewards: at first nearly every answer has one, and what
is learned is to do without. Reported: the step at which the guard stopped the run, the gap at first and there, what was earned.
Exit code 1 where a seed is not stopped within 50 steps.
"""

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "stand_ins"), str(ROOT / "tests" / "stand_ins" / "trainings")]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--steps", type=int, default=60)
    parser.add_argument("--advantages", nargs="+", default=["group", "gae"])
    parser.add_argument("--staleness", type=int, nargs="+", default=[0])
    parser.add_argument("--leaky", action="store_true")
    options = parser.parse_args()
    from alignment.child import child_environment

    os.environ.update(child_environment())
    cases = [
        (advantage, staleness, seed)
        for advantage in options.advantages
        for staleness in options.staleness
        for seed in range(options.seeds)
    ]
    head = f"{'advantage':<10}{'staleness':>10}{'seed':>5}"
    if options.leaky:
        print(f"{head}{'stopped at':>11}{'gap at first':>13}{'then':>6}{'reward':>8}")
        caught = [leaky(*case, steps=min(options.steps, 50)) for case in cases]
        sys.exit(not all(caught))
    print(f"{head}{'first':>8}{'last':>8}{'most KL':>10}{'seconds':>9}")
    solved = [solve(*case, steps=options.steps) for case in cases]
    sys.exit(not all(solved))


def solve(advantage: str, staleness: int, seed: int, *, steps: int) -> bool:
    from ppo_worker import vowels

    began = time.monotonic()
    history, _ = run(advantage, staleness, seed, steps, vowels)
    rewards = [step["reward/mean"] for step in history]
    last, kl = sum(rewards[-5:]) / 5, max(step.get("mismatch/kl", 0.0) for step in history)
    told = f"{rewards[0]:>8.3f}{last:>8.3f}{kl:>10.1e}{time.monotonic() - began:>9.0f}"
    print(f"{advantage:<10}{staleness:>10}{seed:>5}{told}", flush=True)
    return last >= 0.9


def leaky(advantage: str, staleness: int, seed: int, *, steps: int) -> bool:
    from ppo_worker import vowels

    from alignment.trainings.ppo.rewards import Judged

    def judge(text: str) -> Judged:
        return Judged(
            vowels(text), "accepted", held_out=any(letter.isalpha() and not vowels(letter) for letter in text)
        )

    history, stopped = run(advantage, staleness, seed, steps, judge)
    first, last = history[0], history[-1]
    told = f"{len(history) if stopped else '-':>11}{first['held_out/gap']:>13.0%}{last['held_out/gap']:>6.0%}"
    print(f"{advantage:<10}{staleness:>10}{seed:>5}{told}{last['reward/mean']:>8.3f}", flush=True)
    return stopped


def run(advantage: Any, staleness: int, seed: int, steps: int, judge: Any) -> tuple[list[dict[str, float]], bool]:
    """The figures by step, and whether a guard stopped the run."""
    from tiny_checkpoints import tiny_checkpoint
    from toy_rewards import ToyRewards, toy_problems

    from alignment import AlignmentError
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
        staleness=staleness,
        warmup_ratio=0,
        seed=seed,
        save_every_s=1e9,
    )
    history: list[dict[str, float]] = []
    with tempfile.TemporaryDirectory() as folder:
        start = tiny_checkpoint(Path(folder, "start"), width=64, seed=seed)
        problems = toy_problems(Path(folder, "problems.jsonl"))
        try:
            train_ppo(
                start,
                problems,
                Path(folder, "out"),
                settings,
                on_progress=lambda progress: history.append(progress.metrics),
                rewards=ToyRewards(judge),
            )
        except AlignmentError as error:
            if "tests that were held out" not in str(error):
                raise
            return history, True
    return history, False


if __name__ == "__main__":
    main()
