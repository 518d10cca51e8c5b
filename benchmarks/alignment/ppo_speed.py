"""What a step of PPO costs beyond decoding and training: the sandbox, new weights, and what rollouts carry with them.

    python benchmarks/alignment/ppo_speed.py [--pairs 5] [--problems 8] [--samples 8] [--max-tokens 320] [--checkpoint default]

One process, two cores, nothing else running. Alternating, the order changing places from pair to pair:

- the wall of a whole step whose answers the sandbox judges, against the same step with rewards for free. Both are handed the same
  reward (drawn from the answer's text), so both learn from the same tokens; the one waits for the sandbox's verdict first.
- the tokens a second of rollouts against bare vLLM on the same prompts and lengths (no log-probabilities, no stop strings, no text).

Reported: median and range of either, of their ratio, and the seconds that new weights take to be in the running engine.
"""

import argparse
import os
import statistics
import sys
import time
import zlib
from collections.abc import Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pairs", type=int, default=5)
    parser.add_argument("--problems", type=int, default=8, help="of one step")
    parser.add_argument("--samples", type=int, default=8)
    parser.add_argument("--max-tokens", type=int, default=320)
    parser.add_argument("--checkpoint", default="default")
    options = parser.parse_args()
    from alignment.child import child_environment

    os.environ.update(child_environment())
    from alignment.tokens.conversations import load_format
    from alignment.trainings.ppo.learner import Learner
    from alignment.trainings.ppo.loop import one_step
    from alignment.trainings.ppo.problems import tasks_of
    from alignment.trainings.ppo.rewards import SandboxRewards
    from alignment.trainings.ppo.state import Progress
    from checkpoints.directory import find
    from recipes.schema import Serving
    from recipes.trainings import PPO
    from sandbox import Sandbox
    from serving.rollouts import Rollouts

    checkpoint = find(options.checkpoint)
    settings = PPO(
        batch_size=options.problems, samples=options.samples, max_tokens=options.max_tokens, lr=1e-9, redraws=0
    )
    form = load_format(checkpoint)
    tasks, _ = tasks_of(form, ROOT / "recipes" / "seeds" / "python-problems.jsonl", settings)
    walls: dict[str, list[float]] = {"free": [], "sandbox": []}
    waited, weights = [], []
    with SandboxRewards(Sandbox(), canaries=settings.canaries) as box:
        learner = Learner(checkpoint, settings, 10**6)
        in_flight = options.problems * options.samples
        serving = Serving(max_model_len=settings.max_length, max_in_flight=in_flight, gpu_memory_utilization=0.4)
        with Rollouts(checkpoint, serving) as rollouts:
            for pair in range(-1, options.pairs):  # the first warms up: images, containers, kernels
                for name in ("free", "sandbox") if pair % 2 else ("sandbox", "free"):
                    done = Progress(step=max(pair, 0), cursor=max(pair, 0) * options.problems)
                    began = time.monotonic()
                    told = one_step(done, tasks, settings, learner, rollouts, Judging(box if name == "sandbox" else None), form, first=False)  # fmt: skip
                    wall = time.monotonic() - began
                    if pair >= 0:
                        walls[name].append(wall)
                        weights.append(told["seconds/weights"])
                        waited += [told["seconds/waited"]] if name == "sandbox" else []
            rates = decoding(rollouts, tasks[: options.problems], options)
    show("step with rewards for free, s", walls["free"])
    show("step with the sandbox, s", walls["sandbox"])
    show("  ratio", [one / other for one, other in zip(walls["sandbox"], walls["free"], strict=True)])
    show("  sandbox after the last token, s", waited)
    show("new weights in the engine, s", weights)
    show("bare vLLM, tokens/s", rates["bare"])
    show("rollouts, tokens/s", rates["rollouts"])
    show("  ratio", [one / other for one, other in zip(rates["rollouts"], rates["bare"], strict=True)])


class Judging:
    """The same rewards with and without a judge that is waited for."""

    def __init__(self, box: Any) -> None:
        self.identity = "drawn"
        self._box = box

    def submit(self, task: Any, text: str, cut: bool) -> "Future[Any]":
        from alignment.trainings.ppo.rewards import Judged

        drawn = Judged(float(zlib.crc32(text.encode()) % 2), "drawn")
        future: Future[Any] = Future()
        if self._box is None:
            future.set_result(drawn)
        else:
            self._box.submit(task, text, cut).add_done_callback(lambda _: future.set_result(drawn))
        return future

    def unsound(self, tasks: Sequence[Any]) -> list[str]:
        return [""] * len(tasks)


def decoding(rollouts: Any, tasks: Sequence[Any], options: Any) -> dict[str, list[float]]:
    """Tokens a second of rollouts and of the engine alone, on the same prompts and lengths."""
    from vllm.sampling_params import RequestOutputKind, SamplingParams

    from serving import Sampling

    prompts = [task.prompt for task in tasks for _ in range(options.samples)]
    sampling = Sampling(temperature=1.0, max_tokens=options.max_tokens, stop=("\n```\n",))
    rates: dict[str, list[float]] = {"bare": [], "rollouts": []}
    for pair in range(options.pairs):
        lengths: list[int] = []
        for name in ("rollouts", "bare"):  # in this order: the lengths are those of the rollouts
            began = time.monotonic()
            if name == "rollouts":
                lengths = [len(found.ids) for found in rollouts.sample(prompts, sampling, seed=pair)]
            else:
                engine = rollouts._engine
                engine.reset_prefix_cache()
                for place, (prompt, length) in enumerate(zip(prompts, lengths, strict=True)):
                    params = SamplingParams(
                        temperature=1.0,
                        max_tokens=length,
                        ignore_eos=True,
                        detokenize=False,
                        output_kind=RequestOutputKind.FINAL_ONLY,
                    )
                    engine.add_request(str(place), {"prompt_token_ids": list(prompt)}, params)
                while engine.has_unfinished_requests():
                    engine.step()
            rates[name].append(sum(lengths) / (time.monotonic() - began))
    return rates


def show(name: str, values: Sequence[float]) -> None:
    print(f"{name:<36}{statistics.median(values):>9.3f}   {min(values):.3f} to {max(values):.3f}", flush=True)


if __name__ == "__main__":
    main()
