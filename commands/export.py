"""`lab export`: SFT data as other trainers read it."""

import os
from pathlib import Path
from typing import Annotated

import typer

from commands.door import door, fail
from commands.options import Json, place, print_json, say
from commands.shape import Commands

app = Commands()


@app.command(
    needs={"--public": "--push"},
    examples=(
        "lab export runs/x --format alpaca",
        "lab export runs/x --format sharegpt --out mine.jsonl",
        "lab export clean --format messages",
        "lab export runs/x --push me/my-data",
    ),
)
@door()
def export(
    run: Annotated[Path, typer.Argument(metavar="RUN", help="A run directory, or what `lab filter` left.")],
    form: Annotated[
        str, typer.Option("--format", help="messages, prompt-completion, sharegpt or alpaca.")
    ] = "messages",
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            "-o",
            parser=place,
            metavar="PATH",
            help="JSONL file; default RUN/export/FORMAT.jsonl, of a filter's folder FOLDER-FORMAT.jsonl beside it.",
        ),
    ] = None,
    push: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="Upload the data set itself to the Hub as this data set (private)."),
    ] = None,
    public: Annotated[bool, typer.Option("--public", help="With --push: let everybody see it.")] = False,
    as_json: Json = False,
) -> None:
    """Write SFT data as other trainers read it.

    Nothing leaves this machine without --push.
    """
    from rows.formats import FORMATS, convert, data_of
    from rows.formats import push as push_to_hub

    if form not in FORMATS:
        raise typer.BadParameter(f"{form}: known are {', '.join(FORMATS)}", param_hint="--format")
    data = data_of(run)
    target = out or (_beside(run, form) if data == run else run / "export" / f"{form}.jsonl")
    try:
        found = convert(run, form, target)
        address = push_to_hub(data, push, private=not public) if push else None
    except OSError as error:
        fail(f"{target}: cannot be written: {error.strerror}")
    if as_json:
        print_json({"out": str(target), "rows": found.rows, "left_out": found.left_out, "pushed": address})
    else:
        told = (
            f"; {found.left_out} left out, which {form} cannot say or end without an answer" if found.left_out else ""
        )
        say(f"{found.rows} rows in {target}{told}" + (f"\npushed to {address}" if address else ""))


def _beside(folder: Path, form: str) -> Path:
    """Where a data set's folder itself would be given another file of rows, which its readers would take for more data."""
    return Path(os.path.normpath(folder / "..")) / f"{folder.resolve().name}-{form}.jsonl"
