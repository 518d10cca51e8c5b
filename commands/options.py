"""What several commands share: options, and how they print."""

import contextlib
import json
import logging
import sys
import traceback
import warnings
from pathlib import Path
from typing import Annotated, Any

import typer

Checkpoint = Annotated[
    str, typer.Option("--checkpoint", "-c", help="Hugging Face directory, Hub id, server URL, or `default`.")
]
Model = Annotated[
    str | None,
    typer.Option("--model", help="Which model of a server that has several; only where the checkpoint is a URL."),
]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object on stdout, and nothing else there.")]
Set = Annotated[
    list[str], typer.Option("--set", metavar="PATH=VALUE", help="Set any value of the recipe; may be repeated.")
]
Prompts = Annotated[Path | None, typer.Option("--prompts", help="Folder whose templates override the built-in ones.")]
RunDir = Annotated[Path, typer.Argument(metavar="RUN", help="A run directory.")]


def place(text: str) -> Path:
    """Where something is to be written: an empty name, such as that of an unset variable, is not the working directory."""
    if not text.strip():
        raise typer.BadParameter("is empty; name a place, or . for the working directory")
    return Path(text)


def above_zero(number: float | None) -> float | None:
    """A measure of which nothing is none."""
    if number is not None and not number > 0:
        raise typer.BadParameter(f"{number:g} is not above 0")
    return number


def folder(text: str) -> Path:
    """A checkpoint's or tokenizer's folder by its path, or as `default` like everywhere else."""
    from checkpoints.directory import DEFAULT, DEFAULT_DIR

    if text != DEFAULT:
        return place(text)
    if not DEFAULT_DIR.exists():
        raise typer.BadParameter("the default checkpoint is not there yet; `lab checkpoint` makes it")
    return DEFAULT_DIR


def is_run(dataset: Path) -> bool:
    """Whether a data set is a run, whose own data are meant. What a filter left has a ledger as well where a checkpoint was asked."""
    from curation.settings import TOLD
    from ledger.store import FILE

    filtered = (dataset / TOLD).is_file() and not (dataset / "data").is_dir()
    return (dataset / FILE).is_file() and not filtered


def with_model(checkpoint: str, model: str | None) -> str:
    """The checkpoint with the model of its server that was chosen: `URL#MODEL`."""
    if model is None:
        return checkpoint
    if not checkpoint.startswith(("http://", "https://")):
        raise typer.BadParameter(f"{model}: {checkpoint} is no server, which alone has models", param_hint="--model")
    if "#" in checkpoint:
        raise typer.BadParameter(f"{model}: {checkpoint} names one already", param_hint="--model")
    return f"{checkpoint}#{model}"


def console(stderr: bool = False) -> Any:
    """A rich console on stdout, or on stderr."""
    from report.live.shown import Shown

    return Shown(stderr=stderr, markup=False, emoji=False)


def say(text: object = "", *, stderr: bool = False, end: str = "\n", flush: bool = False) -> None:
    """Print for a person, as `print` does, but control characters by number: a name, an answer or a path may hold some that
    would act on the terminal. Every line of every command goes through here, or through `console`.
    """
    from sandbox.visible import visible

    print(visible(text), file=sys.stderr if stderr else sys.stdout, end=end, flush=flush)


def show_logs_only() -> None:
    """What libraries log and warn of, in their own words about what they read, is shown as `say` shows it."""
    from sandbox.visible import visible

    made = logging.getLogRecordFactory()
    if getattr(made, "shows_only", False):
        return

    def record(*arguments: Any, **named: Any) -> logging.LogRecord:
        found = made(*arguments, **named)
        with contextlib.suppress(
            TypeError, ValueError
        ):  # a message that its arguments do not fit is logging's to tell of
            found.msg, found.args = visible(found.getMessage()), ()
        if found.exc_info and found.exc_info[0]:
            found.exc_text = visible("".join(traceback.format_exception(*found.exc_info)).rstrip())
        return found

    record.shows_only = True  # type: ignore[attr-defined]
    logging.setLogRecordFactory(record)
    shown = warnings.formatwarning
    warnings.formatwarning = lambda *arguments, **named: visible(shown(*arguments, **named))


def print_json(data: Any) -> None:
    """One JSON object on stdout."""
    print(json.dumps(data, ensure_ascii=True))
