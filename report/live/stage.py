"""Where a generation stage stands, laid out once: for the screen of its own process and for `lab watch` of another.

The figures are those of `generators.drive.Progress.live()`, as its own process knows them or as the ledger holds them.
"""

from rich.console import Group
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from ledger.facts import LiveFigures
from sandbox.visible import visible

REASONS = 6
"""Reasons for rejection shown, the most frequent first."""


def stage_table(live: LiveFigures, *, running: bool = True) -> Group:
    """The stage's name and time, then accepted rows, attempts, reasons, tokens, sandbox runs and cost; 80 columns hold it.

    Of a run that nobody works on (`running` false) no time is left, and what was under way is so no longer.
    """
    table = Table.grid(padding=(0, 2))
    table.add_column(style="bold")
    table.add_column(justify="right")
    table.add_column()
    accepted, attempts, target = live["accepted"], live["attempts"], live["target"]
    table.add_row("accepted", _of(accepted, target), bar(accepted, target) if target else "")
    now = "under way" if running else "were under way"
    most = f"at most {live['total']:,}" if target and live["total"] else ""  # a budget, and no plan
    told = [f"{live['in_flight']} {now}"] if live["in_flight"] or running else []
    table.add_row(
        "attempts", _of(attempts, None if target else live["total"]), ", ".join([*told, *filter(None, [most])])
    )
    for reason, count in list(live["rejected"].items())[:REASONS]:
        table.add_row(Text(visible(f"  {reason}"), style="dim"), f"{count:,}", f"{count / max(1, attempts):.0%}")
    for reason, count in live.get("left_out", {}).items():
        table.add_row(Text(visible(f"  left out: {reason}"), style="dim"), f"{count:,}", "")
    for reason, count in live.get("passed_over", {}).items():
        table.add_row(Text(visible(f"  no data set takes: {reason}"), style="dim"), f"{count:,}", "")
    session, seconds = live["session"], max(live["session_seconds"], 1e-9)
    table.add_row("tokens", f"{live['output_tokens']:,}", f"{session['output_tokens'] / seconds:,.0f}/s")
    table.add_row("sandbox", f"{session['runs']:,} runs", f"{session['runs'] / seconds:.1f}/s")
    if accepted:
        each = f"{live['output_tokens'] / accepted:,.0f} tokens"
        table.add_row("a row", each, f"{live['seconds'] / accepted:,.2f} s")
    left = f"  {time_left(live['eta_s'])}" if live["in_flight"] and running else ""
    return Group(Text(visible(f"{live['stage']}  {live['seconds']:,.0f} s{left}"), style="bold"), table)


def stage_line(live: LiveFigures) -> str:
    """The same in one line, for an output that is no terminal, and for the line that stays when a stage has ended."""
    session, seconds = live["session"], max(live["session_seconds"], 1e-9)
    worst = ", ".join(f"{reason} {count}" for reason, count in list(live["rejected"].items())[:3])
    left_out = ", ".join(f"{reason} {count}" for reason, count in live.get("left_out", {}).items())
    passed = ", ".join(f"{reason} {count}" for reason, count in live.get("passed_over", {}).items())
    if live["stopped_by"]:
        end = f"stopped by {live['stopped_by']}"
    else:
        end = time_left(live["eta_s"]) if live["in_flight"] else f"{live['seconds']:.0f} s"
    return visible(
        f"{live['stage']}: {_of(live['accepted'], live['target'])} accepted in {live['attempts']:,} attempts"
        + (f" ({worst})" if worst else "")
        + (f"  left out: {left_out}" if left_out else "")
        + (f"  no data set takes: {passed}" if passed else "")
        + f"  {session['output_tokens'] / seconds:,.0f} tokens/s  {session['runs'] / seconds:.1f} runs/s  {end}"
    )


def bar(done: float, total: float) -> ProgressBar:
    """How far something is, as a bar of 30 columns."""
    return ProgressBar(total=total or 1, completed=done, width=30)


def time_left(seconds: float | None) -> str:
    """Hours, minutes and seconds for people; about, since the first attempts to end are the fast ones."""
    if seconds is None:
        return "time left: not known yet"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"time left: about {hours}:{minutes:02d}:{rest:02d}" if hours else f"time left: about {minutes}:{rest:02d}"


def _of(count: int, most: int | None) -> str:
    return f"{count:,} of {most:,}" if most else f"{count:,}"
