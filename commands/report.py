"""`lab report`: a run as one page, and its summary."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from commands.door import door, tell
from commands.options import Json, RunDir, console, print_json, say
from commands.shape import Commands

if TYPE_CHECKING:
    from ledger import Ledger

app = Commands()


@app.command(
    examples=(
        "lab report runs/quickstart --open",
        "lab report runs/quickstart --json",
    )
)
@door()
def report(
    run: RunDir,
    open_it: Annotated[bool, typer.Option("--open", help="Open the page in the browser.")] = False,
    as_json: Json = False,
) -> None:
    """Write a run's report, one page, and print its summary.

    RUN/report.html is self-contained.
    """
    from ledger import Ledger
    from report.pretraining import is_pretraining

    if is_pretraining(run):
        page = write_pretraining_report(run, as_json)
    else:
        from report.rounds import is_rounds

        write = write_rounds_report if is_rounds(run) else write_report
        with Ledger(run, readonly=True) as ledger:
            page = write(ledger, run, as_json)
    if open_it and page.exists():
        import webbrowser

        webbrowser.open(page.resolve().as_uri())


def write_report(ledger: "Ledger", run: Path, as_json: bool) -> Path:
    from report import gather, print_summary, to_json, write_html

    summary = gather(ledger)
    page = run / "report.html"
    is_there = written(page, lambda: write_html(summary, page))
    tell(ledger.damage)
    if as_json:
        damaged = {"damaged": ledger.damage} if ledger.damage else {}
        print_json({"run": str(run), "report": str(page) if is_there else None, **damaged, **to_json(summary)})
    else:
        print_summary(summary, console())
        say(f"\nreport: {page}" if is_there else "")
    return page


def write_rounds_report(ledger: "Ledger", run: Path, as_json: bool) -> Path:
    """The same for the rounds of `lab rounds`."""
    from report.rounds import gather_rounds, print_rounds, rounds_json, write_rounds_html

    summary = gather_rounds(ledger)
    page = run / "report.html"
    is_there = written(page, lambda: write_rounds_html(summary, page))
    tell(summary.damage)
    if as_json:
        damaged = {"damaged": summary.damage} if summary.damage else {}
        print_json({"run": str(run), "report": str(page) if is_there else None, **damaged, **rounds_json(summary)})
    else:
        print_rounds(summary, console())
        say(f"\nreport: {page}" if is_there else "")
    return page


def write_pretraining_report(run: Path, as_json: bool) -> Path:
    """The same for a run of `lab train pretrain`."""
    from report.pretraining import (
        gather_pretraining,
        pretraining_json,
        print_pretraining,
        write_pretraining_html,
    )

    summary = gather_pretraining(run)
    page = run / "report.html"
    is_there = written(page, lambda: write_pretraining_html(summary, page))
    tell(summary.damage)
    if as_json:
        print_json({"run": str(run), "report": str(page) if is_there else None, **pretraining_json(summary)})
    else:
        print_pretraining(summary, console())
        say(f"\nreport: {page}" if is_there else "")
    return page


def written(page: Path, write: Callable[[], None]) -> bool:
    """Whether the page could be written; else why is told: the figures can be, on a full or a read-only disk."""
    try:
        write()
        return True
    except OSError as error:
        tell(f"{page}: not written: {error.strerror}")
        return False
