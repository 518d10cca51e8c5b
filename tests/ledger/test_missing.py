"""What is said of an attempt without a row, by what ended its stage and whether the run is done."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from ledger import Ledger, LedgerError, facts
from ledger.rows import Row, Status
from rows.sample import Sample


@pytest.mark.parametrize(
    ("stopped_by", "attempt", "why"),
    [
        ("target", 2, "enough rows were accepted while the attempt was under way"),
        ("target", 9, "enough rows were accepted before the attempt was begun, or ended"),
        ("budget: seconds", 9, "its budget of seconds was spent before"),
    ],
)
def test_of_an_attempt_without_a_row_the_end_of_its_stage_is_told_and_that_the_run_is_done(
    stopped_by: str, attempt: int, why: str, tmp_path: Path
) -> None:
    figures: Any = {"accepted": 2, "attempts": 3, "output_tokens": 9, "stopped_by": stopped_by}

    async def fill(ledger: Ledger) -> None:
        for number in (0, 1, 3):
            await ledger.record_row(Row("own/x", number, Status.accepted, "", "s", Sample()))
        await ledger.record(facts.STAGE, figures, "own/x")

    def told(ledger: Ledger) -> str:
        with pytest.raises(LedgerError) as error:
            ledger.row(f"own/x#{attempt}")
        return str(error.value)

    with Ledger(tmp_path) as ledger:
        asyncio.run(fill(ledger))
        assert f"attempt {attempt} of own/x is no row, and the run is done: {why}" in told(ledger)
        assert "a larger --count or budget goes on with it" in told(ledger)
        asyncio.run(ledger.record_step("run", "done", {}))  # of a recipe, which is done as a whole
        assert "goes on" not in told(ledger)
        asyncio.run(ledger.record_step("run", "running", {}))
        assert "the run is done" not in told(ledger)
