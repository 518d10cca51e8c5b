"""What `--adaptive` and early cuts give for their tokens, beside as many samples of every problem: on answers that a checkpoint
really gave.

    lab generate code/rejection-sampling --problems mbpp-601-720.jsonl --samples 24 --option early_cuts=false --out POOL
    python benchmarks/generators/adaptive_allocation.py POOL [--samples 8] [--seeds 5] [--in-flight 64]

POOL holds many judged answers to each problem, written to their end; where a cut would have stopped one, it costs the tokens until
there, by the checkpoint's tokenizer, and is accepted no more. For every seed each problem's answers are put into another order, of
which all sides draw from the front: uniform takes `--samples` of each, adaptive what `generators.attempts.Adaptive` asks for, with
so many answers under way at once. Adaptive may draw up to three times the samples, so the pool should hold as many.
"""

import argparse
import random
import statistics
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from checkpoints.directory import find
from checkpoints.files import read_tokenizer
from generators.attempts import FAR, Adaptive, Stage, in_turn
from generators.taken import Taken
from ledger import Ledger, Row, Status, facts
from serving.engine import CUT_EVERY
from verification.unfinished.cuts import REASONS, reason_to_stop

STAGE = "code/rejection-sampling"
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
    stopped = with_cuts(answers, asked.pool)
    told(answers, stopped)
    sides = {"uniform": (answers, False), "adaptive": (answers, True), "uniform, cuts": (stopped, False)}
    sides["adaptive, cuts"] = stopped, True
    found: dict[str, list[Drawn]] = {name: [] for name in sides}
    for seed in range(asked.seeds):
        for name, (given, adaptive) in sides.items():
            shuffled = [random.Random(f"{seed} {key}").sample(each, len(each)) for key, each in given.items()]
            drawn = draw(shuffled, asked.samples, adaptive, asked.in_flight)
            found[name].append(drawn)
            alone = len(found["uniform"][seed].solved - drawn.solved)
            print(
                f"seed {seed} {name:<14} {drawn.tokens:>8,} tokens {drawn.rows:>5} rows {len(drawn.solved):>4} solved, "
                f"{alone} by uniform alone"
            )
    for name in [name for name in sides if name != "uniform"]:
        for what in ("rows_per_million", "solved_per_million"):
            ratios = [getattr(a, what) / getattr(b, what) for a, b in zip(found[name], found["uniform"], strict=True)]
            print(f"{what}, {name} / uniform: {statistics.median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f})")


Answers = dict[str, list[tuple[Row, int]]]
"""problem -> its answers, each with the output tokens that it took."""


def with_cuts(answers: Answers, run: Path) -> Answers:
    """The same, each as it would be if it had been stopped where it could no longer be accepted."""
    with Ledger(run, readonly=True) as ledger:
        hosted = ledger.read(facts.CHECKPOINT)
        assert hosted, f"{run}: no checkpoint"
        tokenizer = read_tokenizer(find(hosted["path"]))

        def stopped(row: Row, tokens: int) -> tuple[Row, int]:
            text = next(e.result["text"] for key in row.effects if (e := ledger.effect(key)) and e.kind == "ask")
            ends = [end for _, end in tokenizer(text, return_offsets_mapping=True).offset_mapping]
            for at in range(CUT_EVERY, min(tokens, len(ends)), CUT_EVERY):
                if reason := reason_to_stop(text[: ends[at - 1]], row.sample.programming_language or "python"):
                    return replace(row, status=Status.rejected, reason=reason), at
            return row, tokens

        return {name: [stopped(row, tokens) for row, tokens in each if row.effects] for name, each in answers.items()}


def told(answers: Answers, stopped: Answers) -> None:
    """Print what cuts would have saved of the whole pool, and whether they would have lost anything."""
    pairs = [pair for name in answers for pair in zip(answers[name], stopped[name], strict=True)]
    before, after = (sum(pair[side][1] for pair in pairs) for side in (0, 1))
    cut = [was for (was, _), (now, _) in pairs if now.reason in REASONS]
    lost = sum(was.status is Status.accepted for was in cut)
    print(
        f"of {len(pairs):,} answers {len(cut):,} would have been cut, {before - after:,} of {before:,} tokens saved "
        f"({1 - after / before:.1%}); accepted answers among them: {lost}"
    )


def pool(run: Path) -> Answers:
    """The judged answers of a run."""
    found: Answers = {}
    with Ledger(run, readonly=True) as ledger:
        for row in ledger.rows(STAGE):
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
