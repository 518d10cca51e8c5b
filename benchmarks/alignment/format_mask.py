"""What it gives to leave formatting tokens out of DPO's preference term (Llama 3 paper, section 4.1.4).

    python benchmarks/alignment/format_mask.py OUT --data RUN --problems FILE [--seeds 3] [--ids 511-600] [--set beta=0.05]

The same pairs, seeds and steps with the mask, as `lab train dpo` trains, and without: then the terminator of both answers counts
in the preference term too. Each checkpoint answers the problems, greedily and four times at temperature 0.8; printed are the
shares of answers that repeat themselves and that the token limit cut off, which is what lacks a terminator. Parts that are done
are not done again.
"""

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path
from statistics import mean
from typing import Any

from alignment.child import child_environment

ROOT = Path(__file__).parents[2]
SIDES = ("with", "without")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path)
    parser.add_argument("--data", type=Path, required=True, help="a data set of pairs")
    parser.add_argument("--problems", type=Path, required=True)
    parser.add_argument("--checkpoint", type=Path, help="default: the default checkpoint")
    parser.add_argument("--ids")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--samples", type=int, default=4)
    parser.add_argument("--set", action="append", default=[], dest="sets", metavar="NAME=VALUE")
    parser.add_argument("--train", nargs=2, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.train:
        train(asked, asked.train[0], int(asked.train[1]))
        return
    found: dict[str, list[dict[str, Any]]] = {"start": [answers(asked, "start", asked.checkpoint or Path("default"))]}
    for side in SIDES:
        found[side] = []
        for seed in range(asked.seeds):
            where = asked.out / f"{side}-{seed}"
            if not (where / "training.json").exists():
                command = [sys.executable, __file__, *sys.argv[1:], "--train", side, str(seed)]
                subprocess.run(command, check=True, env={**os.environ, **child_environment()})
            found[side].append(answers(asked, where.name, where))
    print(
        f"\n{'':<9}{'decoding':<10}{'pass@1':>8}{'cut off':>9}{'repeating':>11}{'tokens':>8}   each seed: cut off, repeating"
    )
    for side, runs in found.items():
        for decoding in ("greedy", "sampled"):
            ends = [run[decoding]["endings"] for run in runs]
            each = "  ".join(f"{end['cut']:.1%}, {end['repeating']:.1%}" for end in ends)
            figures = (
                mean(run[decoding]["pass@1"] for run in runs),
                *(mean(e[k] for e in ends) for k in ("cut", "repeating")),
            )
            shown = "".join(f"{figure:>{width}.1%}" for figure, width in zip(figures, (8, 9, 11), strict=True))
            print(f"{side:<9}{decoding:<10}{shown}{mean(end['tokens'] for end in ends):>8.0f}   {each}")


def train(asked: argparse.Namespace, side: str, seed: int) -> None:
    """DPO in this process; `without` has every learned token in the preference term."""
    import torch

    from alignment.trainings import dpo
    from checkpoints.directory import find
    from recipes.reading import tree
    from recipes.trainings import DPO

    if side == "without":
        masked = dpo.pair_collator

        def unmasked(pad_id: int) -> Any:
            collate = masked(pad_id)

            def every_token(rows: list[dict[str, Any]]) -> dict[str, Any]:
                batch = collate(rows)
                batch["preference_mask"] = (batch["labels"][:, 1:] != -100).to(torch.float32)
                return batch

            return every_token

        dpo.pair_collator = unmasked
    wishes: dict[str, Any] = {"seed": seed}
    tree.set_values(wishes, asked.sets, "NAME=VALUE")
    start = find(str(asked.checkpoint or "default"))
    data = asked.data / "data" / "preference" if (asked.data / "data").exists() else asked.data
    dpo.train_dpo(
        start,
        data,
        asked.out / f"{side}-{seed}",
        DPO.model_validate(wishes),
        on_progress=lambda done: print(
            f"{side} {seed}: step {done.step}/{done.total_steps} loss {done.loss:.3f}", flush=True
        ),
    )


def answers(asked: argparse.Namespace, name: str, checkpoint: Path) -> dict[str, Any]:
    command = ["eval", str(checkpoint), "--problems", str(asked.problems), "-n", str(asked.samples), "--json"]
    command += ["--ids", asked.ids] if asked.ids else []
    command += ["-o", str(asked.out / f"eval-{name}"), "--set", "evaluate.max_tokens=256"]
    done = subprocess.run(
        [sys.executable, str(ROOT / "cli.py"), *command], check=True, stdout=subprocess.PIPE, text=True
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


if __name__ == "__main__":
    main()
