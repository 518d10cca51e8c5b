"""Rejection sampling stops an answer that can no longer be accepted; what it wrote until there is paid for, kept and replayed."""

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Any

from scripted import ScriptedEngine

from evaluation.benchmarks import BENCHMARKS
from generators.code.rejection_sampling import rejection_sampling
from generators.lab import Lab
from generators.sample import Outcome
from generators.seeds import Problem
from ledger import KINDS, Effect, Ledger
from prompts import Library
from sandbox import Limits, Program, Report, Verdict

PROBLEM = Problem("p", "Write twice(n).", "assert twice(2) == 4\n", "twice")
BROKEN = "```python\ndef twice(n)\n    return 2 * n\n\nprint(twice(2))\n```"
BREAKS = BROKEN.index("    return")
STUCK = "```python\ndef twice(n):\n    return 2 * n\n\n" + "print('twice of two is', twice(2))\n" * 30


class Noting:
    """Stands in for the sandbox: what stands in a program decides."""

    def __init__(self) -> None:
        self.programs: list[str] = []

    def identity(self, language: str) -> str:
        return "noting"

    async def run(self, program: Program, *, limits: Limits | None = None) -> Report:
        self.programs.append(program.code)
        return Report(Verdict.accepted if "2 * n" in program.code else Verdict.test_failure)


def sampled(
    folder: Path, answer: str, prompts: Path | None = None, problem: Problem = PROBLEM, **options: Any
) -> tuple[Outcome, list[Effect], Lab, Noting]:
    box = Noting()

    async def work() -> tuple[Outcome, list[Effect], Lab, Noting]:
        with Ledger(folder) as ledger:
            lab = Lab(ScriptedEngine(lambda *_: answer), ledger, Library([prompts] if prompts else []), box).attempt(0)
            outcome = await rejection_sampling(lab, problem, **options)
            return outcome, list(ledger.effects("ask")), lab, box

    return asyncio.run(work())


def test_an_answer_that_cannot_parse_any_more_is_stopped_there_and_no_sandbox_asked(tmp_path: Path) -> None:
    outcome, [asked], lab, box = sampled(tmp_path, BROKEN)
    assert (outcome.accepted, outcome.reason) == (False, "unparseable")
    assert outcome.sample.completion == BROKEN[:BREAKS]
    assert outcome.sample.detail == "line 1: expected ':'"
    assert not outcome.sample.code  # half a program is no losing side of a pair
    assert asked.output_tokens == lab.tally.output_tokens == BREAKS
    assert "stopped while it was written: unparseable" in KINDS["ask"].headline(asked)
    assert not box.programs


def test_the_stopped_answer_is_replayed_and_none_to_who_wants_it_whole(tmp_path: Path) -> None:
    first, _, _, _ = sampled(tmp_path, BROKEN)
    again, effects, lab, _ = sampled(tmp_path, "asked once more")
    assert (again, lab.tally.replayed, lab.tally.asks) == (first, 1, 0)
    whole, effects, lab, box = sampled(tmp_path, BROKEN, early_cuts=False)
    assert (lab.tally.asks, len(effects), len(box.programs)) == (1, 2, 1)
    assert whole.sample.completion == BROKEN


def test_what_a_revision_may_mend_is_not_stopped(tmp_path: Path) -> None:
    outcome, [first, _], _, box = sampled(tmp_path, BROKEN.replace("2 * n", "n"), revisions=1)
    assert first.result["finish_reason"] == "stop"
    assert (outcome.reason, len(box.programs)) == (Verdict.test_failure, 1)  # the same program twice is run once


def test_where_the_template_does_not_end_an_answer_with_its_block_a_right_one_may_follow_a_broken_one(
    tmp_path: Path,
) -> None:
    ours = Library().get("code/answer").source
    (tmp_path / "prompts" / "code").mkdir(parents=True)
    (tmp_path / "prompts" / "code" / "answer.j2").write_text(ours.replace(', stop: ["\\n```\\n"]', ""))
    both = f"{BROKEN}\n\nNo, that lacks a colon:\n\n```python\ndef twice(n):\n    return 2 * n\n```"
    outcome, [asked], _, _ = sampled(tmp_path / "run", both, tmp_path / "prompts")
    assert asked.result["text"] == both
    assert outcome.accepted


def test_what_stands_before_an_answer_repeats_itself_is_judged_as_if_the_limit_had_ended_it(tmp_path: Path) -> None:
    outcome, [asked], _, box = sampled(tmp_path, STUCK)
    assert asked.result["finish_reason"] == "repeating"
    assert asked.output_tokens < len(STUCK) / 2
    assert outcome.accepted
    assert box.programs[0].startswith("def twice(n):\n    return 2 * n\n")
    prose, _, _, _ = sampled(tmp_path / "prose", "I will write it now. " * 50)
    assert (prose.reason, prose.accepted) == ("repeating", False)


def test_an_evaluation_hears_every_answer_to_its_end(tmp_path: Path) -> None:
    async def work() -> str:
        with Ledger(tmp_path) as ledger:
            lab = Lab(ScriptedEngine(lambda *_: BROKEN), ledger, Library(), Noting()).attempt(0)
            (tests,) = [one for one in BENCHMARKS if one.name == "a problem with tests"]
            await tests.attempt(lab, PROBLEM)
            [asked] = ledger.effects("ask")
            return str(asked.result["text"])

    assert asyncio.run(work()) == BROKEN


def test_what_a_prompt_shows_before_its_function_need_not_be_written_again(tmp_path: Path) -> None:
    problem = replace(PROBLEM, preamble="from typing import List\n\n\ndef once(n: int) -> int:\n    return n")
    answer = "```python\ndef twice(n: List) -> int:\n    return 2 * n\n```"
    outcome, _, _, box = sampled(tmp_path, answer, problem=problem, early_cuts=False)
    assert outcome.accepted and outcome.sample.completion == answer
    assert box.programs == [outcome.sample.code]
    assert box.programs[0].startswith("from typing import List\ndef once(n: int) -> int:\n    return n\n\ndef twice(")
