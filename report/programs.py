"""The programs of a run as `sandbox.show` reads them: each that was run, with its report and the row it was run for."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ledger.store import FILE, Ledger


def recorded_runs(run_dir: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """(where it is recorded, `{"id", "program", "limits", "report"}`) of each run, oldest first. Raises LedgerError."""
    with Ledger(run_dir, readonly=True) as ledger:
        names = {key: row.id for row in ledger.rows() for key in row.effects}
        for effect in ledger.effects("run"):
            asked = effect.request
            line = {
                "id": names.get(effect.key, effect.key[:12]),
                "program": asked["program"],
                "limits": asked.get("limits"),
            }
            yield f"{run_dir / FILE}: {effect.key[:12]}", {**line, "report": effect.result}
