"""Which attempt a stage makes next: each seed in turn, or where another answer is likely to help (section 4.2.2 draws K for all).

Both number the attempts alike, and what has ended so far decides: a resumed stage needs nothing but its rows.
"""

from __future__ import annotations

import heapq
import sys
from collections.abc import Awaitable, Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from generators.lab import Lab
from generators.reasons import Shared
from generators.sample import Outcome
from generators.seeds.load import BadSeedError
from generators.taken import TARGET_MET, Taken
from ledger import Row, Status
from recipes.schema import Budget

UNBOUNDED = Budget()
Generator = Callable[[Lab, Any], Awaitable[Outcome]]


@dataclass(frozen=True)
class Stage:
    """One generator over its seeds: `samples` attempts for each seed in turn, then round again until the target is met."""

    name: str
    generator: Generator
    seeds: Sequence[Any]
    samples: int = 1
    target: int | None = None
    """Accepted rows to stop at; None runs `samples` attempts of every seed once."""
    budget: Budget = UNBOUNDED
    in_flight: int = 128
    laps: tuple[int, ...] = ()
    """Samples of each lap over the seeds, where they grew since the run began; the last one repeats."""
    taken: Taken | None = None
    """By which a row counts for the target; without it all that hold do."""
    adaptive: bool = False
    """Whether answers go where they help (`Adaptive`), which `taken` tells, or each seed has as many."""

    @property
    def total(self) -> int | None:
        """The number of attempts where it is fixed: one round when there is no target, else what the budget allows."""
        rounds = len(self.seeds) * self.samples if self.target is None else None
        return _least(rounds, self.budget.attempts)

    def seed_of(self, attempt: int) -> tuple[Any, int]:
        """The seed of an attempt and its sample number."""
        seed, sample = self.place_of(attempt)
        return self.seeds[seed], sample

    def place_of(self, attempt: int) -> tuple[int, int]:
        """(which seed, sample number) of an attempt. Samples of one seed are neighbours: they share a cached prefix."""
        before, width = 0, self.samples
        for width in self.laps:
            if attempt < len(self.seeds) * width:
                break
            attempt -= len(self.seeds) * width
            before += width
        lap, within = divmod(attempt, len(self.seeds) * width)
        return within // width, before + lap * width + within % width

    def attempt_of(self, seed: int, sample: int) -> int:
        """The attempt that is a seed's sample of that number: the other way of `place_of`."""
        before, width = 0, self.samples
        for width in self.laps:
            if sample < width:
                break
            sample -= width
            before += len(self.seeds) * width
        lap, within = divmod(sample, width)
        return before + lap * len(self.seeds) * width + seed * width + within


def in_turn(stage: Stage, ended: Collection[int]) -> Iterator[int]:
    """The attempts that have not `ended`, lowest first, up to the stage's total: each seed has as many. Those at a problem that has
    all the answers that count are passed over, until they all have.
    """
    lap = len(stage.seeds) * max(stage.samples, *stage.laps, 1)
    attempt = passed = in_a_row = 0
    while (stage.total is None or attempt - passed < stage.total) and in_a_row < max(lap, 1):
        if attempt in ended:
            in_a_row = 0
        elif _is_full(stage, attempt):
            passed, in_a_row = passed + 1, in_a_row + 1
        else:
            in_a_row = 0
            yield attempt
        attempt += 1


def _is_full(stage: Stage, attempt: int) -> bool:
    """Whether no row of the attempt can count. A seed that is no seed is told once where others are passed over."""
    if stage.target is None or stage.taken is None or not stage.taken.filled:
        return False
    try:
        return stage.taken.is_full(stage.name, stage.seed_of(attempt)[0].id)
    except BadSeedError:
        return attempt >= len(stage.seeds) * stage.samples


def _least(*limits: int | None) -> int | None:
    """Of those that there are."""
    return min((limit for limit in limits if limit is not None), default=None)


PRIOR = (0.2, 1.0)
"""Passes and failures that a problem counts as having had: most of a set are solved often or never."""
FAR = 3
"""Times the samples of a seed that one problem may draw, where an answer to it has passed."""


@dataclass
class Drawn:
    """What one problem has drawn so far."""

    tried: int = 0
    """Answers under way included: they count as failed until they end."""
    under_way: int = 0
    passed: int = 0
    kept: int = 0
    """Of those that passed the ones that a data set takes."""


def worth(drawn: Drawn, most: int, samples: int) -> float:
    """The rows that another answer is expected to give: the problem's pass rate so far, times the share of answers that passed
    and were new. Zero where those under way may be the last of the `most` that the set takes, and past the `samples` that every
    problem has: of one that nothing solved at once, of others at `FAR` times as many.
    """
    limit = samples * FAR if drawn.passed else samples
    if drawn.kept + drawn.under_way >= most or drawn.tried >= limit:
        return 0.0
    passes, failures = PRIOR
    rate = (drawn.passed + passes) / (drawn.tried + passes + failures)
    return rate * (drawn.kept + 1) / (drawn.passed + 1)


class Adaptive(Iterator[int]):
    """The attempts of a stage, the one of most worth first; told of each that ends. Where there is none it may have one later.

    A problem gives up none of its own samples but by having all its rows, so whatever is solved in turn is solved.
    """

    def __init__(self, stage: Stage, rows: Iterable[Row], again: Collection[int] = ()) -> None:
        """`rows` are those of an earlier process; the attempts `again` are made once more."""
        assert stage.taken, "what a data set takes decides which problems stop drawing"
        self._stage, self._taken = stage, stage.taken
        self._own = stage.samples if stage.target is None else sys.maxsize
        self._drawn = [Drawn() for _ in stage.seeds]
        self._next = [0] * len(stage.seeds)
        self._ended: set[int] = set()
        self._made, self._promised = 0, self._own * len(stage.seeds)
        self._queue: list[tuple[float, int]] = []
        """(-worth, seed); an entry that is no longer so is passed over."""
        for row in rows:
            if row.attempt not in again:
                self._ended.add(row.attempt)
                self._draw(stage.place_of(row.attempt)[0])
                self.ended(row)
        for seed in range(len(stage.seeds)):
            self._put(seed)

    @property
    def total(self) -> int | None:
        """Attempts that there will be, as far as it looks: with a target at most, and otherwise at least, as the budget allows."""
        promised = self._made + self._promised if self._stage.target is None else None
        return _least(promised, self._stage.budget.attempts)

    def ended(self, row: Row) -> None:
        """Take in what an attempt came to."""
        seed = self._stage.place_of(row.attempt)[0]
        drawn, before = self._drawn[seed], self._own_of(seed)
        drawn.under_way -= 1
        if row.status is Status.accepted or (row.status is Status.surplus and row.reason != TARGET_MET):
            drawn.passed += 1
            counts = row.status is Status.accepted
            # With a target the driver has offered the row already: one that no set takes is a surplus.
            drawn.kept += counts and (self._stage.target is not None or not self._taken.offer(row))
        elif row.reason == Shared.bad_seed:
            drawn.tried = sys.maxsize
        self._promised += self._own_of(seed) - before
        self._put(seed)

    def __next__(self) -> int:
        while self._queue and (self._stage.budget.attempts is None or self._made < self._stage.budget.attempts):
            known, seed = heapq.heappop(self._queue)
            if -known != self._worth(seed):
                continue
            while (attempt := self._stage.attempt_of(seed, self._next[seed])) in self._ended:
                self._next[seed] += 1
            self._next[seed] += 1
            self._draw(seed)
            self._put(seed)
            return attempt
        raise StopIteration

    def _draw(self, seed: int) -> None:
        before = self._own_of(seed)
        self._drawn[seed].tried += 1
        self._drawn[seed].under_way += 1
        self._made += 1
        self._promised += self._own_of(seed) - before

    def _own_of(self, seed: int) -> int:
        """How many answers of its own a problem may still draw."""
        drawn = self._drawn[seed]
        return max(0, self._own - drawn.tried) if drawn.kept < self._taken.max_per_problem else 0

    def _worth(self, seed: int) -> float:
        return worth(self._drawn[seed], self._taken.max_per_problem, self._own)

    def _put(self, seed: int) -> None:
        if now := self._worth(seed):
            heapq.heappush(self._queue, (-now, seed))
