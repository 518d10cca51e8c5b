"""An audit as one call, with a progress bar: what `lab sandbox audit` does."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path

from sandbox.pool import Sandbox
from verification.audits.audit import Audited, Settings, audit
from verification.audits.rows import Row


def audit_data(rows: Sequence[Row], out: Path, settings: Settings, *, fresh: bool = False) -> list[Audited]:
    """Audit rows into `out`, with a progress bar on stderr. Raises SandboxError; after Ctrl-C the same call goes
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

    columns = (TextColumn("audit"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("audit", total=len(rows))

        async def run() -> list[Audited]:
            async with Sandbox(fresh=fresh) as box:
                return await audit(box, rows, out, settings, lambda done, _: progress.update(task, completed=done))

        return asyncio.run(run())


def output_of(path: Path, *, is_run: bool = False) -> Path:
    """Where an audit's output goes where nobody says: beside a file or folder, in a run directory."""
    if is_run:
        return path / "audited.jsonl"
    if path.is_dir():
        return path.with_name(f"{path.resolve().name}-audited.parquet")
    return path.with_name(f"{path.stem}-audited{'.parquet' if path.suffix == '.parquet' else '.jsonl'}")
