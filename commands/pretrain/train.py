"""`lab train pretrain`: a whole pre-training from one recipe."""

from contextlib import closing
from pathlib import Path
from typing import Annotated

import typer

from commands.door import GOES_ON, door
from commands.options import Set, place
from commands.shape import Commands

JsonLines = Annotated[
    bool, typer.Option("--json", help="Print one JSON object a line on stdout, and nothing else there.")
]


def add(app: Commands) -> None:
    """Add the command to `lab train`."""
    app.command(
        "pretrain",
        examples=("lab train pretrain recipes/pretrain-tiny.yaml --out runs/tiny --set stages.0.tokens=1e6",),
    )(train_pretrain)


@door()
def train_pretrain(
    recipe: Annotated[Path, typer.Argument(help="YAML file with the stages.")],
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            "-o",
            parser=place,
            metavar="PATH",
            help="Run directory, gone on with where unfinished; by default runs/NAME.",
        ),
    ] = None,
    sets: Set = [],  # noqa: B006
    as_json: JsonLines = False,
) -> None:
    """Pre-train from text, into a directory that vLLM hosts.

    Initial, long context, annealing (section 3.4).
    Several processes: torchrun --nproc-per-node 2 -m cli train pretrain RECIPE.
    """
    from pretrain.run.recipe import load
    from pretrain.training.progress import Progress

    with closing(Progress(as_json=as_json)) as show:
        checked = load(recipe, sets)
        from pretrain.run.stages import run

        target = out or Path("runs") / checked.name
        with door(stopped=f"{target} keeps the last state, {GOES_ON}"), closing(show):
            run(checked, target, show)
