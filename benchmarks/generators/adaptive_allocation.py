"""What `--adaptive` gives for its tokens, beside as many samples of every problem: on answers that a checkpoint really gave.

    lab generate code/rejection-sampling --problems mbpp-601-720.jsonl --samples 24 --out POOL
    python benchmarks/generators/adaptive_allocation.py POOL [--samples 8] [--seeds 5] [--in-flight 64]

POOL holds many judged answers to each problem. For every seed each problem's answers are put into another order, of which both
sides draw from the front: uniform takes `--samples` of each, adaptive what `generators.attempts.Adaptive` asks for, with so many
answers under way at once. Adaptive may draw up to three times the samples, so the pool should hold as many.
"""

import argparse
import random
import statistics
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from generators.attempts import FAR, Adaptive, Stage, in_turn
from generators.taken import Taken
from ledger import Ledger, Row, Status

MOST = 4
"""Answers that the SFT set takes of one problem (`data.max_per_problem`)."""


@dataclass(frozen=True)
class Drawn:
    """What one side got."""

    tokens: int
    rows: int
    """Distinct accepted answers that the SFT set takes."""
    solved: frozenset[str]

    @property
    def rows_per_million(self) -> float:
        return 1e6 * self.rows / self.tokens

    @property
    def solved_per_million(self) -> float:
        return 1e6 * len(self.solved) / self.tokens


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pool", type=Path)
    parser.add_argument("--samples", type=int, default=8)
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--in-flight", type=int, default=64)
    asked = parser.parse_args()
    answers = pool(asked.pool)
    held = min(map(len, answers.values()))
    print(
        f"{len(answers)} problems, {held} answers each at least; {asked.samples} samples, at most {asked.samples * FAR}"
    )
    ratios: list[tuple[float, float]] = []
    for seed in range(asked.seeds):
        shuffled = [random.Random(f"{seed} {name}").sample(given, len(given)) for name, given in answers.items()]
        uniform, adaptive = (draw(shuffled, asked.samples, way, asked.in_flight) for way in (False, True))
        ratios.append(
            (
                adaptive.rows_per_million / uniform.rows_per_million,
                adaptive.solved_per_million / uniform.solved_per_million,
            )
        )
        for name, found in (("uniform", uniform), ("adaptive", adaptive)):
            print(f"seed {seed} {name:<9} {found.tokens:>8,} tokens {found.rows:>5} rows {len(found.solved):>4} solved")
        print(f"       solved by uniform alone: {len(uniform.solved - adaptive.solved)}")
    for place, what in enumerate(("distinct accepted rows", "problems solved")):
        of_seeds = [ratio[place] for ratio in ratios]
        print(
            f"{what} a million tokens, adaptive / uniform: {statistics.median(of_seeds):.2f} "
            f"({min(of_seeds):.2f} to {max(of_seeds):.2f})"
        )


def pool(run: Path) -> dict[str, list[tuple[Row, int]]]:
    """problem -> its answers, each with the output tokens that it took."""
    found: dict[str, list[tuple[Row, int]]] = {}
    with Ledger(run, readonly=True) as ledger:
        for row in ledger.rows():
            effects = [ledger.effect(key) for key in row.effects]
            tokens = sum(effect.output_tokens for effect in effects if effect and effect.kind == "ask")
            found.setdefault(row.seed_id, []).append((row, tokens))
    return found


def draw(answers: list[list[tuple[Row, int]]], samples: int, adaptive: bool, in_flight: int) -> Drawn:
    """The answers that one side draws, told of each when those before it have ended."""
    taken = Taken(MOST)
    stage = Stage("pool", _nobody, answers, samples, taken=Taken(MOST), adaptive=adaptive)
    attempts = Adaptive(stage, []) if adaptive else in_turn(stage, ())
    tokens = rows = 0
    solved: set[str] = set()
    for row, cost in _ended(stage, attempts, answers, in_flight):
        tokens += cost
        if row.status is Status.accepted:
            rows += not taken.offer(row)
            solved.add(row.seed_id)
        if isinstance(attempts, Adaptive):
            attempts.ended(row)
    return Drawn(tokens, rows, frozenset(solved))


def _ended(
    stage: Stage, attempts: Iterator[int], answers: list[list[tuple[Row, int]]], in_flight: int
) -> Iterable[tuple[Row, int]]:
    under_way: deque[int] = deque()
    while True:
        while len(under_way) < in_flight and (attempt := next(attempts, None)) is not None:
            under_way.append(attempt)
        if not under_way:
            return
        attempt = under_way.popleft()
        seed, sample = stage.place_of(attempt)
        row, cost = answers[seed][sample % len(answers[seed])]
        yield replace(row, attempt=attempt), cost


async def _nobody(*_: Any) -> Any:
    raise AssertionError("the answers are there already")


if __name__ == "__main__":
    main()
