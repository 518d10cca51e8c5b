"""The programs of a run as others read them: each that was run, with its report and the row it was run for, for
`sandbox.show`; the accepted rows, for `verification.audits`.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ledger.rows import EVALUATION, Status
from ledger.store import FILE, Ledger
from rows.sample import Sample


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


def run_around(path: Path) -> Path | None:
    """The run directory that `path` is or lies in, at most three folders up; None where there is none."""
    here = path.absolute()
    return next((folder for folder in (here, *here.parents[:3]) if (folder / FILE).is_file()), None)


def accepted_samples(run_dir: Path) -> dict[str, Sample]:
    """The samples of the accepted rows of a run by the rows' names, evaluations left out. Raises LedgerError."""
    with Ledger(run_dir, readonly=True) as ledger:
        rows = ledger.rows(status=Status.accepted)
        return {row.id: row.sample for row in rows if not row.stage.startswith(EVALUATION)}
