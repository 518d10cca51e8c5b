"""What `lab runs` lists: every run of a folder with its state, yield, tokens and time."""

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from ledger import LedgerError, facts
from ledger.lock import is_held
from ledger.rows import EVALUATION
from ledger.store import FILE, Ledger


@dataclass(frozen=True)
class Run:
    """One run directory at a glance; figures are over its generation stages, evaluations not counted."""

    path: Path
    state: str
    """`running` (a process holds it), `done`, `stopped`, or `unreadable`."""
    accepted: int
    attempts: int
    output_tokens: int
    seconds: float
    problem: str = ""
    """What of its ledger cannot be read."""

    def to_dict(self) -> dict[str, Any]:
        return {**asdict(self), "path": str(self.path)}


def list_runs(folder: Path) -> list[Run]:
    """The runs directly under `folder`, newest first."""
    files = sorted(folder.glob(f"*/{FILE}"), key=lambda file: file.stat().st_mtime, reverse=True)
    return [_told(file.parent) for file in files]


def _told(run_dir: Path) -> Run:
    try:
        return _look(run_dir)
    except LedgerError as error:
        return Run(run_dir, "unreadable", 0, 0, 0, 0.0, str(error))


def _look(run_dir: Path) -> Run:
    with Ledger(run_dir, readonly=True) as ledger:
        stages = [found for name, found in ledger.all(facts.STAGE).items() if not name.startswith(EVALUATION)]
        steps = ledger.steps()
        damage = ledger.damage
    finished = steps.get("run", {}).get("state") == "done" or (
        not steps and any(stage["stopped_by"] == "target" for stage in stages)
    )
    state = "running" if is_held(run_dir) else "done" if finished else "stopped"
    return Run(
        run_dir,
        state,
        sum(stage["accepted"] for stage in stages),
        sum(stage["attempts"] for stage in stages),
        sum(stage["output_tokens"] for stage in stages),
        sum(stage["seconds"] for stage in stages),
        damage,
    )
