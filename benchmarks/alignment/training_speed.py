"""`lab train` against TRL as it comes and at its best setting: the same rows, batches and steps, each in a process of its own.

    python benchmarks/alignment/training_speed.py [--trainings sft,dpo,reward,reward3] [--rows 32] [--repeats 3]

The rows are our own problems with their reference solutions, over a wrong program of each where pairs are trained on; `reward3`
adds a third, better answer, of which TRL makes three pairs. TRL gets bf16, our dtype and batch. As it comes it keeps every other
default; at its best (`BEST`) it recomputes no activation, sorts SFT's rows by length and computes DPO's reference once.
Sides take turns. Seconds are of the whole training, loading and writing included, imports not; memory is the process's peak.
"""

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

SIDES = ("lab", "trl", "trl at its best")
TRAININGS = ("sft", "dpo", "reward", "reward3")
BATCH = 16
BEST: dict[str, dict[str, Any]] = {
    "sft": {"gradient_checkpointing": False, "train_sampling_strategy": "group_by_length"},
    "dpo": {"gradient_checkpointing": False, "precompute_ref_log_probs": True},
    "reward": {"gradient_checkpointing": False},
    "reward3": {"gradient_checkpointing": False},
}
"""What was found fastest of TRL's settings; rows of pairs have no length by which it could sort them."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--trainings", default=",".join(TRAININGS))
    parser.add_argument("--rows", type=int, default=32, help=f"a multiple of {BATCH}")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--side", choices=SIDES, help=argparse.SUPPRESS)
    parser.add_argument("--data", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.side:
        print(json.dumps(_timed(options.side, options.trainings, options.data)))
        return
    for training in options.trainings.split(","):
        with tempfile.TemporaryDirectory() as folder:
            data = Path(folder, "train.jsonl")
            data.write_text("".join(json.dumps(row) + "\n" for row in _rows(training, options.rows)))
            _compare(training, data, options.repeats)


def _compare(training: str, data: Path, repeats: int) -> None:
    found: dict[str, list[dict[str, Any]]] = {side: [] for side in SIDES}
    for repeat in range(repeats):
        for side in SIDES if repeat % 2 == 0 else SIDES[::-1]:
            found[side].append(_measure(side, training, data))
            print(f"{training} {repeat + 1} {side}: {found[side][-1]['seconds']:.1f} s", flush=True)
    print(f"\n{training:<18}{'seconds':>9}{'range':>16}{'MiB':>8}   losses of the last repeat")
    for side in SIDES:
        seconds = [one["seconds"] for one in found[side]]
        losses = ", ".join(f"{loss:.3f}" for loss in found[side][-1]["losses"])
        peak = max(one["peak_mib"] for one in found[side])
        print(
            f"{side:<18}{statistics.median(seconds):>9.1f}{f'{min(seconds):.1f}-{max(seconds):.1f}':>16}{peak:>8.0f}   {losses}"
        )
    for side in SIDES[1:]:
        pairs = list(zip(found[side], found["lab"], strict=True))
        ratios = [theirs["seconds"] / ours["seconds"] for theirs, ours in pairs]
        memory = statistics.median(ours["peak_mib"] / theirs["peak_mib"] for theirs, ours in pairs)
        print(
            f"{training}, {side} / lab: {statistics.median(ratios):.2f} times the seconds "
            f"({min(ratios):.2f}-{max(ratios):.2f}); lab's memory {memory:.2f} of its"
        )
    print(flush=True)


def _rows(training: str, count: int) -> list[dict[str, Any]]:
    from recipes.names import SEEDS

    lines = map(json.loads, (SEEDS / "python-problems.jsonl").read_text().splitlines())
    problems = [line for line in lines if line["split"] == "train" and line["mutants"]][:count]
    return [_row(training, problem) for problem in problems]


def _row(training: str, problem: dict[str, Any]) -> dict[str, Any]:
    prompt = [{"role": "user", "content": problem["prompt"]}]
    right, wrong = (_answer(f"```python\n{code}```") for code in (problem["code"], problem["mutants"][0]))
    if training == "sft":
        return {"messages": prompt + right}
    row = {"prompt": prompt, "chosen": right, "rejected": wrong}
    if training == "reward3":
        better = f"The function below does what was asked.\n\n```python\n{problem['code']}```\n\nIt handles every case of the tests."
        row["edited"] = _answer(better)
    return row


def _answer(text: str) -> list[dict[str, str]]:
    return [{"role": "assistant", "content": text}]


def _measure(side: str, training: str, data: Path) -> dict[str, Any]:
    command = [sys.executable, __file__, "--side", side, "--trainings", training, "--data", str(data)]
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, env={**os.environ, "OMP_WAIT_POLICY": "PASSIVE"}
    )
    if done.returncode:
        sys.exit(done.stderr[-3000:])
    return dict(json.loads(done.stdout.splitlines()[-1]))


def _timed(side: str, training: str, data: Path) -> dict[str, Any]:
    import trl  # noqa: F401 -- what both sides import is no part of either

    with tempfile.TemporaryDirectory() as out:
        train, arguments = (_lab, {}) if side == "lab" else (_trl, BEST[training] if side == SIDES[2] else {})
        begun = time.monotonic()
        losses = train(training, data, Path(out), arguments)
        seconds = time.monotonic() - begun
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"seconds": seconds, "peak_mib": peak, "losses": losses}


def _lab(training: str, data: Path, out: Path, _: dict[str, Any]) -> list[float]:
    from alignment.trainings import training_of
    from checkpoints.directory import find

    kind = training_of(training.removesuffix("3"))
    told = {"epochs": 1, "batch_size": BATCH, "lr": 1e-5}
    if kind.name == "reward":
        told |= {"held_out": 0, "max_similarity": 1.0}
    settings = kind.settings.model_validate(told)
    done = kind.train(find("default"), data, out / "lab", settings, on_progress=lambda _: None)
    return [loss for _, loss in done.losses]


def _trl(training: str, data: Path, out: Path, more: dict[str, Any]) -> list[float]:
    import torch
    import trl
    from datasets import Dataset
    from transformers import AutoModelForSequenceClassification, AutoTokenizer

    from checkpoints.directory import find

    checkpoint, kind = str(find("default")), {"sft": "SFT", "dpo": "DPO"}.get(training, "Reward")
    rows = [json.loads(line) for line in data.read_text().splitlines()]
    batch, per_device = BATCH, 8
    if training == "sft":
        rows = [{"prompt": row["messages"][:1], "completion": row["messages"][1:]} for row in rows]
    elif training == "reward3":  # in TRL's rows two answers are ranked, so of three there are three rows
        names = ("edited", "chosen", "rejected")
        pairs = [(names[better], names[worse]) for better in range(3) for worse in range(better + 1, 3)]
        rows = [
            {"prompt": row["prompt"], "chosen": row[good], "rejected": row[bad]} for row in rows for good, bad in pairs
        ]
        batch *= len(pairs)
    config = getattr(trl, f"{kind}Config")(
        output_dir=str(out / "state"),
        num_train_epochs=1,
        per_device_train_batch_size=per_device,
        gradient_accumulation_steps=batch // per_device,
        learning_rate=1e-5,
        bf16=True,
        use_cpu=not torch.cuda.is_available(),
        logging_steps=1,
        save_strategy="no",
        report_to="none",
        **more,
    )
    tokenizer = AutoTokenizer.from_pretrained(checkpoint)
    model: Any = checkpoint
    if kind == "Reward":
        model = AutoModelForSequenceClassification.from_pretrained(checkpoint, num_labels=1, dtype=torch.float32)
    trainer = getattr(trl, f"{kind}Trainer")(
        model, args=config, train_dataset=Dataset.from_list(rows), processing_class=tokenizer
    )
    trainer.train()
    trainer.save_model(str(out / "trl"))
    return [entry["loss"] for entry in trainer.state.log_history if "loss" in entry]


if __name__ == "__main__":
    main()
