"""The report of rounds as a page, for a terminal of 80 columns, and as figures for a script."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from ledger.facts import ScoreFigures
from report.html import render
from report.rounds.summary import Round, RoundsSummary
from sandbox.visible import visible

COSTS = (
    ("seconds", "seconds"),
    ("generated", "tokens generated"),
    ("evaluated", "tokens of evaluations"),
    ("trained", "tokens trained on"),
    ("rows", "rows accepted"),
)


def write_rounds_html(summary: RoundsSummary, path: Path) -> None:
    """Write the page; it appears whole or not at all."""
    render("rounds/page.html.j2", path, run=summary, costs=COSTS, figure=figure)


def rounds_json(summary: RoundsSummary) -> dict[str, Any]:
    """The figures for a script."""
    return {
        "best": summary.best if summary.promoted else "start",
        "checkpoint": str(summary.path / "checkpoints" / "best") if summary.promoted else None,
        "done": summary.done,
        "rounds": [_round_json(found) for found in summary.rounds],
        "scores": {
            name: {
                line.label: {"greedy": line.greedy, "sampled": line.sampled, "best": line.best}
                for line in summary.lines(name)
            }
            for name in summary.titles
        },
        "claims": list(summary.claims),
        "summary": " ".join(summary.sentences),
    }


def _round_json(found: Round) -> dict[str, Any]:
    return {
        "round": found.number,
        "run": str(found.run),
        "done": found.done,
        "decision": found.figures,
        "claims": list(found.claims),
        "data": found.data,
        "origins": {name: [asdict(origin) for origin in origins] for name, origins in found.origins.items() if origins},
        "contamination": found.contamination,
        "sampled_by": found.sampled_by,
        "cost": asdict(found.cost),
        "points": round(found.points, 3),
        "a_point_cost": found.cost.for_each(found.points),
    }


def print_rounds(summary: RoundsSummary, console: Console) -> None:
    """What each checkpoint scored, what each round's data were, what was gained and what it cost."""

    def say(text: str, style: str = "") -> None:
        console.print(Text(visible(text), style=style))

    say(summary.name, "bold")
    for sentence in summary.sentences:
        say(sentence)
    for name, title in summary.titles.items():
        if lines := summary.lines(name):
            console.print()
            say(f"{title}: {lines[0].greedy['n']} problems", "bold")
            table = _table("checkpoint", "greedy", "95% interval", "sampled", "95% interval")
            for line in lines:
                label = Text(visible(line.label + (" (best)" if line.best else "")))
                table.add_row(label, *_scored(line.greedy), *_scored(line.sampled))
            console.print(table)
    for found in summary.rounds:
        console.print()
        _print_round(found, console, say)
    if any(found.cost.seconds for found in summary.rounds):
        console.print()
        say("cost", "bold")
        console.print(_costs(summary))


def _print_round(found: Round, console: Console, say: Any) -> None:
    say(found.name + ("" if found.done else " (under way)"), "bold")
    if sampled := dict.fromkeys(found.sampled_by.values()):
        say(f"written by {', '.join(sampled)}")
    for claim in found.claims:
        if claim["before"] == "start":
            say(f"{claim['benchmark']}, {claim['after']} against its start: {claim['verdict']}")
    if any(found.origins.values()):
        table = _table("data set", "generator", "new", "kept")
        for name, origins in found.origins.items():
            for origin in origins:
                table.add_row(name, Text(visible(origin.generator)), f"{origin.new:,}", f"{origin.kept:,}")
        console.print(table)
    for name, figures in found.data.items():
        if across := figures.get("across"):
            say(f"{name}: {across:,} of {figures['rows']:,} pairs are of two checkpoints")
        if figures["dropped"]:
            dropped = ", ".join(f"{why.replace('_', ' ')} {count:,}" for why, count in figures["dropped"].items())
            say(f"left out of {name}: {dropped}")
    if held := found.contamination:
        hits = held.get("found", len(held["hits"]))
        say(f"contamination: {hits:,} hits against {held['items']:,} evaluation items")


def _scored(score: ScoreFigures | None) -> tuple[str, str]:
    if score is None:
        return "", ""
    return f"{score['pass@1']:.1%}", "{:.1%} - {:.1%}".format(*score["interval"])


def _costs(summary: RoundsSummary) -> Table:
    table = _table("", *(found.name for found in summary.rounds))
    for name, words in COSTS:
        table.add_row(words, *(figure(getattr(found.cost, name)) for found in summary.rounds))
    table.add_row("points gained", *(f"{found.points:+.1f}" for found in summary.rounds))
    for name, words in COSTS:
        each = [found.cost.for_each(found.points) for found in summary.rounds]
        if any(each):
            table.add_row(f"{words}, a point", *(figure(figures[name]) if figures else "" for figures in each))
    return table


def figure(value: float) -> str:
    """Whole, or to a tenth where that is more than a tenth of it."""
    return f"{value:,.0f}" if value >= 10 or value == int(value) else f"{value:.1f}"


def _table(*columns: str) -> Table:
    table = Table(box=None, pad_edge=False)
    for number, column in enumerate(columns):
        table.add_column(column, justify="left" if number == 0 or column == "generator" else "right")
    return table
