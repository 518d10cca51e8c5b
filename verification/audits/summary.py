"""What an audit found, in figures and for a terminal of 80 columns."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import mean
from typing import Any

from sandbox.report import Verdict
from sandbox.visible import visible
from verification.audits.audit import Audited

WORST = 10


def figures(audited: Sequence[Audited]) -> dict[str, Any]:
    """The figures of an audit, as JSON. Shares are over the rows (or inputs) of which the question could be asked."""
    found = [item.findings for item in audited]
    asked = [item for item in found if item.mutants_killed is not None]
    killed = [float(item.mutants_killed or 0) for item in asked]
    flakes = [item.flake_rate for item in found if item.flake_rate is not None]
    compared = [item for item in found if item.differs is not None]
    return {
        "rows": len(found),
        "done_before": sum(item.before for item in audited),
        "run": sum(item.verdict != "" for item in found),
        "accepted": sum(item.verdict == Verdict.accepted for item in found),
        "mutated": len(asked),
        "mutants": sum(item.mutants for item in asked),
        "survivors": sum(len(item.survivors) for item in asked),
        "mutants_killed_mean": round(mean(killed), 4) if killed else None,
        "with_survivor": sum(bool(item.survivors) for item in asked),
        "none_killed": sum(share == 0 for share in killed),
        "flaky": sum(rate > 0 for rate in flakes),
        "uncalled": sum(item.calls is False for item in found),
        "compared": len(compared),
        "inputs": sum(item.inputs for item in compared),
        "differing_rows": sum(bool(item.differs) for item in compared),
        "differs_mean": round(mean(float(item.differs or 0) for item in compared), 4) if compared else None,
    }


def summary(audited: Sequence[Audited], width: int = 80) -> str:
    """The figures as a table, then the rows whose tests prove least."""
    told = figures(audited)
    before = f", {told['done_before']} of them before" if told["done_before"] else ""
    lines = [("rows", f"{told['rows']}{before}"), ("accepted with their tests", f"{told['accepted']} of {told['run']}")]
    if told["mutated"]:
        killed = told["mutants"] - told["survivors"]
        lines += [
            (
                "mutants killed",
                f"{killed:,} of {told['mutants']:,}; {told['mutants_killed_mean']:.1%} in the mean of rows",
            ),
            ("rows with a survivor", _of(told["with_survivor"], told["mutated"])),
            ("rows where none was killed", _of(told["none_killed"], told["mutated"])),
        ]
    if told["uncalled"]:
        lines.append(("rows whose tests call nothing", _of(told["uncalled"], told["run"])))
    lines.append(("flaky rows", _of(told["flaky"], told["run"])))
    if told["compared"]:
        lines.append(
            (
                "rows that differ elsewhere",
                f"{_of(told['differing_rows'], told['compared'])}, {told['inputs']:,} inputs",
            )
        )
    text = [f"{label:<31}{value}" for label, value in lines]
    worst = sorted((item for item in audited if item.findings.survivors), key=_strength)[:WORST]
    if worst:
        text += ["", f"{'tests that prove least':<31}{'killed':>7}  first survivor"]
        text += [_worst(item, width) for item in worst]
    return "\n".join(text)


def _strength(item: Audited) -> tuple[float, int]:
    return float(item.findings.mutants_killed or 0), item.row.number


def _worst(item: Audited, width: int) -> str:
    changed = [line for line in item.findings.survivors[0].split("\n")[2:] if line[:1] in "+-"]
    removed, added = (next((line[1:].strip() for line in changed if line[0] == sign), "") for sign in "-+")
    line = (
        f"{visible(item.row.name)[:30]:<31}{item.findings.mutants_killed:>7.0%}  {visible(removed)} -> {visible(added)}"
    )
    return line if len(line) <= width else line[: width - 4] + " ..."


def _of(part: int, whole: int) -> str:
    return f"{part} of {whole} ({part / whole:.1%})" if whole else "0"
