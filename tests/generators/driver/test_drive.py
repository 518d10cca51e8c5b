"""The driver: exactly N rows, honest budgets, nothing paid for twice, nothing lost."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from scripted import ScriptedEngine

from generators.attempts import Stage
from generators.drive import Progress, drive
from generators.lab import Lab
from generators.sample import Outcome, accept, reject
from ledger import Ledger, Status, facts
from prompts import Library
from recipes.schema import Budget
from serving import ServingError


@dataclass(frozen=True)
class Seed:
    id: str
    text: str


SEEDS = [Seed(f"s{n}", f"seed {n}") for n in range(7)]


async def ask_once(lab: Lab, seed: Seed) -> Outcome:
    reply = await lab.ask("code/answer", problem=seed.text)
    return accept(completion=reply.text) if "good" in reply.text else reject("bad", completion=reply.text)


def run(folder: Path, engine: ScriptedEngine, stage: Stage) -> Progress:
    with Ledger(folder) as ledger:
        return asyncio.run(drive(Lab(engine, ledger, Library()), stage))


def every_third(_: str, number: int) -> str:
    return "good" if number % 3 == 0 else "bad"


@pytest.mark.parametrize("target", [1, 5, 50])
def test_a_stage_ends_with_exactly_the_rows_asked_for(tmp_path: Path, target: int) -> None:
    engine = ScriptedEngine(every_third)
    progress = run(tmp_path, engine, Stage("x", ask_once, SEEDS, target=target, in_flight=16))
    assert (progress.accepted, progress.stopped_by) == (target, "target")
    with Ledger(tmp_path, readonly=True) as ledger:
        assert len(list(ledger.rows("x", Status.accepted))) == target
        assert len(list(ledger.rows("x"))) == progress.done


def test_rows_that_come_in_past_the_target_are_kept_and_counted(tmp_path: Path) -> None:
    progress = run(
        tmp_path, ScriptedEngine(lambda *_: "good", 0.01), Stage("x", ask_once, SEEDS, target=4, in_flight=16)
    )
    assert progress.accepted == 4
    with Ledger(tmp_path, readonly=True) as ledger:
        assert len(list(ledger.rows("x", Status.surplus))) == progress.surplus


def test_without_a_target_every_seed_gets_its_samples_side_by_side(tmp_path: Path) -> None:
    stage = Stage("x", ask_once, SEEDS, samples=3)
    progress = run(tmp_path, ScriptedEngine(every_third), stage)
    assert progress.done == 21
    assert [stage.seed_of(n) for n in (0, 1, 2, 3)] == [(SEEDS[0], 0), (SEEDS[0], 1), (SEEDS[0], 2), (SEEDS[1], 0)]


@pytest.mark.parametrize("laps", [(3,), (3, 2), (1, 1, 4), (2, 2)])
def test_grown_samples_keep_the_number_of_every_attempt_and_each_seed_has_each_sample_once(
    laps: tuple[int, ...],
) -> None:
    grown = Stage("x", ask_once, SEEDS, samples=sum(laps), laps=laps)
    begun = Stage("x", ask_once, SEEDS, samples=laps[0])
    assert begun.total and grown.total
    assert [grown.seed_of(n) for n in range(begun.total)] == [begun.seed_of(n) for n in range(begun.total)]
    told = [(seed.id, sample) for seed, sample in map(grown.seed_of, range(grown.total))]
    assert sorted(told) == [(seed.id, n) for seed in SEEDS for n in range(sum(laps))]
    assert grown.seed_of(grown.total) == (SEEDS[0], sum(laps)), "a count goes on past the laps"


@pytest.mark.parametrize(
    ("budget", "reason"),
    [
        (Budget(attempts=10), "budget: attempts"),
        (Budget(tokens=30), "budget: tokens"),
        (Budget(seconds=0.2), "budget: seconds"),
    ],
)
def test_a_budget_stops_the_stage_and_is_named(tmp_path: Path, budget: Budget, reason: str) -> None:
    stage = Stage("x", ask_once, SEEDS, target=10, budget=budget, in_flight=4)
    progress = run(tmp_path, ScriptedEngine(lambda *_: "bad", 0.005), stage)
    assert (progress.accepted, progress.stopped_by) == (0, reason)
    if budget.attempts:
        assert progress.done == 10


def test_a_stage_goes_on_where_it_stopped_without_asking_again(tmp_path: Path) -> None:
    engine = ScriptedEngine(every_third)
    run(tmp_path, engine, Stage("x", ask_once, SEEDS, target=5, in_flight=4))
    before = engine.calls
    again = run(tmp_path, engine, Stage("x", ask_once, SEEDS, target=5, in_flight=4))
    assert (again.accepted, again.resumed, engine.calls) == (5, again.done, before)
    more = run(tmp_path, engine, Stage("x", ask_once, SEEDS, target=9, in_flight=4))
    assert more.accepted == 9


def test_attempts_with_recorded_effects_replay_them(tmp_path: Path) -> None:
    engine = ScriptedEngine(every_third)
    run(tmp_path, engine, Stage("x", ask_once, SEEDS, samples=2))
    replayed = run(tmp_path, engine, Stage("another name", ask_once, SEEDS, samples=2))
    assert (engine.calls, replayed.tally.replayed, replayed.done) == (14, 14, 14)


def test_a_dead_engine_ends_the_run_with_its_error_and_keeps_what_was_done(tmp_path: Path) -> None:
    def dying(_: str, number: int) -> str:
        if number == 10:
            raise ServingError("vLLM stopped")
        return "good"

    with pytest.raises(ServingError, match="vLLM stopped"):
        run(tmp_path, ScriptedEngine(dying), Stage("x", ask_once, SEEDS, samples=5, in_flight=2))
    with Ledger(tmp_path) as ledger:
        assert len(ledger.attempts("x")) >= 9
        assert (ledger.read(facts.SECONDS, "x") or 0) > 0


def test_a_prompt_too_long_for_the_context_is_that_rows_rejection_alone(tmp_path: Path) -> None:
    seeds = [*SEEDS, Seed("long", "x" * 5000)]
    progress = run(tmp_path, ScriptedEngine(lambda *_: "good"), Stage("x", ask_once, seeds))
    assert (progress.accepted, progress.rejected) == (7, {"prompt_too_long": 1})


def test_a_cut_short_completion_is_gone_on_with_from_its_journal(tmp_path: Path) -> None:
    async def interrupted() -> None:
        with Ledger(tmp_path) as ledger:
            lab = Lab(ScriptedEngine(lambda *_: "good", 60), ledger, Library())
            task = asyncio.create_task(lab.ask("code/answer", problem="p"))
            await asyncio.sleep(0.1)
            task.cancel()

    asyncio.run(interrupted())
    engine = ScriptedEngine(lambda *_: "good")

    async def resumed() -> None:
        with Ledger(tmp_path) as ledger:
            await Lab(engine, ledger, Library()).ask("code/answer", problem="p")

    asyncio.run(resumed())
    assert engine.prefixes == [[0]]


def killed_at(number: int) -> Callable[[str, int], str]:
    """Ends as by kill -9 for who recorded the stage: what only a clean end writes is not written."""

    def answer(_: str, call: int) -> str:
        if call == number:
            raise KeyboardInterrupt
        return "bad"

    return answer


def test_budgets_count_what_killed_processes_had_spent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stage = Stage("x", ask_once, SEEDS, target=10, budget=Budget(tokens=30), in_flight=1)
    record = Ledger.record

    async def not_at_the_end(self: Ledger, fact: Any, value: Any, subject: str = "") -> None:
        if fact not in (facts.STAGE,):
            await record(self, fact, value, subject)

    monkeypatch.setattr(Ledger, "record", not_at_the_end)
    calls = 0
    for _ in range(20):
        engine = ScriptedEngine(killed_at(3))
        try:
            progress = run(tmp_path, engine, stage)
        except KeyboardInterrupt:
            calls += 3
            continue
        calls += engine.calls
        break
    assert progress.stopped_by == "budget: tokens"
    assert calls == 10  # of three tokens each
    with Ledger(tmp_path, readonly=True) as ledger:
        assert ledger.read(facts.SPENT, "x") == 30


def test_a_stage_broken_off_leaves_figures_of_all_its_rows(tmp_path: Path) -> None:
    async def broken_off(ledger: Ledger) -> None:
        def watch(progress: Progress) -> None:
            if progress.done > 9:
                raise KeyboardInterrupt

        engine = ScriptedEngine(every_third)
        with pytest.raises(KeyboardInterrupt):
            await drive(Lab(engine, ledger, Library()), Stage("x", ask_once, SEEDS, samples=9, in_flight=4), watch)

    with Ledger(tmp_path) as ledger:
        asyncio.run(broken_off(ledger))
        live = ledger.read(facts.LIVE, "x")
        assert live and live["attempts"] == len(ledger.attempts("x")) > 9 and live["in_flight"] > 0
