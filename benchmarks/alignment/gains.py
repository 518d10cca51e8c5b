"""Does a checkpoint get better by what it wrote itself, on problems that nobody here wrote or tuned on?

    python benchmarks/alignment/gains.py OUT --mbxp mbpp_release_v1.jsonl [--rounds 2] [--seeds 3] [--samples 8]

`lab rounds` on MBPP's training problems (601-974) and ours: each round samples answers that pass their tests, SFT learns them and
DPO the pairs; what is promoted is decided by problems 511-600. Then SFT and DPO of each round are trained again under other
seeds, and every checkpoint is held to the test problems (11-510), greedily and by `--samples` answers at 0.6. Nothing is chosen by
these. Left out of the training problems are those whose reference solution fails, and those that nearly are a test problem: with
the same solution, or most of the same words. A row that holds a test problem is left out besides (`data.decontaminate`).

Each part is a command of Lab that goes on where it was stopped, so this does too. Printed: pass@1 of each checkpoint, and of each
kind over its seeds against the start and against the kind before it, paired by problem.
"""

import argparse
import json
import re
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from evaluation import Decoding, compare_rates, stage_name
from ledger import Ledger, Status

ROOT = Path(__file__).parents[2]
OURS = ROOT / "recipes" / "seeds" / "python-problems.jsonl"
SPLITS = {"train": range(601, 975), "validation": range(511, 601), "test": range(11, 511)}
FAILS_ITSELF = {601, 607, 631, 642, 899, 927, 966, 967}
TEMPERATURE = 0.6
PPO = ("canaries=1", "lr=1e-5", "max_tokens=192", "redraws=1", "batch_size=6", "samples=6")
TWINS = 0.8
"""Share of the words two problems have in common from which on they are one."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path)
    parser.add_argument("--mbxp", type=Path, required=True, help="mbpp_release_v1.jsonl of MBXP")
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--seeds", type=int, default=3, help="of each training")
    parser.add_argument("--samples", type=int, default=8, help="of each test problem, beside the greedy answer")
    parser.add_argument("--draws", type=int, default=12, help="answers to each training problem")
    parser.add_argument(
        "--ppo", type=int, default=0, help="steps of PPO that the first round's SFT goes through besides"
    )
    parser.add_argument("--set", action="append", default=[], help="of the recipe, such as train.sft.lr=1e-5")
    asked = parser.parse_args()
    out = asked.out.resolve()
    out.mkdir(parents=True, exist_ok=True)
    split(asked.mbxp, out)
    (out / "recipe.yaml").write_text(yaml.safe_dump(recipe(out, asked.rounds, asked.draws)), encoding="utf-8")
    settings = [part for value in asked.set for part in ("--set", value)]
    lab("rounds", str(out / "recipe.yaml"), "-o", str(out / "rounds"), *settings)
    checkpoints = {"start": "default"}
    for number in range(1, asked.rounds + 1):
        checkpoints |= trained(out, number, asked.seeds, asked.set)
    if asked.ppo:
        checkpoints["round-1/ppo"] = ppo(out, asked.ppo)
    for name, where in checkpoints.items():
        test(out, name, where, asked.samples)
    show(out, list(checkpoints))


def split(mbxp: Path, out: Path) -> None:
    """Write the three files of problems."""
    rows = {int(row["task_id"].split("/")[1]): row for row in map(json.loads, mbxp.read_text("utf-8").splitlines())}
    judged = [rows[number] for name in ("validation", "test") for number in SPLITS[name] if number in rows]
    solutions, words = {solution(row) for row in judged}, [words_of(row) for row in judged]
    for name, numbers in SPLITS.items():
        found = [number for number in numbers if number in rows]
        if name == "train":
            twins = {
                n for n in found if solution(rows[n]) in solutions or any(alike(words_of(rows[n]), w) for w in words)
            }
            found = [number for number in found if number not in FAILS_ITSELF | twins]
            print(f"training problems: {len(found)}; left out as near a test or validation problem: {sorted(twins)}")
        lines = (json.dumps(rows[number]) for number in found)
        (out / f"{name}.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")

    ours = [line for line in OURS.read_text("utf-8").splitlines() if json.loads(line)["split"] == "train"]
    (out / "ours.jsonl").write_text("\n".join(ours) + "\n", encoding="utf-8")
    mbpp = [json.dumps(as_mbpp(json.loads(line))) for line in (out / "train.jsonl").read_text("utf-8").splitlines()]
    (out / "ppo.jsonl").write_text("\n".join(mbpp + ours) + "\n", encoding="utf-8")


def as_mbpp(row: Mapping[str, Any]) -> dict[str, Any]:
    """MBXP's row with its tests as top-level assertions, of which PPO can hold some out."""
    asserts = [line.strip() for line in row["test"].splitlines() if line.startswith("    assert ")]
    return {
        "task_id": row["task_id"],
        "text": row["description"],
        "entry_point": row["entry_point"],
        "code": row["prompt"] + row["canonical_solution"] + "\n",
        "test_list": [re.sub(r"\bcandidate\b", row["entry_point"], line) for line in asserts],
    }


def solution(row: Mapping[str, Any]) -> str:
    return "".join(row["canonical_solution"].split())


def words_of(row: Mapping[str, Any]) -> set[str]:
    """Of the sentence that asks, without the examples and without what most of them begin with."""
    asked: str = row["prompt"].partition('"""')[2].partition(">>>")[0].lower()
    return set(re.findall(r"\w+", asked)) - {
        "write",
        "a",
        "python",
        "function",
        "to",
        "find",
        "the",
        "of",
        "from",
        "in",
        "given",
    }


def alike(one: set[str], other: set[str]) -> bool:
    return len(one & other) >= TWINS * len(one | other)


def recipe(out: Path, rounds: int, draws: int) -> dict[str, Any]:
    return {
        "name": "gains",
        "rounds": {"count": rounds},
        "serving": {"max_model_len": 2048, "max_in_flight": 96},
        "generate": [
            {
                "generator": "code/rejection-sampling",
                "seeds": [str(out / "train.jsonl"), str(out / "ours.jsonl")],
                "samples": draws,
                "allocation": "adaptive",
                "sampling": {"temperature": 0.5, "max_tokens": 256},
            },
        ],
        "data": {"max_per_problem": 3, "pairs_per_problem": 2, "decontaminate": [str(out / "test.jsonl")]},
        "train": {
            "sft": {"epochs": 2, "lr": 3e-5, "batch_size": 8},
            "dpo": {"epochs": 1, "lr": 1e-5, "batch_size": 4},
        },
        "evaluate": [
            {
                "problems": str(out / "validation.jsonl"),
                "samples": 4,
                "temperature": TEMPERATURE,
                "max_tokens": 256,
            }
        ],
    }


def trained(out: Path, number: int, seeds: int, asked_for: Sequence[str]) -> dict[str, str]:
    """name -> the checkpoint, of each training of a round under each seed; the first is the round's own."""
    run = out / "rounds" / f"round-{number}"
    settings = yaml.safe_load((out / "recipe.yaml").read_text(encoding="utf-8"))["train"]
    found = {f"round-{number}/{kind}": str(run / "checkpoints" / kind) for kind in settings}
    for seed in range(1, seeds):
        start = "default"
        for kind, data in (("sft", "sft"), ("dpo", "preference")):
            where = out / "seeds" / f"round-{number}-{kind}-{seed}"
            values = [part for name, value in settings[kind].items() for part in ("--set", f"{name}={value}")]
            mine = f"train.{kind}."
            values += [p for one in asked_for if one.startswith(mine) for p in ("--set", one.removeprefix(mine))]
            data_set = str(run / "data" / data)
            lab("train", kind, start, "--data", data_set, "-o", str(where), *values, "--set", f"seed={seed}")
            found[f"round-{number}/{kind}@{seed}"] = start = str(where)
    return found


def ppo(out: Path, steps: int) -> str:
    """PPO of the first round's SFT, on the problems of which the start solved some answers and not all: others say little."""
    run = out / "rounds" / "round-1"
    accepted: dict[str, list[bool]] = {}
    with Ledger(run, readonly=True) as ledger:
        for row in ledger.rows("code/rejection-sampling"):
            accepted.setdefault(row.seed_id, []).append(row.status is Status.accepted)
    sometimes = {problem for problem, right in accepted.items() if any(right) and not all(right)}
    lines = (out / "ppo.jsonl").read_text("utf-8").splitlines(keepends=True)
    problems = out / "sometimes.jsonl"
    problems.write_text("".join(line for line in lines if json.loads(line)["task_id"] in sometimes), encoding="utf-8")
    settings = [part for value in (f"max_steps={steps}", *PPO) for part in ("--set", value)]
    lab("train", "ppo", str(run / "checkpoints" / "sft"), "--data", str(problems), "-o", str(out / "ppo"), *settings)
    return str(out / "ppo")


def test(out: Path, name: str, checkpoint: str, samples: int) -> None:
    wanted = ["--problems", str(out / "test.jsonl"), "-n", str(samples), "--temperature", str(TEMPERATURE)]
    lab("eval", checkpoint, *wanted, "-o", str(place(out, name)), "--set", "evaluate.max_tokens=256")


def place(out: Path, name: str) -> Path:
    return out / "test" / name.replace("/", "-")


def lab(*arguments: str) -> None:
    """Run a command of this checkout, its progress shown; ends this program where it fails."""
    print("lab", *arguments, flush=True)
    subprocess.run([sys.executable, str(ROOT / "cli.py"), *arguments], check=True)


def show(out: Path, names: Sequence[str]) -> None:
    kinds: dict[str, list[str]] = {}
    for name in names:
        kinds.setdefault(name.partition("@")[0], []).append(name)
    for decoding in Decoding:
        rates = {name: rates_of(place(out, name), decoding) for name in names}
        print(f"\n{decoding}, {len(rates['start'])} problems")
        for name in names:
            print(f"  {name:<16} {sum(rates[name].values()) / len(rates[name]):6.1%}")
        means = {kind: mean([rates[name] for name in found]) for kind, found in kinds.items()}
        for before, after in pairs(list(kinds)):
            found = compare_rates(means[before], means[after])
            low, high = found.interval
            print(
                f"  {after} over its {len(kinds[after])} seeds against {before}: {found.difference:+.1%} "
                f"({low:+.1%} to {high:+.1%}, p = {found.p_value:.2g}; {found.better} problems more often right, {found.worse} less)"
            )


def pairs(kinds: list[str]) -> list[tuple[str, str]]:
    """Each against the start, DPO and PPO against their round's SFT, and a round's training against that of the round before."""
    found = [("start", kind) for kind in kinds[1:]]
    found += [(f"{kind[:-3]}sft", kind) for kind in kinds if kind.endswith(("dpo", "ppo"))]
    of_rounds = [kind for kind in kinds[1:] if not kind.endswith("ppo")]
    return found + [(before, after) for before, after in zip(of_rounds, of_rounds[2:], strict=False)]


def mean(rates: Sequence[Mapping[str, float]]) -> dict[str, float]:
    return {problem: sum(rate[problem] for rate in rates) / len(rates) for problem in rates[0]}


def rates_of(run: Path, decoding: Decoding) -> dict[str, float]:
    """problem -> share of its answers that are right."""
    found: dict[str, list[bool]] = {}
    with Ledger(run, readonly=True) as ledger:
        for row in ledger.rows(stage_name("start", "test", decoding)):
            found.setdefault(row.seed_id, []).append(row.status is Status.accepted)
    return {problem: sum(right) / len(right) for problem, right in found.items()}


if __name__ == "__main__":
    main()
