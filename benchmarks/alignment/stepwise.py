"""Does a stepwise reward model know more of a step than its position? Trained on a checkpoint's own steps, judged on other questions.

    python benchmarks/alignment/stepwise.py OUT --gsm8k gsm8k/train.jsonl [--rows 200] [--samples 6] [--max-seconds 420] [--set lr=5e-5]

`math/steps` labels solutions of our easy questions (`--samples` each as many times as fit) and of the first `--rows` of GSM8K; our medium and hard
ones are left for `benchmarks/generators/mcts.py --stepwise-model OUT/stepwise`. Then `lab train stepwise`, a quarter of the questions held
out. Every step is a command of `lab`, so the same line goes on where it was stopped.
"""

import argparse
import json
import random
import subprocess
import sys
from pathlib import Path

from recipes.names import SEEDS

LAB = [sys.executable, str(Path(__file__).resolve().parents[2] / "cli.py")]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path)
    parser.add_argument("--gsm8k", type=Path, required=True)
    parser.add_argument("--rows", type=int, default=200, help="of GSM8K, from its beginning")
    parser.add_argument("--samples", type=int, default=6, help="solutions of each question of ours; one of GSM8K's")
    parser.add_argument("--max-seconds", type=float, default=420, help="of generation")
    parser.add_argument("--checkpoint", default="default")
    parser.add_argument("--set", action="append", default=[], help="of `lab train stepwise`")
    options = parser.parse_args()
    out: Path = options.out
    out.mkdir(parents=True, exist_ok=True)
    ours = [json.loads(line) for line in (SEEDS / "math-problems.jsonl").read_text().splitlines()]
    easy = [row for row in ours if row["difficulty"] == "easy"]
    more = [{**row, "task_id": f"{row['task_id']}/{n}"} for n in range(options.samples) for row in easy]
    theirs = options.gsm8k.read_text().splitlines()[: options.rows]
    seeds = out / "seeds.jsonl"
    rows = [*map(json.dumps, more), *theirs]
    random.Random(0).shuffle(rows)  # of both, however early the time is over
    seeds.write_text("".join(f"{row}\n" for row in rows))
    run, model = out / "run", out / "stepwise"
    generate = ["generate", "math/steps", "--checkpoint", options.checkpoint, "--seeds", str(seeds), "--out", str(run)]
    lab(*generate, "--max-seconds", str(options.max_seconds))
    sets = [part for value in ("held_out=0.25", *options.set) for part in ("--set", value)]
    lab("train", "stepwise", options.checkpoint, "--data", str(run), "--out", str(model), *sets)
    metrics = json.loads((model / "training.json").read_text())["result"]["metrics"]
    found = {name.removeprefix("held_out/"): points[-1][1] for name, points in metrics.items() if "held_out/" in name}
    print(f"\n{found['rows']:.0f} answers with {found['steps']:.0f} steps held out")
    print(f"{'':<14}{'model':>8}{'position':>10}")
    for name in ("accuracy", "auc", "first_error", "no_error"):
        told = [found.get(key) for key in (name, f"position/{name}")]
        print(f"{name:<14}{''.join(f'{value:>9.3f}' if value is not None else '        -' for value in told)}")
    print(f"accuracy 95% {found['accuracy/low']:.3f} to {found['accuracy/high']:.3f}")


def lab(*words: str) -> None:
    """One command of ours, whose output passes through; ends this script where it fails."""
    if ended := subprocess.run([*LAB, *words], check=False).returncode:
        sys.exit(ended)


if __name__ == "__main__":
    main()
