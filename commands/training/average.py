"""`lab train average`: the mean of several checkpoints' weights."""

from pathlib import Path
from typing import Annotated

import typer

from commands.door import door
from commands.options import Json, console, place, print_json
from commands.shape import Commands


def add(app: Commands) -> None:
    """Add the command to `lab train`."""
    app.command(
        "average",
        examples=(
            "lab train average runs/a/checkpoints/sft runs/b/checkpoints/sft --out runs/mean",
            "lab train average runs/a/checkpoints/sft runs/b/checkpoints/sft --weights 3,1 --out runs/mean",
            "lab train average early later last --decay 0.5 --out runs/polyak",
        ),
    )(train_average)


@door()
def train_average(
    checkpoints: Annotated[
        list[str], typer.Argument(help="Two or more of one model; the first lends all but the weights.")
    ],
    out: Annotated[
        Path, typer.Option("--out", "-o", parser=place, metavar="PATH", help="Where the mean goes: new, or empty.")
    ],
    weights: Annotated[
        str | None, typer.Option(help="One for each checkpoint, separated by commas; without: all alike.")
    ] = None,
    decay: Annotated[
        float | None,
        typer.Option(help="Between 0 and 1: each counts that much of the one after it (Polyak), the last one most."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Average the weights of checkpoints of one model.

    Uniformly, by weights, or by a decay (section 4.1.5).
    """
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    from checkpoints.average import average, weights_of
    from checkpoints.directory import find

    paths = [find(checkpoint) for checkpoint in checkpoints]
    shares = weights_of(len(paths), weights=_numbers(weights), decay=decay)
    screen = console(stderr=True)
    columns = TextColumn("averaging"), BarColumn(), TextColumn("{task.percentage:.0f}%"), TimeRemainingColumn()
    with Progress(*columns, console=screen, transient=True, disable=as_json or not screen.is_terminal) as progress:
        task = progress.add_task("")
        average(paths, out, shares, lambda done, total: progress.update(task, completed=done, total=total))
    if as_json:
        print_json({"checkpoint": str(out), "of": [str(path) for path in paths], "weights": shares})
    else:
        console().print(f"{out}: the mean of {len(paths)} checkpoints, weights {', '.join(f'{w:.3g}' for w in shares)}")


def _numbers(text: str | None) -> list[float]:
    try:
        return [float(part) for part in text.split(",")] if text is not None else []
    except ValueError:
        raise typer.BadParameter(f"{text}: not numbers separated by commas", param_hint="--weights") from None
