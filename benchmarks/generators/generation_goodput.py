"""How much of bare vLLM a generator reaches: output tokens/s and wall time, both sides in one process, alternating.

    python benchmarks/generators/generation_goodput.py [--generators code/rejection-sampling,code/execution-feedback,math/solutions] [--pairs 3]

Ours is the whole generator under driver and ledger. Bare is `LLM.generate` on the very prompts that ours asked, all known in
advance, each made to write as many tokens as it wrote for us: the same work with no step that waits for another. With sandbox the
other side adds plain, unprotected subprocess runs of the same programs. Without sandbox, ours stops at the first program (it is
taken as accepted at once), so that only asking is timed. Both engines run in process with the same options; caches are
cleared first.
"""

import argparse
import asyncio
import contextlib
import statistics
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

from checkpoints.directory import find
from generators.attempts import Stage
from generators.catalog import CATALOG
from generators.drive import drive
from generators.lab import Lab
from generators.stage import seeds_of
from ledger import Ledger
from prompts import Library
from recipes.schema import Generate, Serving
from sandbox import Program, Report, Sandbox, Verdict
from serving.local import LocalEngine
from verification import workers as checks

IN_FLIGHT = 96
MAX_TOKENS = 200
PARTS = {
    "code/rejection-sampling": {"split": "train", "samples": 2},
    "code/execution-feedback": {"samples": 2},
    "math/solutions": {"samples": 2, "options": {"votes": 4}},
}


class NoSandbox:
    """Says at once that a program is accepted: what is timed with it is everything but programs."""

    def identity(self, language: str) -> str:
        return "none"

    async def run(self, program: Program, **_: Any) -> Report:
        return Report(Verdict.accepted)


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--generators", default=",".join(PARTS))
    parser.add_argument("--pairs", type=int, default=3)
    parser.add_argument("--seeds", type=int, default=160, help="seeds of each generator at most")
    options = parser.parse_args()

    settings = Serving(max_in_flight=IN_FLIGHT)
    engine = LocalEngine(find("default"), settings, print)
    await engine.start()
    bare = _bare_llm(settings)
    found: dict[str, list[dict[str, float]]] = {}
    async with Sandbox() as box:
        for number in range(options.pairs):
            for name in options.generators.split(","):
                row = {}
                for kind, sandbox in (("asking", NoSandbox()), ("whole", box)):
                    with tempfile.TemporaryDirectory() as folder, Ledger(Path(folder)) as ledger:
                        wall, tokens = await _ours(ledger, engine, sandbox, name, options.seeds)
                        bare_s, bare_tokens = _bare_generate(bare, engine, ledger)
                        run_s = _bare_runs(ledger, box.slots) if kind == "whole" else 0.0
                    if kind == "asking":
                        row |= {"goodput": (tokens / wall) / (bare_tokens / bare_s), "ours tokens/s": tokens / wall}
                        row |= {"bare tokens/s": bare_tokens / bare_s}
                    else:
                        row |= {"wall / bare": wall / (bare_s + run_s), "whole s": wall}
                        row |= {"bare generation s": bare_s, "bare runs s": run_s}
                found.setdefault(name, []).append(row)
                said = "  ".join(f"{name} {value:.3f}" for name, value in row.items())
                print(f"pair {number + 1} {name}: {said}", flush=True)
    await checks.close()
    await engine.close()
    for name, rows in found.items():
        print(f"\n{name}, median of {len(rows)} pairs")
        for name in rows[0]:
            values = [row[name] for row in rows]
            print(f"{name:<24}{statistics.median(values):>10.3f}   ({min(values):.3f} to {max(values):.3f})")


async def _ours(ledger: Ledger, engine: LocalEngine, sandbox: Any, name: str, most: int) -> tuple[float, int]:
    """(wall s, output tokens) of the generator under driver and ledger."""
    engine._engine.reset_prefix_cache()
    part = Generate.model_validate({"generator": name, **PARTS[name]})
    seeds = list(seeds_of(part).items)[:most]
    lab = Lab(engine, ledger, Library(), sandbox, sampling={"max_tokens": MAX_TOKENS})
    generator = partial(CATALOG[name].generator, **part.options)
    started = time.monotonic()
    stage = Stage("bench", generator, seeds, samples=part.samples, in_flight=2 * IN_FLIGHT)
    progress = await drive(lab, stage)
    return time.monotonic() - started, progress.tally.output_tokens


def _bare_llm(settings: Serving) -> Any:
    from vllm import LLM

    return LLM(
        model=str(find("default")),
        dtype="bfloat16",
        max_model_len=settings.max_model_len,
        max_num_seqs=settings.max_in_flight,
        block_size=32,
        enforce_eager=True,
        enable_prefix_caching=True,
        disable_log_stats=True,
    )


def _bare_generate(llm: Any, engine: LocalEngine, ledger: Ledger) -> tuple[float, int]:
    """(wall s, output tokens) of the prompts that the ledger's asks sent, each to the length it came to."""
    from vllm import SamplingParams

    prompts, params = [], []
    for effect in ledger.effects("ask"):
        prompts.append({"prompt_token_ids": engine._tokenize(effect.request["messages"])})
        length = max(1, effect.output_tokens)
        temperature = effect.request["sampling"].get("temperature", 0.8)
        params.append(SamplingParams(temperature=temperature, max_tokens=length, min_tokens=length, ignore_eos=True))
    llm.reset_prefix_cache()
    started = time.monotonic()
    outputs = llm.generate(prompts, params, use_tqdm=False)
    return time.monotonic() - started, sum(len(output.outputs[0].token_ids) for output in outputs)


def _bare_runs(ledger: Ledger, parallel: int) -> float:
    """Wall seconds of plain, unprotected subprocess runs of the programs with their tests."""
    programs = [
        f"{effect.request['program']['code']}\n{effect.request['program']['tests']}" for effect in ledger.effects("run")
    ]

    def run(program: str) -> None:
        with contextlib.suppress(subprocess.TimeoutExpired):
            subprocess.run([sys.executable, "-"], input=program.encode(), capture_output=True, timeout=10, check=False)

    started = time.monotonic()
    with ThreadPoolExecutor(parallel) as pool:
        list(pool.map(run, programs))
    return time.monotonic() - started


if __name__ == "__main__":
    asyncio.run(main())
