"""What several commands share: options, and how they print and fail."""

import json
import sys
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer

Checkpoint = Annotated[
    str, typer.Option("--checkpoint", "-c", help="Hugging Face directory, Hub id, server URL, or `default`.")
]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object on stdout, and nothing else there.")]
Set = Annotated[
    list[str], typer.Option("--set", metavar="PATH=VALUE", help="Set any value of the recipe; may be repeated.")
]
Prompts = Annotated[Path | None, typer.Option("--prompts", help="Folder whose templates override the built-in ones.")]
RunDir = Annotated[Path, typer.Argument(metavar="RUN", help="A run directory.")]

NOT_MET = 3
INTERRUPTED = 130


def console(stderr: bool = False) -> Any:
    """A rich console on stdout, or on stderr."""
    from rich.console import Console

    return Console(stderr=stderr)


def print_json(data: Any) -> None:
    """One JSON object on stdout."""
    print(json.dumps(data, ensure_ascii=True))


def fail(error: object) -> NoReturn:
    """Say why on stderr and end with exit code 1."""
    print(f"lab: {error}", file=sys.stderr)
    raise typer.Exit(1)
