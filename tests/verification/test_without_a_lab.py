"""What decides what is right needs no ledger and no engine: a worker process and something that runs a program."""

import asyncio

from sandbox import Program, Report, Verdict
from verification import workers
from verification.behaviour import observe
from verification.differential import Call
from verification.equality import same


def test_answers_are_compared_by_meaning_in_a_plain_worker_process() -> None:
    async def work() -> list[bool]:
        try:
            pairs = [("(x+1)^2", "x^2+2x+1"), ("x^2", "x^3"), ("1/2", "0.5"), ("", "")]
            return [await same(workers.call, answer, reference) for answer, reference in pairs]
        finally:
            await workers.close()

    assert asyncio.run(work()) == [True, False, True, False]


def test_a_program_that_answers_nothing_has_no_answers() -> None:
    async def run(program: Program) -> Report:
        assert "f" in program.tests
        return Report(Verdict.wall_limit)

    assert asyncio.run(observe(run, "def f(x): ...", [Call("f", (1,))], "f")) == [None]
