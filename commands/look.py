"""`lab runs`, `watch`, `report`, `why`, `export`: what there is, how it came to be, and what others may read of it."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from commands.options import Json, RunDir, console, fail, print_json

if TYPE_CHECKING:
    from ledger import Ledger

app = typer.Typer()


@app.command(epilog="Example: lab runs --json")
def runs(
    folder: Annotated[Path, typer.Argument(help="Where the runs are.")] = Path("runs"),
    as_json: Json = False,
) -> None:
    """List the runs with their state, yield, tokens and time."""
    from report.listing import list_runs

    found = list_runs(folder)
    if as_json:
        print_json({"runs": [run.to_dict() for run in found]})
        return
    from rich.table import Table

    table = Table("run", "state", "accepted", "attempts", "tokens", "time", box=None, pad_edge=False)
    for run in found:
        table.add_row(
            run.path.name,
            run.state,
            str(run.accepted),
            str(run.attempts),
            f"{run.output_tokens:,}",
            f"{run.seconds:,.0f} s",
        )
    console().print(table if found else f"no run under {folder}; `lab run recipes/quickstart.yaml` makes one")


@app.command(epilog="Examples:  lab report runs/quickstart --open   |   lab report runs/quickstart --json")
def report(
    run: RunDir,
    open_it: Annotated[bool, typer.Option("--open", help="Open the page in the browser.")] = False,
    as_json: Json = False,
) -> None:
    """Write a run's report, one page, and print its summary.

    RUN/report.html is self-contained.
    """
    from ledger import Ledger, LedgerError
    from report.pretraining import is_pretraining

    try:
        if is_pretraining(run):
            page = write_pretraining_report(run, as_json)
        else:
            with Ledger(run, readonly=True) as ledger:
                page = write_report(ledger, run, as_json)
    except LedgerError as error:
        fail(error)
    if open_it:
        import webbrowser

        webbrowser.open(page.resolve().as_uri())


@app.command(epilog="Example: lab why runs/quickstart code/rejection-sampling#12")
def why(
    run: RunDir,
    row: Annotated[str, typer.Argument(metavar="ROW", help="STAGE#ATTEMPT, as in the data sets' `row` column.")],
    as_json: Json = False,
) -> None:
    """Print how a row came to be.

    Templates, rendered prompts, raw outputs, verdicts, the decision.
    """
    from ledger import Ledger, LedgerError
    from report.why import chain, print_chain

    try:
        with Ledger(run, readonly=True) as ledger:
            found = chain(ledger, row)
    except LedgerError as error:
        fail(error)
    if as_json:
        print_json(found)
    else:
        print_chain(found, console())


@app.command(epilog="Examples:  lab watch runs/x   |   lab watch runs/x --json")
def watch(
    run: RunDir,
    once: Annotated[bool, typer.Option(help="Look once and end.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Look once; print one JSON object.")] = False,
) -> None:
    """Watch a run from another terminal.

    The stage under way, its yield, what rejects, tokens and time for a row.
    """
    import time

    from rich.live import Live

    from ledger import Ledger, LedgerError
    from report.watch import look, picture

    try:
        with Ledger(run, readonly=True) as ledger:
            if as_json:
                print_json(look(ledger))
                return
            seen = look(ledger)
            if once or not seen["running"]:
                console().print(picture(seen))
                return
            with Live(picture(seen), console=console(), auto_refresh=False) as live:
                while seen["running"]:
                    time.sleep(1)
                    seen = look(ledger)
                    live.update(picture(seen), refresh=True)
    except LedgerError as error:
        fail(error)
    except KeyboardInterrupt:
        return


@app.command(
    epilog="Examples:  lab export runs/x --format alpaca   |   lab export runs/x --format sharegpt --out mine.jsonl   |   "
    "lab export runs/x --push me/my-data"
)
def export(
    run: RunDir,
    form: Annotated[
        str, typer.Option("--format", help="messages, prompt-completion, sharegpt or alpaca.")
    ] = "messages",
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="JSONL file; default RUN/export/FORMAT.jsonl.")
    ] = None,
    push: Annotated[
        str | None, typer.Option(metavar="NAME", help="Upload RUN/data/sft to the Hub as this data set (private).")
    ] = None,
    public: Annotated[bool, typer.Option(help="With --push: let everybody see it.")] = False,
    as_json: Json = False,
) -> None:
    """Write a run's SFT data as other trainers read it.

    Nothing leaves this machine without --push.
    """
    from rows.formats import FORMATS, convert
    from rows.formats import push as push_to_hub
    from rows.readers import RowsError

    if form not in FORMATS:
        raise typer.BadParameter(f"{form}: known are {', '.join(FORMATS)}", param_hint="--format")
    target = out or run / "export" / f"{form}.jsonl"
    try:
        rows = convert(run, form, target)
        address = push_to_hub(run / "data" / "sft", push, private=not public) if push else None
    except RowsError as error:
        fail(error)
    except OSError as error:
        fail(f"{target}: cannot be written: {error.strerror}")
    if as_json:
        print_json({"out": str(target), "rows": rows, "pushed": address})
    else:
        print(f"{rows} rows in {target}" + (f"\npushed to {address}" if address else ""))


def write_report(ledger: "Ledger", run: Path, as_json: bool) -> Path:
    from report import gather, print_summary, to_json, write_html

    summary = gather(ledger)
    page = run / "report.html"
    write_html(summary, page)
    if as_json:
        print_json({"run": str(run), "report": str(page), **to_json(summary)})
    else:
        print_summary(summary, console())
        print(f"\nreport: {page}")
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
    write_pretraining_html(summary, page)
    if as_json:
        print_json({"run": str(run), "report": str(page), **pretraining_json(summary)})
    else:
        print_pretraining(summary, console())
        print(f"\nreport: {page}")
    return page
