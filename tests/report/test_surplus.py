"""What holds and does not count: a report says why."""

import asyncio
from io import StringIO
from pathlib import Path

from rich.console import Console

from ledger import Ledger, Row, Status
from report import gather, print_summary, write_html
from rows.sample import Sample


def test_a_row_that_no_data_set_takes_is_not_said_to_have_come_too_late(tmp_path: Path) -> None:
    async def fill(ledger: Ledger) -> None:
        for number, why in enumerate(("duplicate", "target_met", "duplicate")):
            await ledger.record_row(Row("math/solutions", number, Status.surplus, why, "seed", Sample()))

    out = StringIO()
    with Ledger(tmp_path / "run") as ledger:
        asyncio.run(fill(ledger))
        summary = gather(ledger)
        write_html(summary, tmp_path / "report.html")
        print_summary(summary, Console(file=out, width=80))
    page = (tmp_path / "report.html").read_text()
    assert "1 came in past the target" in page
    assert "2 held and count for nothing, as no data set takes them: duplicate 2." in page
    assert "held, and no data set takes: duplicate 2" in out.getvalue()
