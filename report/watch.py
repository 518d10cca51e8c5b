"""What `lab watch` shows: where a run stands, read from its ledger by another process while it goes on."""

import time
from collections import Counter, defaultdict
from typing import Any

from rich.console import Group, RenderableType
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from ledger import facts
from ledger.lock import is_held
from ledger.rows import Status
from ledger.store import Ledger
from report.why import CONTROL

GROUPS = ("language", "topic", "difficulty")
SHOWN = 6
"""Reasons and groups shown."""
RECENT = 2_000
"""Last rows of the stage that the groups count."""


def look(ledger: Ledger) -> dict[str, Any]:
    """The figures of the stage under way, of those before it, and of the last rows by language, topic and difficulty."""
    live = ledger.read(facts.LIVE)
    stage = live["stage"] if live else ""
    return {
        "run": str(ledger.run_dir),
        "running": is_held(ledger.run_dir),
        "live": live or {},
        "age_s": round(time.time() - live["at"], 1) if live else None,
        "stages": {name: found for name, found in ledger.all(facts.STAGE).items() if name != stage},
        "groups": _groups(ledger, stage),
    }


def picture(seen: dict[str, Any]) -> RenderableType:
    """The look as a table of at most 80 columns."""
    parts: list[RenderableType] = [Text(_clean(f"{seen['run']}  {_state(seen)}"), style="bold")]
    for name, found in seen["stages"].items():
        parts.append(Text(_clean(f"{name}: {found['accepted']:,} of {found['attempts']:,} accepted"), style="dim"))
    live = seen["live"]
    if not live:
        return Group(*parts, Text("no stage has begun yet"))
    table = Table.grid(padding=(0, 2))
    table.add_column(style="bold")
    table.add_column(justify="right")
    table.add_column()
    target, total = live["target"], live["total"]
    bar = ProgressBar(total=target, completed=live["accepted"], width=30) if target else ""
    table.add_row("accepted", f"{live['accepted']:,}{f' of {target:,}' if target else ''}", bar)
    table.add_row(
        "attempts", f"{live['attempts']:,}{f' of {total:,}' if total else ''}", f"{live['in_flight']} under way"
    )
    for reason, count in list(live["rejected"].items())[:SHOWN]:
        table.add_row(Text(_clean(f"  {reason}"), style="dim"), f"{count:,}", f"{count / max(1, live['attempts']):.0%}")
    seconds = max(live["session_seconds"], 1e-9)
    session = live["session"]
    table.add_row("tokens", f"{live['output_tokens']:,}", f"{session['output_tokens'] / seconds:,.0f}/s")
    table.add_row("sandbox", f"{session['runs']:,} runs", f"{session['runs'] / seconds:.1f}/s")
    if live["accepted"]:
        each = f"{live['output_tokens'] / live['accepted']:,.0f} tokens"
        table.add_row("a row", each, f"{live['seconds'] / live['accepted']:,.2f} s")
    eta = live["eta_s"]
    left = (
        "" if not live["in_flight"] else f"  about {eta:,.0f} s left" if eta is not None else "  time left: not known"
    )
    parts += [Text(_clean(f"{live['stage']}  {live['seconds']:,.0f} s{left}"), style="bold"), table]
    for name, groups in seen["groups"].items():
        shares = ", ".join(f"{group} {found['accepted']}/{found['attempts']}" for group, found in groups.items())
        parts.append(Text(_clean(f"by {name}: {shares}")))
    return Group(*parts)


def _state(seen: dict[str, Any]) -> str:
    if not seen["running"]:
        return "not running"
    return (
        "running" if seen["age_s"] is None or seen["age_s"] < 30 else f"running, last told {seen['age_s']:,.0f} s ago"
    )


def _groups(ledger: Ledger, stage: str) -> dict[str, dict[str, dict[str, int]]]:
    counted: dict[str, defaultdict[str, Counter[str]]] = {name: defaultdict(Counter) for name in GROUPS}
    for row in ledger.last_rows(stage, RECENT):
        for name in GROUPS:
            if group := str(row.payload.get(name) or ""):
                counted[name][group[:40]].update(attempts=1, accepted=int(row.status is Status.accepted))
    return {
        name: dict(sorted(groups.items(), key=lambda item: -item[1]["attempts"])[:SHOWN])
        for name, groups in counted.items()
        if len(groups) > 1
    }


def _clean(text: str) -> str:
    return CONTROL.sub("\N{REPLACEMENT CHARACTER}", text)
