"""In-process engine core against vLLM's AsyncLLM with its core in a process of its own, alone and beside a busy sandbox.

    python benchmarks/serving/serving_modes.py [--repeats 3]

On a GPU the second is right; on a machine of few cores its polling takes a core away. "Beside" means that short Python
processes run all the while, one at a time, as a sandbox slot does. Each side is a process of its own, alternating.
"""

import argparse
import asyncio
import json
import os
import statistics
import subprocess
import sys
import time
from typing import Any

from checkpoints.directory import find
from generators.seeds.load import load_problems
from prompts import Library
from recipes.names import SEEDS
from recipes.schema import Serving
from rows.messages import Message
from serving import Sampling
from serving.local import LocalEngine

IN_FLIGHT = 96
REQUESTS = 192
MAX_TOKENS = 96
SIDES = ("in-process", "AsyncLLM")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--side", choices=SIDES, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.side:
        print(json.dumps(asyncio.run(_measure(options.side))))
        return
    found: dict[str, list[dict[str, float]]] = {side: [] for side in SIDES}
    for _ in range(options.repeats):
        for side in SIDES:
            found[side].append(_child(side))
            print(side, found[side][-1], flush=True)
    print(f"\n{'median tokens/s':<24}{'start s':>10}{'alone':>10}{'beside':>10}{'runs/s beside':>15}")
    for side in SIDES:
        medians = [
            statistics.median(row[name] for row in found[side]) for name in ("start_s", "alone", "beside", "runs_per_s")
        ]
        print(f"{side:<24}" + "".join(f"{value:>10.1f}" for value in medians[:3]) + f"{medians[3]:>15.1f}")


def _child(side: str) -> dict[str, float]:
    environment = {**os.environ, "OMP_WAIT_POLICY": "PASSIVE"}
    command = [sys.executable, __file__, "--side", side]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    figures: dict[str, float] = json.loads(done.stdout.strip().splitlines()[-1])
    return figures


async def _measure(side: str) -> dict[str, float]:
    library = Library()
    problems = load_problems(SEEDS / "python-problems.jsonl", split="train").items
    prompts = [
        library.render("code/answer", {"problem": problems[n // 2 % len(problems)].prompt}) for n in range(REQUESTS)
    ]
    started = time.monotonic()
    engine: Any = (
        _AsyncLLM() if side == "AsyncLLM" else LocalEngine(find("default"), Serving(max_in_flight=IN_FLIGHT), _quiet)
    )
    await engine.start()
    start_s = time.monotonic() - started
    await _tokens_per_s(engine, prompts[:16])  # warm-up
    alone = await _tokens_per_s(engine, prompts)
    stop = asyncio.Event()
    busy = asyncio.create_task(_busy(stop))
    beside = await _tokens_per_s(
        engine, [[*p[:-1], {**p[-1], "content": "Task. " + p[-1]["content"]}] for p in prompts]
    )
    stop.set()
    runs_per_s = await busy
    await engine.close()
    return {"start_s": start_s, "alone": alone, "beside": beside, "runs_per_s": runs_per_s}


async def _tokens_per_s(engine: Any, prompts: list[list[Message]]) -> float:
    started = time.monotonic()
    answers = await asyncio.gather(*(engine.complete(prompt, Sampling(max_tokens=MAX_TOKENS)) for prompt in prompts))
    return sum(answer.output_tokens for answer in answers) / (time.monotonic() - started)


async def _busy(stop: asyncio.Event) -> float:
    """One short program after the other, started by a process of their own; how many a second."""
    script = f'while {sys.executable} -S -c "sum(i * i for i in range(200_000))"; do echo .; done'
    started = time.monotonic()
    shell = await asyncio.create_subprocess_exec("sh", "-c", script, stdout=asyncio.subprocess.PIPE)
    await stop.wait()
    shell.kill()
    out, _ = await shell.communicate()
    return len(out.split()) / (time.monotonic() - started)


class _AsyncLLM:
    """vLLM's own asynchronous engine, as its server uses it."""

    async def start(self) -> None:
        os.environ.setdefault("VLLM_CPU_KVCACHE_SPACE", "2")
        from vllm.engine.arg_utils import AsyncEngineArgs
        from vllm.v1.engine.async_llm import AsyncLLM

        arguments = AsyncEngineArgs(
            model=str(find("default")),
            dtype="bfloat16",
            max_model_len=2048,
            max_num_seqs=IN_FLIGHT,
            block_size=32,
            enforce_eager=True,
        )
        self.engine = AsyncLLM.from_engine_args(arguments)
        self.tokenizer = self.engine.get_tokenizer()
        self.number = 0

    async def complete(self, prompt: list[Message], sampling: Sampling) -> Any:
        from types import SimpleNamespace

        from vllm import SamplingParams
        from vllm.sampling_params import RequestOutputKind

        ids = self.tokenizer.apply_chat_template(prompt, add_generation_prompt=True, return_dict=False)
        params = SamplingParams(
            temperature=0.8, max_tokens=sampling.max_tokens, output_kind=RequestOutputKind.FINAL_ONLY
        )
        self.number += 1
        async for output in self.engine.generate({"prompt_token_ids": ids}, params, str(self.number)):
            last = output
        return SimpleNamespace(output_tokens=len(last.outputs[0].token_ids))

    async def close(self) -> None:
        self.engine.shutdown()


def _quiet(text: str) -> None: ...


if __name__ == "__main__":
    main()
