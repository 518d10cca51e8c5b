"""`lab train sft` against TRL's SFTTrainer as it comes: the same rows, batches and steps, each in a process of its own.

    python benchmarks/alignment/training_speed.py [--rows 48] [--repeats 3]

The rows are our own problems with their reference solutions. TRL gets bf16 and our batch shape and keeps its other
defaults; the sides alternate. Tokens are those of the rendered conversations, without padding.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

SIDES = ("lab", "trl")
BATCH, MICRO = 16, 4


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=48, help=f"a multiple of {BATCH}")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--side", choices=SIDES, help=argparse.SUPPRESS)
    parser.add_argument("--data", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.side:
        print(json.dumps((_lab if options.side == "lab" else _trl)(options.data)))
        return
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder, "train.parquet")
        _write_rows(data, options.rows)
        found: dict[str, list[dict[str, Any]]] = {side: [] for side in SIDES}
        for repeat in range(options.repeats):
            for side in SIDES if repeat % 2 == 0 else SIDES[::-1]:
                found[side].append(_measure(side, data))
                print(f"{repeat + 1} {side:<4} {found[side][-1]['tokens_per_s']:.0f} tokens/s", flush=True)
    print(f"\n{'':<6}{'tokens/s':>10}{'range':>16}   losses of the last repeat")
    for side in SIDES:
        speeds = [one["tokens_per_s"] for one in found[side]]
        losses = ", ".join(f"{loss:.3f}" for loss in found[side][-1]["losses"])
        print(f"{side:<6}{statistics.median(speeds):>10.0f}{f'{min(speeds):.0f}-{max(speeds):.0f}':>16}   {losses}")
    ratios = [a["tokens_per_s"] / b["tokens_per_s"] for a, b in zip(*found.values(), strict=True)]
    print(f"lab / trl: {statistics.median(ratios):.2f} ({min(ratios):.2f}-{max(ratios):.2f})")


def _write_rows(path: Path, count: int) -> None:
    from datasets import Dataset

    from generators.seeds.kinds import SEEDS
    from generators.seeds.load import load_problems

    lines = (SEEDS / "python-problems.jsonl").read_text().splitlines()
    solutions = {row["task_id"]: row["code"] for row in map(json.loads, lines)}
    problems = load_problems(SEEDS / "python-problems.jsonl", split="train").items[:count]
    rows = [
        [
            {"role": "user", "content": problem.prompt},
            {"role": "assistant", "content": f"```python\n{solutions[problem.id]}```"},
        ]
        for problem in problems
    ]
    Dataset.from_list([{"messages": messages} for messages in rows]).to_parquet(path)


def _measure(side: str, data: Path) -> dict[str, Any]:
    command = [sys.executable, __file__, "--side", side, "--data", str(data)]
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, env={**os.environ, "OMP_WAIT_POLICY": "PASSIVE"}
    )
    if done.returncode:
        sys.exit(done.stderr[-3000:])
    return dict(json.loads(done.stdout.splitlines()[-1]))


def _lab(data: Path) -> dict[str, Any]:
    from alignment.trainings.sft import train_sft
    from checkpoints.directory import find
    from recipes.schema import SFT

    with tempfile.TemporaryDirectory() as out:
        done = train_sft(
            find("default"), data, Path(out, "sft"), SFT(epochs=1, batch_size=BATCH), on_progress=lambda _: None
        )
    return {"tokens_per_s": done.tokens_per_s, "losses": [loss for _, loss in done.losses]}


def _trl(data: Path) -> dict[str, Any]:
    import torch
    from datasets import load_dataset
    from transformers import AutoTokenizer
    from trl import SFTConfig, SFTTrainer

    from checkpoints.directory import find

    checkpoint = str(find("default"))
    rows = load_dataset("parquet", data_files=str(data), split="train")
    pairs = rows.map(
        lambda row: {"prompt": row["messages"][:1], "completion": row["messages"][1:]}, remove_columns=["messages"]
    )
    tokenizer = AutoTokenizer.from_pretrained(checkpoint)
    tokens = sum(len(tokenizer.apply_chat_template(row["messages"])["input_ids"]) for row in rows)
    with tempfile.TemporaryDirectory() as out:
        config = SFTConfig(
            output_dir=out,
            num_train_epochs=1,
            per_device_train_batch_size=MICRO,
            gradient_accumulation_steps=BATCH // MICRO,
            bf16=True,
            use_cpu=not torch.cuda.is_available(),
            logging_steps=1,
            save_strategy="no",
            report_to="none",
        )
        trainer = SFTTrainer(checkpoint, config, train_dataset=pairs)
        seconds = trainer.train().metrics["train_runtime"]
        losses = [entry["loss"] for entry in trainer.state.log_history if "loss" in entry]
    return {"tokens_per_s": tokens / seconds, "losses": losses}


if __name__ == "__main__":
    main()
