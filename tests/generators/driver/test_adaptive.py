"""Answers go where they help, and no problem has fewer than it would have in turn without one of them being right."""

import asyncio
import random
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scripted import ScriptedEngine

from generators.attempts import Adaptive, Drawn, Stage, worth
from generators.drive import Progress, drive
from generators.lab import Lab
from generators.reasons import Shared
from generators.sample import Outcome, accept, reject
from generators.seeds.load import BadSeedError
from generators.taken import Taken
from ledger import Ledger, Status
from ledger.rows import Row
from prompts import Library
from recipes.schema import Budget
from rows.sample import Sample

MOST, SAMPLES = 4, 6


@dataclass(frozen=True)
class Problem:
    id: str
    rate: float
    different: bool = True


PROBLEMS = [
    *(Problem(f"easy{n}", 1.0) for n in range(6)),
    *(Problem(f"half{n}", 0.4) for n in range(6)),
    *(Problem(f"never{n}", 0.0) for n in range(12)),
    Problem("same", 1.0, different=False),
]


async def attempt(lab: Lab, problem: Problem) -> Outcome:
    """Solved by a draw of its own, alike however often it is made."""
    await lab.ask("code/answer", problem=f"{problem.id} {lab.sample}")
    text = f"answer {lab.sample if problem.different else 0}"
    right = random.Random(f"{problem.id} {lab.sample}").random() < problem.rate
    found = {"completion": text, "code": text, "problem_id": problem.id}
    return accept(**found) if right else reject("test_failure", **found)


def run(folder: Path, adaptive: bool, **more: Any) -> tuple[Progress, list[Row]]:
    engine = more.pop("engine", None) or ScriptedEngine(lambda *_: "x", 0.001)
    stage = Stage(
        "x", attempt, more.pop("seeds", PROBLEMS), SAMPLES, in_flight=8, taken=Taken(MOST), adaptive=adaptive, **more
    )
    with Ledger(folder) as ledger:
        progress = asyncio.run(drive(Lab(engine, ledger, Library()), stage))
        return progress, list(ledger.rows("x"))


def solved(rows: list[Row]) -> set[str]:
    return {row.seed_id for row in rows if row.status is Status.accepted}


def kept(rows: list[Row]) -> int:
    taken = Taken(MOST)
    return sum(not taken.offer(row) for row in rows if row.status is Status.accepted)


def test_more_rows_come_of_an_answer_and_no_problem_is_lost(tmp_path: Path) -> None:
    _, uniform = run(tmp_path / "uniform", adaptive=False)
    _, adaptive = run(tmp_path / "adaptive", adaptive=True)
    assert solved(uniform) <= solved(adaptive)
    assert kept(adaptive) / len(adaptive) > 1.05 * kept(uniform) / len(uniform)


def test_each_problem_stops_when_it_has_its_answers_or_nothing_comes_of_it(tmp_path: Path) -> None:
    _, rows = run(tmp_path, adaptive=True)
    tries = Counter(row.seed_id for row in rows)
    assert all(tries[problem.id] == SAMPLES for problem in PROBLEMS if not problem.rate)
    assert all(tries[problem.id] == MOST for problem in PROBLEMS if problem.id.startswith("easy"))
    assert tries["same"] <= SAMPLES * 3
    assert max(tries[problem.id] for problem in PROBLEMS if problem.rate == 0.4) > SAMPLES, "what passes draws on"


@pytest.mark.parametrize("stop_at", [1, 30, 100])
def test_a_stage_that_was_stopped_goes_on_and_makes_no_attempt_twice(tmp_path: Path, stop_at: int) -> None:
    engine = ScriptedEngine(lambda *_: "x", 0.001)
    run(tmp_path, True, engine=engine, target=stop_at)
    before = engine.calls
    _, rows = run(tmp_path, adaptive=True, engine=engine)
    assert len({row.attempt for row in rows}) == len(rows)
    assert engine.calls - before <= len(rows)
    assert all(Counter(row.seed_id for row in rows)[f"never{n}"] >= SAMPLES for n in range(12))


def test_a_count_is_met_beyond_the_samples(tmp_path: Path) -> None:
    seeds = [Problem("rare", 0.1), Problem("never", 0.0)]
    progress, rows = run(tmp_path, adaptive=True, seeds=seeds, target=3)
    assert progress.stopped_by == "target"
    assert Counter(row.seed_id for row in rows)["rare"] > SAMPLES


@pytest.mark.parametrize(
    ("attempts", "target", "most"), [(5, None, 5), (10_000, None, 8), (None, None, 8), (5, 3, 5), (None, 3, None)]
)
def test_no_more_attempts_are_foretold_than_its_budget_allows(
    attempts: int | None, target: int | None, most: int | None
) -> None:
    budget = Budget(attempts=attempts)
    stage = Stage("x", attempt, PROBLEMS[:2], 4, target, budget, taken=Taken(MOST), adaptive=True)
    assert Adaptive(stage, []).total == most
    assert replace(stage, adaptive=False).total == most


def test_a_seed_that_is_none_is_told_once() -> None:
    class Seeds(list[Problem]):
        def __getitem__(self, at: Any) -> Any:
            if at == 0:
                raise BadSeedError("s0", "no such text")
            return super().__getitem__(at)

    stage = Stage("x", attempt, Seeds(PROBLEMS[:2]), SAMPLES, taken=Taken(MOST), adaptive=True)
    attempts = Adaptive(stage, [])
    first = [next(attempts), next(attempts)]
    attempts.ended(Row("x", 0, Status.rejected, Shared.bad_seed, "s0", Sample()))
    assert sorted(stage.place_of(n)[0] for n in first) == [0, 1]
    assert {stage.place_of(n)[0] for n in attempts} == {1}


@given(st.integers(0, 50), st.integers(0, 50), st.integers(0, 5))
def test_an_answer_is_worth_more_after_one_that_passed_and_less_after_one_that_failed(
    failed: int, passed: int, repeats: int
) -> None:
    most, samples = 60, 100
    now = Drawn(failed + passed + repeats, 0, passed + repeats, passed)
    after = [worth(Drawn(now.tried + 1, 0, now.passed + good, now.kept + good), most, samples) for good in (0, 1)]
    assert after[0] < worth(now, most, samples) < after[1]


@given(st.lists(st.integers(1, 5), min_size=1, max_size=4), st.integers(1, 6), st.integers(0, 400))
def test_an_attempt_is_found_by_its_seed_and_sample_in_any_laps(laps: list[int], seeds: int, number: int) -> None:
    stage = Stage("x", attempt, PROBLEMS[:seeds], samples=sum(laps), laps=tuple(laps))
    assert stage.attempt_of(*stage.place_of(number)) == number
