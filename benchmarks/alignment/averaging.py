"""The mean of eight checkpoints, ours beside mergekit's `linear`: time, peak memory, and how far each is from the float64 mean.

    python benchmarks/alignment/averaging.py --mergekit VENV [--checkpoint default] [--count 8] [--pairs 3] [--dtype bfloat16]

`--mergekit` is a virtual environment of its own that holds mergekit 0.1.5. Each side is a process that is started anew, in turn;
seconds and memory are those of the process, its start and imports included. The checkpoints are the given one with noise.
"""

import argparse
import json
import shutil
import statistics
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mergekit", type=Path, required=True, help="a virtual environment with mergekit")
    parser.add_argument("--checkpoint", default="default")
    parser.add_argument("--count", type=int, default=8)
    parser.add_argument("--pairs", type=int, default=3)
    parser.add_argument("--dtype", default="bfloat16", choices=("bfloat16", "float32"))
    parser.add_argument("--folder", type=Path, default=Path("/tmp/lab-averaging"))
    asked = parser.parse_args()
    shutil.rmtree(asked.folder, ignore_errors=True)
    parts = variants(asked.checkpoint, asked.folder, asked.count, asked.dtype)
    config = asked.folder / "linear.yaml"
    models = "".join(f"  - model: {part}\n    parameters:\n      weight: 1.0\n" for part in parts)
    config.write_text(f"merge_method: linear\ndtype: {asked.dtype}\nmodels:\n{models}")
    ours, theirs = asked.folder / "ours", asked.folder / "theirs"
    lab = [sys.executable, "-m", "cli", "train", "average", *map(str, parts), "--out", str(ours), "--json"]
    mergekit = [str(asked.mergekit / "bin" / "mergekit-yaml"), str(config), str(theirs), "--lazy-unpickle"]
    found: dict[str, list[tuple[float, float]]] = {"ours": [], "mergekit": []}
    for _ in range(asked.pairs):
        for name, command, out in (("ours", lab, ours), ("mergekit", mergekit, theirs)):
            shutil.rmtree(out, ignore_errors=True)
            found[name].append(measured(command))
    for name, runs in found.items():
        seconds, peak = ([run[part] for run in runs] for part in (0, 1))
        print(
            f"{name}: {statistics.median(seconds):.1f} s ({min(seconds):.1f} to {max(seconds):.1f}), {max(peak):,.0f} MiB"
        )
    for part, what in ((0, "time"), (1, "peak memory")):
        pairs = zip(found["ours"], found["mergekit"], strict=True)
        print(f"{what}, ours / mergekit: {statistics.median(one[part] / two[part] for one, two in pairs):.2f}")
    print(json.dumps({name: differing(parts, out) for name, out in (("ours", ours), ("mergekit", theirs))}))


def variants(checkpoint: str, folder: Path, count: int, dtype: str) -> list[Path]:
    import torch
    from safetensors.torch import load_file, save_file

    sys.path.insert(0, str(ROOT))
    from checkpoints.directory import find

    start = find(checkpoint)
    made = []
    for number in range(count):
        part = folder / f"part{number}"
        shutil.copytree(start, part)
        chance = torch.Generator().manual_seed(number)
        for file in part.glob("*.safetensors"):
            held = load_file(file)
            noisy = {name: w.float() + 0.01 * torch.randn(w.shape, generator=chance) for name, w in held.items()}
            save_file({name: w.to(getattr(torch, dtype)) for name, w in noisy.items()}, file, metadata={"format": "pt"})
        made.append(part)
    return made


MEASURE = """
import os, subprocess, sys, time
started = time.monotonic()
child = subprocess.Popen(sys.argv[1:], stdout=subprocess.DEVNULL)
_, status, used = os.wait4(child.pid, 0)
print(time.monotonic() - started, used.ru_maxrss / 1024)
sys.exit(bool(status))
"""
"""In a small process of its own: a child's peak begins with what its parent holds."""


def measured(command: list[str]) -> tuple[float, float]:
    """Seconds, and MiB at the most that the process held at once."""
    said = subprocess.run([sys.executable, "-c", MEASURE, *command], cwd=ROOT, capture_output=True, text=True)
    if said.returncode:
        raise SystemExit(f"{command[0]} failed: {said.stderr[-2000:]}")
    seconds, peak = map(float, said.stdout.split())
    return seconds, peak


def differing(parts: list[Path], out: Path) -> dict[str, Any]:
    """How many numbers of `out` are others than the float64 mean, rounded to float32 and then to their type."""
    from safetensors import safe_open

    others = total = 0
    (file,) = out.glob("*.safetensors")
    with safe_open(file, framework="pt") as made:
        sources = [safe_open(next(part.glob("*.safetensors")), framework="pt") for part in parts]
        for name in sorted(made.keys()):
            mean = sum(source.get_tensor(name).double() for source in sources) / len(parts)
            found = made.get_tensor(name)
            others += int((found != mean.float().to(found.dtype)).sum())
            total += found.numel()
    return {"numbers": total, "other than the float64 mean": others}


if __name__ == "__main__":
    main()
