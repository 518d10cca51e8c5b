"""How much of bare vLLM a recipe reaches: output tokens/s and wall time, both sides in one process, alternating.

    python benchmarks/generation_goodput.py [--pairs 3] [--problems 160]

Without sandbox: `lab.ask` of every prompt under the driver and the ledger, against `LLM.generate` on the same rendered
prompts and sampling. Greedy, because with few requests the longest answer sets the time, and sampled answers would have
other lengths on each side. With sandbox: the whole rejection-sampling recipe against bare generation of the same prompts plus
bare subprocess runs of the same programs. Both engines run in process with the same options; caches are cleared first.
"""

import argparse
import asyncio
import contextlib
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from generators.catalog import SEEDS
from generators.code.rejection_sampling import rejection_sampling
from generators.drive import Stage, drive
from generators.extraction import code_block
from generators.lab import Lab
from generators.outcome import Outcome, accept
from generators.seeds import Problem, load_problems
from ledger import Ledger
from prompts import Library
from sandbox import Sandbox
from serving.checkpoint import find
from serving.launch import LocalSettings
from serving.local import LocalEngine

MAX_TOKENS = 200
IN_FLIGHT = 96


async def ask_only(lab: Lab, problem: Problem) -> Outcome:
    """The recipe without its sandbox."""
    return accept(text=(await lab.ask("code/answer", problem=problem.prompt)).text)


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pairs", type=int, default=3)
    parser.add_argument("--problems", type=int, default=160)
    options = parser.parse_args()
    problems = load_problems(SEEDS / "python-problems.jsonl", split="train").items[: options.problems]

    settings = LocalSettings(max_in_flight=IN_FLIGHT)
    engine = LocalEngine(find("default"), settings, print)
    await engine.start()
    bare = _bare_llm(settings)
    library = Library()
    prompt_ids = [engine._tokenize(library.render("code/answer", {"problem": problem.prompt})) for problem in problems]
    async with Sandbox() as box:
        rows = []
        for number in range(options.pairs):
            with tempfile.TemporaryDirectory() as folder:
                ours = await _ours(Path(folder), engine, None, ask_only, problems)
                bare_s, bare_tokens, texts = _bare_generate(bare, prompt_ids)
                whole = await _ours(Path(folder) / "box", engine, box, rejection_sampling, problems)
                run_s = _bare_runs(texts, problems, box.slots)
            row = {
                "ours tokens/s": ours[1] / ours[0],
                "bare tokens/s": bare_tokens / bare_s,
                "goodput": ours[1] / ours[0] / (bare_tokens / bare_s),
                "wall": whole[0] / (bare_s + run_s),
                "recipe s": whole[0],
                "bare generation s": bare_s,
                "bare runs s": run_s,
            }
            rows.append(row)
            print(f"pair {number + 1}: " + "  ".join(f"{name} {value:.3f}" for name, value in row.items()), flush=True)
    await engine.close()
    print(f"\n{'median of ' + str(options.pairs) + ' pairs':<24}")
    for name in rows[0]:
        values = [row[name] for row in rows]
        print(f"{name:<24}{statistics.median(values):>10.3f}   ({min(values):.3f} to {max(values):.3f})")


async def _ours(
    folder: Path,
    engine: LocalEngine,
    box: Sandbox | None,
    recipe: Callable[..., Any],
    problems: list[Problem],
) -> tuple[float, int]:
    """(wall s, output tokens) of the recipe under driver and ledger."""
    engine._engine.reset_prefix_cache()
    with Ledger(folder) as ledger:
        lab = Lab(engine, ledger, Library(), box, {"temperature": 0.0, "max_tokens": MAX_TOKENS})
        started = time.monotonic()
        progress = await drive(lab, Stage("bench", recipe, problems, in_flight=2 * IN_FLIGHT))
        return time.monotonic() - started, progress.tally.output_tokens


def _bare_llm(settings: LocalSettings) -> Any:
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


def _bare_generate(llm: Any, prompt_ids: list[list[int]]) -> tuple[float, int, list[str]]:
    from vllm import SamplingParams

    llm.reset_prefix_cache()
    params = SamplingParams(temperature=0.0, max_tokens=MAX_TOKENS, stop=["\n```\n"], include_stop_str_in_output=True)
    started = time.monotonic()
    outputs = llm.generate([{"prompt_token_ids": ids} for ids in prompt_ids], params, use_tqdm=False)
    seconds = time.monotonic() - started
    return seconds, sum(len(o.outputs[0].token_ids) for o in outputs), [o.outputs[0].text for o in outputs]


def _bare_runs(texts: list[str], problems: list[Problem], parallel: int) -> float:
    """Wall seconds of plain, unprotected subprocess runs of the programs with their tests."""
    programs = [
        f"{code}\n{problem.tests}" for text, problem in zip(texts, problems, strict=True) if (code := code_block(text))
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
