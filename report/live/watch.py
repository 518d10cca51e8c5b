"""What `lab watch` shows: where a run stands, read from its ledger by another process while it goes on."""

import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from rich.console import Group, RenderableType
from rich.text import Text

from ledger import facts
from ledger.lock import is_held
from ledger.rows import Status
from ledger.store import Ledger
from report.live.stage import stage_line, stage_table
from report.rounds import last_round
from sandbox.visible import visible

GROUPS = ("programming_language", "topic", "difficulty")
SHOWN = 6
"""Programming languages, topics and difficulties shown, of each."""
EVERY_S = 1.0
RECENT = 2_000
"""Last rows of the stage that the groups count."""


def follow(run: Path) -> Iterator[tuple[dict[str, Any], str]]:
    """(a look, what is damaged), a second after each other and until nobody works on the run; of rounds, of the one under way."""
    while True:
        shown = last_round(run) or run
        with Ledger(shown, readonly=True) as ledger:
            while shown == (last_round(run) or run):
                seen = look(ledger, run)
                yield seen, ledger.damage
                if not seen["running"]:
                    return
                time.sleep(EVERY_S)


def look(ledger: Ledger, held: Path | None = None) -> dict[str, Any]:
    """The figures of the stage under way, of the others in the order in which they began, and of the last rows by programming language,
    topic and difficulty.

    Of several under way the one that began first is shown, and `beside` it where the others stand. Who works on the run is asked
    of the directory `held`, that of the ledger unless given: rounds are held as a whole.
    """
    told = sorted(ledger.all(facts.LIVE).values(), key=lambda live: live["at"] - live["session_seconds"])
    under_way = [live for live in told if live["in_flight"]]
    live = next(iter(under_way), max(told, key=lambda live: live["at"], default=None))
    stage = live["stage"] if live else ""
    ended, began = ledger.all(facts.STAGE), [live["stage"] for live in told]
    in_turn = [*(name for name in ended if name not in began), *(name for name in began if name in ended)]
    return {
        "run": str(ledger.run_dir),
        "running": is_held(held or ledger.run_dir),
        "live": live or {},
        "beside": under_way[1:],
        "age_s": round(time.time() - max(live["at"] for live in told), 1) if told else None,
        "stages": {name: ended[name] for name in in_turn if name != stage},
        "groups": _groups(ledger, stage),
    }


def picture(seen: dict[str, Any]) -> RenderableType:
    """The look as a table of at most 80 columns."""
    parts: list[RenderableType] = [Text(f"{visible(seen['run'])}\n{_state(seen)}", style="bold")]
    for name, found in seen["stages"].items():
        parts.append(Text(visible(f"{name}: {found['accepted']:,} of {found['attempts']:,} accepted"), style="dim"))
    live = seen["live"]
    if not live:
        return Group(*parts, *([] if seen["stages"] else [Text("no stage has begun yet")]))
    parts.append(stage_table(live, running=seen["running"]))
    parts += [Text(stage_line(beside), style="dim") for beside in seen["beside"]]
    for name, groups in seen["groups"].items():
        shares = ", ".join(f"{group} {found['accepted']}/{found['attempts']}" for group, found in groups.items())
        parts.append(Text(visible(f"by {name.replace('_', ' ')}: {shares}")))
    return Group(*parts)


def _state(seen: dict[str, Any]) -> str:
    if not seen["running"]:
        live = seen["live"]
        done = live and not live["in_flight"] and live["stopped_by"] in ("", "target")
        return "not running; its last stage is done" if done else "not running; `lab runs` says how far it came"
    return (
        "running" if seen["age_s"] is None or seen["age_s"] < 30 else f"running, last told {seen['age_s']:,.0f} s ago"
    )


def _groups(ledger: Ledger, stage: str) -> dict[str, dict[str, dict[str, int]]]:
    counted: dict[str, defaultdict[str, Counter[str]]] = {name: defaultdict(Counter) for name in GROUPS}
    for row in ledger.last_rows(stage, RECENT):
        for name in GROUPS:
            if group := str(getattr(row.sample, name)):
                counted[name][group[:40]].update(attempts=1, accepted=int(row.status is Status.accepted))
    return {
        name: dict(sorted(groups.items(), key=lambda item: -item[1]["attempts"])[:SHOWN])
        for name, groups in counted.items()
        if len(groups) > 1
    }
