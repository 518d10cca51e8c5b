"""What a count counts: rows that the SFT set takes."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from scripted import ScriptedEngine

from alignment.data.sets import export
from generators.attempts import Stage
from generators.drive import IN_VAIN, Progress, drive
from generators.lab import Lab
from generators.sample import Outcome, accept
from generators.seeds.load import BadSeedError
from generators.taken import Taken
from ledger import Ledger, Status
from ledger.rows import Row
from prompts import Library
from rows.messages import Message
from rows.sample import Sample

MOST = 3


@dataclass(frozen=True)
class Seed:
    id: str


SEEDS = [Seed(f"s{n}") for n in range(4)]


def numbered(_: str, number: int) -> str:
    return f"answer {number % 5}"


def held(messages: object) -> str:
    return "held" if "answer 0" in str(messages) else ""


async def ask(lab: Lab, seed: Seed) -> Outcome:
    reply = await lab.ask("code/answer", problem=seed.id)
    return accept(completion=reply.text, problem_id=seed.id)


def run(
    folder: Path,
    answer: Callable[[str, int], str],
    target: int,
    seeds: list[Seed] = SEEDS,
    contaminated: Callable[[object], str] = lambda messages: "",
    in_flight: int = 4,
) -> tuple[Progress, int, int]:
    """(progress, requests, rows of the SFT set)"""
    engine, taken = ScriptedEngine(answer, 0.001), Taken(MOST, contaminated)
    with Ledger(folder) as ledger:
        for row in ledger.rows(status=Status.accepted):
            taken.offer(row)
        stage = Stage("x", ask, seeds, target=target, in_flight=in_flight, taken=taken)
        progress = asyncio.run(drive(Lab(engine, ledger, Library()), stage))
        sft = export(ledger, max_per_problem=MOST, pairs_per_problem=1, contaminated=contaminated)[0]
    return progress, engine.calls, sft.rows


@pytest.mark.parametrize("target", [1, 7, 12])
def test_a_count_is_of_rows_that_the_sft_set_holds(tmp_path: Path, target: int) -> None:
    progress, _, exported = run(tmp_path, numbered, target)
    assert (progress.accepted, progress.stopped_by, exported) == (target, "target", target)


def test_a_problem_that_has_all_its_answers_is_asked_no_more(tmp_path: Path) -> None:
    progress, asked, exported = run(tmp_path, numbered, 50)
    assert (progress.accepted, progress.stopped_by, exported) == (12, "seeds", 12)
    assert asked < 60, "four problems of three answers each, and some that were there"


def test_a_seed_that_is_none_holds_no_count_up_whose_other_problems_are_full(tmp_path: Path) -> None:
    class Torn(list[Seed]):
        def __getitem__(self, at):  # type: ignore[no-untyped-def]
            if at == 2:
                raise BadSeedError(2, "no seed")
            return super().__getitem__(at)

    progress, _, exported = run(tmp_path, numbered, 50, Torn(SEEDS))
    assert (progress.accepted, progress.stopped_by, exported) == (9, "seeds", 9)


def test_a_checkpoint_that_has_nothing_new_to_say_is_not_asked_on_and_on(tmp_path: Path) -> None:
    progress, _, exported = run(tmp_path, lambda *_: "always this", 50)
    assert (progress.accepted, progress.stopped_by, exported) == (len(SEEDS), "nothing new", len(SEEDS))
    assert IN_VAIN <= progress.passed_over["duplicate"] < IN_VAIN + 4, "those under way may end together"
    assert progress.to_dict()["passed_over"] == progress.passed_over


def test_what_an_evaluation_holds_counts_for_nothing(tmp_path: Path) -> None:
    progress, _, exported = run(tmp_path, numbered, 8, contaminated=held)
    assert (progress.accepted, exported) == (8, 8)
    assert progress.passed_over["contaminated"] > 0


def test_a_larger_count_goes_on_with_what_was_taken_and_what_was_not(tmp_path: Path) -> None:
    before, _, _ = run(tmp_path, numbered, 5)
    after, _, exported = run(tmp_path, numbered, 11)
    assert (after.accepted, exported) == (11, 11)
    assert after.passed_over.total() >= before.passed_over.total()


def test_a_row_is_taken_if_one_of_its_answers_is_and_labelled_steps_once_however_many_there_are() -> None:
    taken = Taken(2)

    def row(*texts: str, labels: tuple[bool, ...] | None = None) -> Row:
        steps = texts if labels else ()
        sample = Sample(
            problem_id="p", completion=texts[0], more_completions=texts[1:], steps=steps, labels=labels, problem="?"
        )
        return Row("x", 0, Status.accepted, "", "p", sample)

    assert taken.offer(row("one")) == ""
    assert taken.offer(row(" one ")) == "duplicate"
    assert taken.offer(row("one", "two")) == ""
    assert taken.is_full("x", "p") and not taken.is_full("x", "q")
    assert taken.offer(row("three")) == "over_max_per_problem"
    assert taken.offer(row("three", labels=(True,))) == ""
    assert taken.offer(row("three", labels=(False,))) == "duplicate"
    assert taken.offer(row("three", "four", labels=(True, True))) == ""
    assert taken.offer(row("five", labels=())) == "no_steps"
    assert Taken(2, lambda messages: messages[0]["content"]).offer(row("six", labels=(True,))) == "contaminated"


def test_conversations_are_told_apart_by_all_they_say() -> None:
    def row(text: str) -> Row:
        messages: tuple[Message, ...] = ({"role": "user", "content": "q"}, {"role": "assistant", "content": text})
        return Row("x", 0, Status.accepted, "", "s", Sample(problem="q", messages=messages))

    taken = Taken(9)
    assert [taken.offer(row(text)) for text in ("a", "b", "a")] == ["", "", "duplicate"]


def test_problems_of_code_and_of_mathematics_that_share_a_number_are_two() -> None:
    def row(stage: str, text: str) -> Row:
        return Row(stage, 0, Status.accepted, "", "11", Sample(problem_id="11", completion=text))

    taken = Taken(1)
    assert taken.offer(row("code/rejection-sampling", "def f(): ...")) == ""
    assert taken.is_full("code/debugging", "11") and not taken.is_full("math/solutions", "11")
    assert taken.offer(row("math/solutions", "It is 4.")) == ""
    assert taken.offer(row("math/code", "It is 5.")) == "over_max_per_problem"
