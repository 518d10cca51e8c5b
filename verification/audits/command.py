"""An audit as one call, with a progress bar: what `lab sandbox audit` does."""

from __future__ import annotations

import asyncio
from pathlib import Path

from sandbox.pool import Sandbox
from verification.audits.audit import Audited, Settings, audit
from verification.audits.rows import LEDGER, read_rows


def audit_data(path: Path, out: Path, settings: Settings, limit: int | None = None) -> list[Audited]:
    """Audit a data set into `out`, with a progress bar on stderr. Raises SandboxError; after Ctrl-C the same call goes
    on from where it was.
    """
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    rows = read_rows(path, limit)
    columns = (TextColumn("audit"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("audit", total=len(rows))

        async def run() -> list[Audited]:
            async with Sandbox() as box:
                return await audit(box, rows, out, settings, lambda done, _: progress.update(task, completed=done))

        return asyncio.run(run())


def output_of(path: Path) -> Path:
    """Where an audit's output goes where nobody says: beside a file or folder, in a run directory."""
    if (path / LEDGER).is_file():
        return path / "audited.jsonl"
    if path.is_dir():
        return path.with_name(f"{path.resolve().name}-audited.parquet")
    return path.with_name(f"{path.stem}-audited{'.parquet' if path.suffix == '.parquet' else '.jsonl'}")
