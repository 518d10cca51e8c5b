"""What a step of PPO costs beyond decoding and training: the sandbox, new weights, and what rollouts carry with them.

    python benchmarks/alignment/ppo_speed.py [--pairs 5] [--problems 8] [--samples 8] [--max-tokens 320] [--checkpoint default]

One process, nothing else running. Alternating, the order changing places from pair to pair:

- the wall of a whole step whose answers the sandbox judges, against the same step with rewards for free. Both are handed the same
  reward (drawn from the answer's text), so both learn from the same tokens; the one waits for the sandbox's verdicts first.
- the tokens a second of rollouts against bare vLLM on the same prompts and lengths (no log-probabilities, no stop strings, no text),
- and against rollouts before which, or in whose midst, the engine is given new weights; the time of that counts.

Reported: median and range of either, of their ratio, and the seconds that new weights take to be in the running engine.
"""

import argparse
import os
import statistics
import sys
import time
import zlib
from collections.abc import Callable, Sequence
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
    from alignment.trainings.ppo.ahead import Ahead, Batch
    from alignment.trainings.ppo.learner import Learner
    from alignment.trainings.ppo.loop import collect, set_advantages
    from alignment.trainings.ppo.problems import tasks_of
    from alignment.trainings.ppo.rewards import SandboxRewards
    from alignment.trainings.ppo.state import Progress
    from alignment.trainings.ppo.steps import one_step
    from checkpoints.directory import find
    from recipes.trainings import PPO
    from sandbox import Sandbox

    checkpoint = find(options.checkpoint)
    settings = PPO(
        batch_size=options.problems, samples=options.samples, max_tokens=options.max_tokens, lr=1e-9, redraws=0
    )
    form = load_format(checkpoint)
    tasks, _ = tasks_of(form, ROOT / "recipes" / "seeds" / "python-problems.jsonl", settings)
    orders = [("sandbox", "free"), ("free", "sandbox")]
    # The first pair warms up: images, containers, kernels.
    plan = [(pair, name) for pair in range(options.pairs + 1) for name in orders[pair % 2]]
    walls: dict[str, list[float]] = {"free": [], "sandbox": []}
    waited, weights = [], []
    with SandboxRewards(Sandbox(), canaries=settings.canaries) as box:
        judges = {"sandbox": Judging(box), "free": Judging(None)}
        learner = Learner(checkpoint, settings, 10**6)

        def draw(rollouts: Any, step: int, cursor: int) -> Batch:
            pair, name = plan[step]
            return collect(tasks, settings, rollouts, judges[name], form, pair, pair * options.problems)

        def advantages(answers: Any, values: Any) -> dict[str, float]:
            set_advantages(answers, values, settings)
            return {}

        with Ahead(checkpoint, settings, draw, step=0, steps=len(plan), cursor=0, state=None) as ahead:
            done = Progress()
            for pair, name in plan:
                began = time.monotonic()
                told = one_step(done, ahead, learner, advantages, first=False)
                wall = time.monotonic() - began
                done.step += 1
                if pair:
                    walls[name].append(wall)
                    weights.append(told["seconds/weights"])
                    waited += [told["seconds/waited"]] if name == "sandbox" else []
            # The engine is its thread's alone.
            rates = ahead._thread.submit(decoding, ahead.rollouts, learner, tasks[: options.problems], options).result()
    show("step with rewards for free, s", walls["free"])
    show("step with the sandbox, s", walls["sandbox"])
    ratio(walls["sandbox"], walls["free"])
    show("  sandbox after the last token, s", waited)
    show("new weights in the engine, s", weights)
    show("rollouts, tokens/s", rates["rollouts"])
    show("bare vLLM, tokens/s", rates["bare"])
    ratio(rates["rollouts"], rates["bare"])
    show("new weights before, tokens/s", rates["before"])
    ratio(rates["before"], rates["rollouts"])
    show("new weights midway, tokens/s", rates["midway"])
    ratio(rates["midway"], rates["rollouts"])


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


def decoding(rollouts: Any, learner: Any, tasks: Sequence[Any], options: Any) -> dict[str, list[float]]:
    """Tokens a second of rollouts, of the engine alone on the same prompts and lengths, and of rollouts with new weights."""
    from serving import Sampling

    prompts = [task.prompt for task in tasks for _ in range(options.samples)]
    sampling = Sampling(temperature=1.0, max_tokens=options.max_tokens, stop=("\n```\n",))
    lengths: list[int] = []

    def plain() -> None:
        lengths[:] = [len(found.ids) for found in rollouts.sample(prompts, sampling, seed=pair)]

    def before() -> None:
        rollouts.update(learner.weights())
        plain()

    def midway() -> None:
        ended: list[int] = []

        def finished(place: int, _: Any) -> None:
            ended.append(place)
            if len(ended) == len(prompts) // 2:
                rollouts.update(learner.weights())

        lengths[:] = [len(one.ids) for one in rollouts.sample(prompts, sampling, seed=pair, finished=finished)]

    ways: dict[str, Callable[[], None]] = {
        "rollouts": plain,
        "bare": lambda: bare(rollouts._engine, prompts, lengths),
        "before": before,
        "midway": midway,
    }
    rates: dict[str, list[float]] = {name: [] for name in ways}
    for pair in range(options.pairs):
        plain()  # what lengths the bare engine is to decode, where its turn is first
        for name in list(ways) if pair % 2 else reversed(list(ways)):
            began = time.monotonic()
            ways[name]()
            rates[name].append(sum(lengths) / (time.monotonic() - began))
    return rates


def bare(engine: Any, prompts: Sequence[Sequence[int]], lengths: Sequence[int]) -> None:
    from vllm.sampling_params import RequestOutputKind, SamplingParams

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


def show(name: str, values: Sequence[float]) -> None:
    print(f"{name:<36}{statistics.median(values):>9.3f}   {min(values):.3f} to {max(values):.3f}", flush=True)


def ratio(ours: Sequence[float], theirs: Sequence[float]) -> None:
    show("  ratio", [one / other for one, other in zip(ours, theirs, strict=True)])


if __name__ == "__main__":
    main()
