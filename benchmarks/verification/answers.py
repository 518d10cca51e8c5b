"""Labelled pairs of answers in mathematics: how many Lab gets wrong, and how many plain math-verify does.

    python -m benchmarks.verification.answers [--wrong]

Prints a table by kind: false accepts (taken for equal, though different or undecided), false rejects (not taken for equal,
though equal), and of ours how many that are equal or undecided are called different, which would make them losing sides.
"""

import json
import sys
from collections import Counter, defaultdict
from pathlib import Path

PAIRS = Path(__file__).parents[2] / "tests/labelled/mathematics/pairs.jsonl"


def plain_math_verify(answer: str, reference: str) -> bool:
    """math-verify as its page shows it: both parsed as they are, with its own settings."""
    from math_verify import parse, verify

    gold, said = (parse(f"${text.strip().strip('$')}$", parsing_timeout=None) for text in (reference, answer))
    return bool(verify(gold, said, timeout_seconds=None))


def main() -> None:
    """Compare every pair both ways of asking, and print the counts."""
    from verification.equality import equal

    rows = [json.loads(line) for line in PAIRS.read_text(encoding="utf-8").splitlines()]
    counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for row in rows:
        ours = equal(row["answer"], row["reference"])["equal"]
        try:
            theirs = plain_math_verify(row["answer"], row["reference"])
        except Exception:  # it may raise anything on text that is no formula
            theirs = False
        for kind in (row["kind"], "all"):
            count = counts[kind]
            count[row["label"]] += 1
            for name, said in (("ours", ours), ("theirs", theirs)):
                count[f"{name} accepts"] += bool(said) and row["label"] != "equal"
                count[f"{name} rejects"] += not said and row["label"] == "equal"
            count["blamed"] += ours is False and row["label"] != "different"
        if "--wrong" in sys.argv and {True: "equal", False: "different", None: "undecided"}[ours] != row["label"]:
            print(row, ours)
    print("| kind | equal, different, undecided | Lab: false accepts | false rejects | wrongly different ", end="")
    print("| math-verify: false accepts | false rejects |\n|---|---:|---:|---:|---:|---:|---:|")
    for kind, count in sorted(counts.items(), key=lambda item: item[0] == "all"):
        labels = ", ".join(str(count[label]) for label in ("equal", "different", "undecided"))
        figures = (
            count[name] for name in ("ours accepts", "ours rejects", "blamed", "theirs accepts", "theirs rejects")
        )
        print(f"| {kind} | {labels} | {' | '.join(map(str, figures))} |")


if __name__ == "__main__":
    main()
