"""`lab prompts edit`: the user's own copy of a template, opened in an editor and checked."""

import shlex
import subprocess
from pathlib import Path

from prompts.check import check_template
from prompts.library import SUFFIX, Library
from prompts.template import PromptError, parse


def edit(name: str, folder: Path, editor: str) -> list[str]:
    """Copy template `name` into `folder` where it is not there yet, open it, and return the complaints about the result.

    Raises PromptError where there is no such template, its place is outside `folder`, or the editor fails.
    """
    own = folder / f"{name}{SUFFIX}"
    if not own.resolve().is_relative_to(folder.resolve()):
        raise PromptError(f"{name}: leads out of {folder}; `lab prompts list` names the templates")
    if not own.exists():
        source = Library().get(name).source
        own.parent.mkdir(parents=True, exist_ok=True)
        own.write_text(source, encoding="utf-8")
    try:
        subprocess.run([*shlex.split(editor), str(own)], check=True)
    except (OSError, ValueError, subprocess.CalledProcessError) as error:  # a quote of $EDITOR may be open
        raise PromptError(f"{own}:1: the editor `{editor}` failed: {error}; set $EDITOR") from None
    try:
        return check_template(parse(name, own))
    except PromptError as error:
        return [str(error)]
