"""`lab runs`, `watch`, `why`: what runs there are, where one stands, and how a row of it came to be."""

import contextlib
from pathlib import Path
from typing import Annotated

import typer

from commands.door import door, fail, tell
from commands.options import Json, RunDir, console, print_json, say
from commands.shape import Commands

app = Commands()


@app.command(examples=("lab runs --json",))
@door()
def runs(
    folder: Annotated[Path, typer.Argument(help="Where the runs are.")] = Path("runs"),
    as_json: Json = False,
) -> None:
    """List the runs with their state, yield, tokens and time."""
    from report.listing import list_runs

    found = list_runs(folder)
    if not found and (folder / "ledger.sqlite").exists():
        fail(
            f"{folder}: is a run itself; `lab report {folder}` tells of it, `lab runs {folder.parent}` lists those beside it"
        )
    if not found and not folder.is_dir() and folder != Path("runs"):
        fail(f"{folder}: no such folder")
    if as_json:
        print_json({"runs": [run.to_dict() for run in found]})
        return
    from rich.table import Table

    from report.live.shown import state

    table = Table(box=None, pad_edge=False)
    table.add_column("run", overflow="fold")  # whole: two runs may begin alike
    for title in ("kind", "state", "accepted", "attempts", "tokens", "time"):
        table.add_column(title)
    for run in found:
        table.add_row(
            run.path.name,
            run.kind,
            state(run.state),
            str(run.accepted) if run.attempts else "",
            str(run.attempts) if run.attempts else "",
            f"{run.output_tokens:,}" if run.output_tokens else "",
            f"{run.seconds:,.0f} s" if run.seconds else "",
        )
    scores = Table(box=None, pad_edge=False)
    for title in ("run", "benchmark", "pass@1, greedily"):
        scores.add_column(title, overflow="fold")
    for run in found:
        if run.problem:
            tell(run.problem)
        for benchmark, greedy in run.greedy().items():
            scores.add_row(run.path.name, benchmark, " -> ".join(f"{score:.0%}" for score in greedy))
    shown = console()
    shown.print(table if found else f"no run under {folder}; `lab run recipes/quickstart.yaml` makes one")
    if scores.row_count:
        shown.print("", scores, sep="\n")
    if any(run.scores and run.kind != "evaluation" for run in found):
        say("\nRows and tokens are of generation; `lab report RUN` counts evaluations, too.")


@app.command(
    beside={"--json": "--once"},
    examples=(
        "lab watch runs/x",
        "lab watch runs/x --json",
    ),
)
@door()
def watch(
    run: RunDir,
    once: Annotated[bool, typer.Option("--once", help="Look once and end.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Look once; print one JSON object.")] = False,
) -> None:
    """Watch a run from another terminal.

    The stage under way, its yield, what rejects, tokens and time for a row.
    """
    from rich.live import Live

    from report.live.watch import follow, picture
    from report.pretraining import is_pretraining

    if is_pretraining(run):
        fail(f"{run}: a pre-training prints where it stands itself; `lab report {run}` tells how far it is")
    with contextlib.suppress(KeyboardInterrupt):
        looks = follow(run)
        seen, damage = next(looks)
        if as_json:
            print_json(seen)
            return
        tell(damage)
        if once or not seen["running"]:
            console().print(picture(seen))
            return
        with Live(picture(seen), console=console(), auto_refresh=False) as live:
            for seen, _ in looks:
                live.update(picture(seen), refresh=True)


@app.command(examples=("lab why runs/quickstart code/rejection-sampling#12", "lab why clean", "lab why clean 3"))
@door()
def why(
    run: Annotated[Path, typer.Argument(metavar="RUN", help="A run directory, or what `lab filter` left.")],
    row: Annotated[
        str | None,
        typer.Argument(
            metavar="ROW",
            help="STAGE#ATTEMPT, as in the data sets' `row` column; of a filter a row's number, or nothing for what it dropped.",
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Print how a row came to be, or why it was dropped.

    Templates, rendered prompts, raw outputs, verdicts, the decision.
    """
    from ledger import Ledger
    from report.dropped import is_filtered
    from report.rounds import last_round
    from report.why import chain, judged_pair, print_chain, print_pair

    if is_filtered(run) and "#" not in (row or ""):  # a run's directory may hold what a filter left, too
        _why_filtered(run, row, as_json)
        return
    if last := last_round(run):
        fail(
            f"{run}: holds rounds, and each its own rows; a data set's `run` column names the round, or is empty for the "
            f"round that the set belongs to: `lab why {last} {row or 'ROW'}`"
        )
    with Ledger(run, readonly=True) as ledger:
        if row is None:
            raise typer.BadParameter("name one, STAGE#ATTEMPT, as in the data sets' `row` column", param_hint="ROW")
        pair = judged_pair(ledger, row)
        found = pair or chain(ledger, row)
        tell(ledger.damage)
    if as_json:
        print_json(found)
    elif pair:
        print_pair(pair, console())
    else:
        print_chain(found, console())


def _why_filtered(folder: Path, number: str | None, as_json: bool) -> None:
    from report.dropped import dropped, one, print_dropped, print_one

    if number is not None:
        found = one(folder, number)
        print_json(found) if as_json else print_one(found, console())
    elif as_json:
        print_json({"dropped": [*dropped(folder)]})
    else:
        print_dropped(folder, console())
