"""The hard-prompt guard speaks up when a filter removes prompts by difficulty, and is silent when it removes by chance."""

import asyncio
from pathlib import Path

from generators.quality.guard import guard
from ledger import Ledger, facts
from ledger.rows import Row, Status
from report import gather, write_html
from rows.sample import Sample

STAGE = "code/rejection-sampling"


def run(folder: Path, removed: dict[str, int], total: int = 40) -> Ledger:
    async def write() -> None:
        with Ledger(folder) as ledger:
            number = 0
            for level, count in removed.items():
                for index in range(total):
                    bad = index < count
                    made = Sample(difficulty=level, passed_tests=bad, problem="p", code=str(index))
                    status = Status.rejected if bad else Status.accepted
                    reason = "judge_style" if bad else ""
                    await ledger.record_row(Row(STAGE, number, status, reason, f"{level}/{index // 2}", made))
                    number += 1
            await ledger.record(facts.GUARD, guard(ledger, STAGE), STAGE)

    asyncio.run(write())
    return Ledger(folder, readonly=True)


def test_a_filter_that_takes_the_hard_ones_raises_an_alarm_with_its_mend(tmp_path: Path) -> None:
    with run(tmp_path, {"easy": 4, "hard": 30}) as ledger:
        found = guard(ledger, STAGE)
        write_html(gather(ledger), tmp_path / "report.html")
    assert "removes 75% of the passing answers to hard problems and 10% of the others" in found["alarm"]
    assert "(15 hard problems are lost whole)" in found["alarm"]
    assert "revisions=2" in found["alarm"]
    assert "Passing answers that a filter removed" in (tmp_path / "report.html").read_text()


def test_a_filter_that_takes_alike_from_all_raises_none(tmp_path: Path) -> None:
    with run(tmp_path, {"easy": 10, "medium": 11, "hard": 12}) as ledger:
        assert "alarm" not in guard(ledger, STAGE)


def test_without_a_filter_there_is_nothing_to_say(tmp_path: Path) -> None:
    with run(tmp_path, {"easy": 0, "hard": 0}) as ledger:
        assert guard(ledger, STAGE) == {}
