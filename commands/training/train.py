"""`lab train`: one training of one checkpoint on one data set."""

import asyncio
import functools
from contextlib import closing
from pathlib import Path
from typing import Annotated, Any

import typer

from alignment.trainings import Training, trainings
from commands.door import GOES_ON, door, fail
from commands.options import Json, console, is_run, place, print_json, say
from commands.pretrain import train as pretrain_train
from commands.shape import Commands, Group
from commands.training import average


class Trainings(Group):
    """`lab train`, a command for each training: which there are is read when somebody asks for one."""

    def list_commands(self, ctx: Any) -> list[str]:
        return [*super().list_commands(ctx), *_commands()]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        return super().get_command(ctx, cmd_name) or _commands().get(cmd_name)


train_app = Commands(
    cls=Trainings,
    no_args_is_help=True,
    help="Train a checkpoint on data, or average several.",
)
pretrain_train.add(train_app)
average.add(train_app)


@functools.cache
def _commands() -> dict[str, Any]:
    """name -> `lab train NAME`; the example of each starts from the last checkpoint before it that answers."""
    app = Commands(rich_markup_mode=None)
    app.callback()(lambda: None)  # a group, also of one command
    start = "default"
    for training in trainings():
        _add(app, training, start)
        if training.policy:
            start = f"runs/x/checkpoints/{training.name}"
    return dict(typer.main.get_group(app).commands)


def _add(app: Commands, training: Training, start: str) -> None:
    @app.command(
        training.name,
        help=training.does,
        examples=(
            f"lab train {training.name} {start} --data runs/x/data/{training.data_set} "
            f"--out runs/x/checkpoints/{training.name}",
        ),
    )
    @door()
    def train(
        checkpoint: Annotated[str, typer.Argument(help=training.start)],
        data: Annotated[
            Path, typer.Option(help=f"A run, or Parquet or JSONL with {training.columns}; a folder of either.")
        ],
        out: Annotated[
            Path,
            typer.Option(
                "--out",
                "-o",
                parser=place,
                metavar="PATH",
                help="Where the trained checkpoint goes; resumed where unfinished.",
            ),
        ],
        sets: Annotated[
            list[str], typer.Option("--set", metavar="NAME=VALUE", help=f"A setting, such as {training.such_as}.")
        ] = [],  # noqa: B006
        dry_run: Annotated[
            bool, typer.Option("--dry-run", help="Check all that can be checked, and say what it will take.")
        ] = False,
        processes: Annotated[
            int | None,
            typer.Option(
                min=1,
                metavar="N",
                help="That train together, a GPU each; by default as many GPUs as cut a batch evenly.",
            ),
        ] = None,
        as_json: Json = False,
    ) -> None:
        _train(training, checkpoint, data, out, sets, dry_run, processes, as_json)


HELD_OUT = "held_out/"
"""How the figures begin that a training has of rows it was not trained on."""


def _train(
    training: Training,
    checkpoint: str,
    data: Path,
    out: Path,
    sets: list[str],
    only_look: bool,
    processes: int | None,
    as_json: bool,
) -> None:
    from alignment.child import processes_of, train_in_child
    from alignment.job import result_to_json
    from checkpoints.directory import find, is_url
    from recipes.reading import tree as yaml_tree
    from report.live.screen import Screen

    if is_url(checkpoint):
        fail(
            f"{checkpoint}: a server's weights cannot be trained; give a Hugging Face directory, a Hub id or `default`"
        )
    wishes: dict[str, Any] = {}
    yaml_tree.set_values(wishes, sets, f"NAME=VALUE, such as {training.such_as}")
    settings = yaml_tree.checked(training.settings, wishes, f"lab train {training.name}")
    if is_run(data):  # its own data set of that kind
        data = data / "data" / training.data_set
    start = find(checkpoint)
    if not data.exists():  # before anything is made of --out
        fail(f"{data}: no such data set")
    with door():
        many = processes_of(settings, processes)
    if only_look:
        _look(training, start, data, out, settings, many, as_json)
        return
    screen = Screen(console(stderr=as_json), as_json)
    if not (out / "training.json").exists():
        screen.say(f"train {training.name}: loading {start.name}")  # and half a minute of libraries on two cores
    with door(stopped=lambda: _left(out)), closing(screen):
        result = asyncio.run(train_in_child(training.name, start, data, out, settings, screen, many))
    if as_json:
        print_json(result_to_json(result))
    else:
        screen.say(
            f"{result.checkpoint}: {result.steps:,} {'step' if result.steps == 1 else 'steps'}, final loss {result.final_loss:.3f}, {result.tokens_per_s:,.0f} tokens/s"
        )
        if result.dropped:
            left_out = ", ".join(f"{count:,} {reason}" for reason, count in sorted(result.dropped.items()))
            screen.say(
                f"{result.rows:,} {'row' if result.rows == 1 else 'rows'} learned from; left out: {left_out}; {out / 'train.log'} names the first"
            )
        if result.stopped:
            screen.say(result.stopped)
        for name, points in result.metrics.items():
            if name.startswith(HELD_OUT):
                screen.say(f"{name}: {points[-1][1]:.4g}")


def _left(out: Path) -> str:
    """What a stop leaves behind."""
    from alignment.job import has_begun

    if (out / "training.json").exists():
        return f"{out} was trained to its end"
    return f"{out} keeps the last state, {GOES_ON}" if has_begun(out) else "no state was saved yet"


def _look(training: Training, start: Path, data: Path, out: Path, settings: Any, processes: int, as_json: bool) -> None:
    from dataclasses import asdict

    from alignment.dry_run import dry_run, told

    found = dry_run(training, start, data, out, settings, processes)
    if as_json:
        print_json(asdict(found))
    else:
        for line in told(found):
            say(line)
