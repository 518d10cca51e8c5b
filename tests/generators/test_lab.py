"""What a generator works with: every call is recorded under all that decides its answer, and replayed only while that stands."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from scripted import ScriptedEngine

from generators.lab import Lab
from ledger import KINDS, Ledger
from prompts import Library
from sandbox import Limits, Program, Report, Verdict
from verification import workers

RULE = "from rules.limit import limit\n\n\ndef small(n):\n    return {'small': n < limit()}\n"


def limit(number: int) -> str:
    return f"def limit():\n    return {number}\n"


def check(folder: Path) -> tuple[dict[str, Any], int, int]:
    """(what the checker says of 7, checks made, checks replayed)"""

    async def work() -> tuple[dict[str, Any], int, int]:
        with Ledger(folder) as ledger:
            lab = Lab(ScriptedEngine(lambda *_: ""), ledger, Library())
            try:
                return await lab.check("rules.size:small", n=7), lab.tally.checks, lab.tally.replayed
            finally:
                await workers.close()

    workers.version.cache_clear()  # as a new process would
    return asyncio.run(work())


def test_a_changed_checker_is_asked_again_and_an_unchanged_one_is_replayed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rules = tmp_path / "code" / "rules"
    rules.mkdir(parents=True)
    (rules / "__init__.py").touch()
    (rules / "size.py").write_text(RULE)
    (rules / "limit.py").write_text(limit(10))
    monkeypatch.syspath_prepend(tmp_path / "code")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "code"))
    assert check(tmp_path / "run") == ({"small": True}, 1, 0)
    assert check(tmp_path / "run") == ({"small": True}, 0, 1)
    (rules / "limit.py").write_text(limit(5))  # not the module of the function that is called, but what that one calls
    assert check(tmp_path / "run") == ({"small": False}, 1, 0)


class AllAccepted:
    """Stands in for the sandbox."""

    def identity(self, language: str) -> str:
        return f"accepts all {language}"

    async def run(self, program: Program, *, limits: Limits | None = None) -> Report:
        return Report(Verdict.accepted)


def test_the_request_of_an_effect_has_what_its_kinds_row_says(tmp_path: Path) -> None:
    async def work() -> None:
        with Ledger(tmp_path) as ledger:
            lab = Lab(ScriptedEngine(lambda *_: "x"), ledger, Library(), AllAccepted())
            await lab.ask("code/answer", problem="p")
            await lab.check("verification.equality:equal", answer="1", reference="2")
            await lab.run(Program("x = 1", "assert x"))
            effects = list(ledger.effects())
            assert [effect.kind for effect in effects] == ["ask", "check", "run"]
            for effect in effects:
                assert set(effect.request) == set(KINDS[effect.kind].request)
                assert KINDS[effect.kind].headline(effect)
            await workers.close()

    asyncio.run(work())


def test_of_two_attempts_that_ask_the_same_at_once_one_asks_and_both_have_the_answer_that_is_recorded(
    tmp_path: Path,
) -> None:
    async def work() -> None:
        with Ledger(tmp_path) as ledger:
            engine = ScriptedEngine(lambda _, number: f"answer {number}", 0.01)
            lab = Lab(engine, ledger, Library())
            replies = await asyncio.gather(*(lab.attempt(0).ask("code/answer", problem="p") for _ in range(3)))
            told = [effect.result["text"] for effect in ledger.effects("ask")]
            assert [reply.text for reply in replies] == told * 3 == ["answer 0"] * 3
            assert (engine.calls, lab.tally.asks, lab.tally.replayed) == (1, 1, 2)

    asyncio.run(work())


def test_where_the_one_who_asks_is_stopped_the_one_who_waits_asks(tmp_path: Path) -> None:
    async def work() -> None:
        with Ledger(tmp_path) as ledger:
            engine = ScriptedEngine(lambda _, number: f"answer {number}", 0.01)
            lab = Lab(engine, ledger, Library())
            first, second = (asyncio.create_task(lab.ask("code/answer", problem="p")) for _ in range(2))
            while not engine.calls:
                await asyncio.sleep(0.001)
            first.cancel()
            assert (await second).text == "answer 1"
            assert first.cancelled()

    asyncio.run(work())
