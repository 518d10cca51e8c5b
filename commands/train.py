"""`lab train`: one training of one checkpoint on one data set."""

import asyncio
from contextlib import closing
from pathlib import Path
from typing import Annotated

import typer

from commands.door import GOES_ON, door, fail
from commands.options import Json, console, print_json
from commands.pretrain import train as pretrain_train

train_app = typer.Typer(no_args_is_help=True, help="Train a checkpoint on a data set; pre-train one from text.")
pretrain_train.add(train_app)


@train_app.command("sft", epilog="Example: lab train sft default --data runs/x/data/sft --out runs/x/checkpoints/sft")
@door()
def train_sft(
    checkpoint: Annotated[str, typer.Argument(help="The checkpoint to start from.")],
    data: Annotated[Path, typer.Option(help="Folder or Parquet file with a `messages` column.")],
    out: Annotated[
        Path, typer.Option("--out", "-o", help="Where the trained checkpoint goes; resumed where unfinished.")
    ],
    sets: Annotated[list[str], typer.Option("--set", metavar="NAME=VALUE", help="A setting, such as lr=1e-5.")] = [],  # noqa: B006
    as_json: Json = False,
) -> None:
    """Supervised fine-tuning on conversations (section 4.1.3)."""
    _train("sft", checkpoint, data, out, sets, as_json)


@train_app.command(
    "dpo",
    epilog="Example: lab train dpo runs/x/checkpoints/sft --data runs/x/data/preference --out runs/x/checkpoints/dpo",
)
@door()
def train_dpo(
    checkpoint: Annotated[str, typer.Argument(help="The checkpoint to start from; it is the reference as well.")],
    data: Annotated[Path, typer.Option(help="Folder or Parquet file with `prompt`, `chosen`, `rejected` columns.")],
    out: Annotated[
        Path, typer.Option("--out", "-o", help="Where the trained checkpoint goes; resumed where unfinished.")
    ],
    sets: Annotated[list[str], typer.Option("--set", metavar="NAME=VALUE", help="A setting, such as beta=0.1.")] = [],  # noqa: B006
    as_json: Json = False,
) -> None:
    """Direct preference optimisation (section 4.1.4).

    With an NLL term on the chosen answer.
    """
    _train("dpo", checkpoint, data, out, sets, as_json)


def _train(kind: str, checkpoint: str, data: Path, out: Path, sets: list[str], as_json: bool) -> None:
    import yaml
    from pydantic import ValidationError

    from alignment.round import train_in_child, training_figures, training_settings
    from checkpoints.directory import find
    from recipes.schema import DPO, SFT
    from report.live.screen import Screen

    pairs = [pair.partition("=") for pair in sets]
    wishes = {name.strip(): yaml.safe_load(value) for name, _, value in pairs}
    try:
        chosen = (SFT if kind == "sft" else DPO).model_validate(wishes)
    except ValidationError as error:
        fail("\n".join(f"--set {'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors()))
    screen = Screen(console(stderr=as_json), as_json)
    with door(stopped=f"{out} keeps the last state, {GOES_ON}"), closing(screen):
        settings = training_settings(kind, chosen.model_dump(), 0)
        result = asyncio.run(train_in_child(kind, find(checkpoint), data, out, settings, screen))
    if as_json:
        print_json(training_figures(result))
    else:
        screen.say(
            f"{result.checkpoint}: {result.steps} steps, final loss {result.final_loss:.3f}, {result.tokens_per_s:,.0f} tokens/s"
        )
