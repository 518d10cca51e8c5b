"""vLLM's decoding speed on this CPU in bfloat16 and in float32: what `checkpoints.precision` decides between.

    python benchmarks/serving/serving_precision.py [--repeats 2] [--tokens 64]

The default checkpoint in Lab's own engine, 8 and 64 requests of so many new tokens together; the formats alternate,
each in a process of its own.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

FORMATS, TOGETHER = ("bfloat16", "float32"), (8, 64)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repeats", type=int, default=2)
    parser.add_argument("--tokens", type=int, default=64, help="new tokens of a request")
    parser.add_argument("--worker", choices=FORMATS, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.worker:
        _decode(options.worker, options.tokens)
        return
    found: dict[str, list[dict[str, float]]] = {name: [] for name in FORMATS}
    for _ in range(options.repeats):
        for name in FORMATS:
            command = [sys.executable, __file__, "--worker", name, "--tokens", str(options.tokens)]
            environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
            done = subprocess.run(command, stdout=subprocess.PIPE, text=True, env=environment, check=True)
            found[name].append(json.loads(done.stdout.splitlines()[-1]))
    print(f"{'tokens/s':<12}" + "".join(f"{f'{n} requests':>22}" for n in TOGETHER))
    for name, runs in found.items():
        cells = []
        for n in TOGETHER:
            speeds = [run[str(n)] for run in runs]
            cells.append(f"{statistics.median(speeds):.0f} ({min(speeds):.0f}-{max(speeds):.0f})")
        print(f"{name:<12}" + "".join(f"{cell:>22}" for cell in cells))


def _decode(name: str, tokens: int) -> None:
    from checkpoints.default import make_default
    from recipes.schema import Serving
    from serving import launch

    settings = Serving(max_model_len=1024, max_in_flight=max(TOGETHER), kv_cache_gb=1)
    launch.prepare_environment(settings)
    launch.compute_dtype = lambda: name  # type: ignore[assignment,return-value]
    engine = launch.start_vllm(make_default(lambda _: None), settings, lambda _: None)

    from vllm import SamplingParams

    speeds = {}
    for n in TOGETHER:
        for number in range(n):
            prompt = f"Write a Python function that adds {number} to its argument.\n"
            engine.add_request(f"{n}-{number}", prompt, SamplingParams(max_tokens=tokens, ignore_eos=True))
        began = time.perf_counter()
        while engine.has_unfinished_requests():
            engine.step()
        speeds[n] = n * tokens / (time.perf_counter() - began)
    print(json.dumps(speeds), flush=True)
    launch.stop_vllm(engine)


if __name__ == "__main__":
    main()
