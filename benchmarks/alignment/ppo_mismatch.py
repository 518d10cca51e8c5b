"""How far vLLM's log-probabilities of what it sampled are from the trainer's, by the number format of either.

    python benchmarks/alignment/ppo_mismatch.py [--problems 8] [--samples 4] [--max-tokens 120] [--checkpoint default]

The same weights on both sides, answers drawn at temperature 1 from our own problems; each row of the table is a process of its own.
Reported: KL per token, quantiles of the ratio trainer / sampler, mean difference of a log-probability, and the same once the weights
were moved by noise of 5% of each tensor's deviation and handed to the engine (`updated`), or were not (`stale`).
"""

import argparse
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))
PAIRS = (("bfloat16", "bfloat16"), ("bfloat16", "float32"), ("float32", "float32"))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--problems", type=int, default=8)
    parser.add_argument("--samples", type=int, default=4)
    parser.add_argument("--max-tokens", type=int, default=120)
    parser.add_argument("--checkpoint", default="default")
    parser.add_argument("--pair", nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.pair:
        measure(*options.pair, options)
        return
    print(
        f"{'sampler':<10}{'trainer':<10}{'weights':<10}{'KL':>10}{'p01':>8}{'p50':>8}{'p99':>8}{'|diff|':>10}",
        flush=True,
    )
    for pair in PAIRS:
        subprocess.run([sys.executable, __file__, *sys.argv[1:], "--pair", *pair], check=True)


def measure(sampler: str, trainer: str, options: argparse.Namespace) -> None:
    from alignment.child import child_environment

    os.environ.update(child_environment())
    import torch

    from alignment.tokens.conversations import load_format
    from alignment.trainings.ppo import learner as policy
    from alignment.trainings.ppo.objective import mismatch
    from alignment.trainings.ppo.problems import tasks_of
    from checkpoints.directory import find
    from recipes.schema import Serving
    from recipes.trainings import PPO
    from serving import Sampling, launch
    from serving.rollouts import Rollouts

    launch.compute_dtype = lambda: sampler  # type: ignore[assignment]
    policy.compute_dtype = lambda: trainer  # type: ignore[assignment]
    checkpoint = find(options.checkpoint)
    settings = PPO(max_tokens=options.max_tokens)
    tasks, _ = tasks_of(load_format(checkpoint), ROOT / "recipes" / "seeds" / "python-problems.jsonl", settings)
    prompts = [task.prompt for task in tasks[: options.problems] for _ in range(options.samples)]
    learner = policy.Learner(checkpoint, settings, 1)
    serving = Serving(max_model_len=settings.max_length, max_in_flight=len(prompts))
    with Rollouts(checkpoint, serving) as rollouts:

        def show(weights: str) -> None:
            found = rollouts.sample(prompts, Sampling(temperature=1.0, max_tokens=options.max_tokens), seed=0)
            answers = [
                policy.Answer(place // options.samples, prompts[place], one.ids, one.log_probs, [], [], [])
                for place, one in enumerate(found)
            ]
            ours, theirs = (
                torch.tensor([value for own in side for value in own])
                for side in (learner.measure(answers, 0)[0], [one.log_probs for one in found])
            )
            told = mismatch(ours, theirs)
            print(
                f"{sampler:<10}{trainer:<10}{weights:<10}{told['kl']:>10.1e}{told['ratio_p01']:>8.3f}{told['ratio_p50']:>8.3f}"
                f"{told['ratio_p99']:>8.3f}{(ours - theirs).abs().mean().item():>10.1e}",
                flush=True,
            )

        show("same")
        torch.manual_seed(0)
        with torch.no_grad():
            for weight in learner.model.parameters():
                weight.add_(torch.randn_like(weight) * weight.std() * 0.05)
        show("stale")
        rollouts.update(learner.weights())
        show("updated")


if __name__ == "__main__":
    main()
