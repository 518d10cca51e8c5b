"""Trainings killed with SIGKILL at random steps and resumed each time, beside the same trainings never killed.

    python benchmarks/alignment/kill_training.py [--kills 5] [--steps 12] [--checkpoint default]

SFT and DPO of the same few rows, a state saved after every step, on one core. What is killed is the command with the
process that trains. Reported: steps made twice or never, the largest difference of a loss and of a weight. Exit code 1
where a step is missing, a loss differs by more than 0.1% or a training that was killed started over.
"""

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

WORDS = ("red", "blue", "green", "dog", "cat", "sun", "tree", "sea")
LIKE = 1e-3


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=5, help="for each training")
    parser.add_argument("--steps", type=int, default=12)
    parser.add_argument("--checkpoint", default="default")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--train", nargs=3, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.train:
        _train(*options.train, options.steps, options.checkpoint)
        return
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})  # what trains inherits it
    pick = random.Random(options.seed)
    failed = False
    with tempfile.TemporaryDirectory() as folder:
        for name in ("sft", "dpo"):
            data = _rows(Path(folder, f"{name}.parquet"), name)
            whole = _run(name, data, Path(folder, name, "whole"), options, [])
            kills = [pick.randint(1, max(1, options.steps // 3)) for _ in range(options.kills)]
            cut = _run(name, data, Path(folder, name, "cut"), options, kills)
            found = _compare(whole, cut)
            print(f"\n{name}\n" + "\n".join(f"  {key:<44}{value}" for key, value in found.items()), flush=True)
            loss = found["largest relative difference of a loss"]
            failed |= bool(found["steps missing"] or found["started over"]) or loss > LIKE
    sys.exit(failed)


def _run(name: str, data: Path, out: Path, options: Any, kills: list[int]) -> dict[str, Any]:
    """One training to its end; each of `kills` ends a start after so many steps of it."""
    out.mkdir(parents=True)
    command = [sys.executable, __file__, "--train", name, str(data), str(out)]
    command += ["--steps", str(options.steps), "--checkpoint", options.checkpoint]
    seen: list[int] = []
    over, done, result = 0, 0, None
    for after in [*kills, None]:
        firsts: list[int] = []
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, start_new_session=True) as child:
            assert child.stdout is not None
            for line in child.stdout:
                told = json.loads(line)
                if "step" not in told:
                    result = told
                    continue
                firsts.append(told["step"])
                if after is not None and len(firsts) >= after and result is None:
                    os.killpg(child.pid, signal.SIGKILL)  # this command's own session: it, and what trains for it
                    done += 1
                    break
        over += bool(seen) and firsts[:1] == [1]
        seen += firsts
        if result is not None:
            break
    if result is None:
        sys.exit(f"{name}: it did not end")
    print(f"{name}: {done} kills, steps {seen}", flush=True)
    return {**result, "seen": seen, "over": over, "kills": done, "out": out}


def _train(name: str, data: str, out: str, steps: int, checkpoint: str) -> None:
    from alignment.child import run_in_subprocess
    from checkpoints.directory import find
    from recipes.trainings import DPO, SFT

    job = {"sft": SFT, "dpo": DPO}[name](max_steps=steps, batch_size=2, save_every_s=0)
    result = run_in_subprocess(
        name,
        find(checkpoint),
        Path(data),
        Path(out),
        job,
        on_progress=lambda progress: print(json.dumps({"step": progress.step}), flush=True),
    )
    print(json.dumps({"losses": result.losses, "tokens": result.tokens}), flush=True)


def _compare(whole: dict[str, Any], cut: dict[str, Any]) -> dict[str, Any]:
    from safetensors.torch import load_file

    one, other = (load_file(side["out"] / "model.safetensors") for side in (whole, cut))
    weight = max(float((one[key].float() - other[key].float()).abs().max()) for key in one)
    losses = [dict(map(tuple, side["losses"])) for side in (whole, cut)]
    loss = max(abs(losses[1].get(step, 0.0) - value) / max(abs(value), 1e-9) for step, value in losses[0].items())
    return {
        "kills": cut["kills"],
        "steps": len(losses[0]),
        "steps missing": len(losses[0].keys() - losses[1].keys()),
        "steps made twice": len(cut["seen"]) - len(set(cut["seen"])),
        "started over": cut["over"],
        "tokens, never killed and killed": f"{whole['tokens']} {cut['tokens']}",
        "largest relative difference of a loss": loss,
        "largest difference of a weight": weight,
    }


def _rows(path: Path, name: str) -> Path:
    import pyarrow
    import pyarrow.parquet

    def user(text: str) -> list[dict[str, str]]:
        return [{"role": "user", "content": text}]

    def assistant(text: str) -> list[dict[str, str]]:
        return [{"role": "assistant", "content": text}]

    rows: list[dict[str, Any]] = []
    for number, word in enumerate(WORDS):
        asked, said = user(f"Say {word}."), assistant(f"{word} " * (number + 1))
        if name == "sft":
            rows.append({"messages": asked + said})
        else:
            rows.append({"prompt": asked, "chosen": said, "rejected": assistant("no")})
    pyarrow.parquet.write_table(pyarrow.Table.from_pylist(rows), path)
    return path


if __name__ == "__main__":
    main()
