"""Sources that need no download: the Python library's own modules, and practice at finding needles.

    python:GLOB                the modules of this machine's Python library that match, such as python:*.py
    needles:SOURCE             practice documents (`pretrain.data.needles`) with the lines of another source around the facts
    needles:SOURCE#LONGEST     the longest of them about so many characters (default 4,000)

SOURCE should be one that the recipe does not read otherwise: what is held out of a source would come back here.
"""

import random
import sysconfig
from collections.abc import Iterator
from pathlib import Path

from pretrain.errors import PretrainError

PYTHON_PREFIX, NEEDLES_PREFIX = "python:", "needles:"
LEFT_OUT = {"test", "tests", "idle_test", "encodings", "lib2to3", "site-packages", "dist-packages", "__pycache__"}
"""Folders of the library that are no prose of anybody's: tests' data, tables, other people's packages."""
LONGEST = 4000
TEXT_CHARACTERS = 64_000_000
"""Of the other source at most: its lines are held in memory, and more than this practice does not use up."""
PRACTICE_CHARACTERS = 8_000_000
"""Of practice text, so that a few million tokens of it come without a repetition."""


def is_builtin(source: str | Path) -> bool:
    """Whether the source is one of these."""
    return str(source).startswith((PYTHON_PREFIX, NEEDLES_PREFIX))


def is_needles(source: str | Path) -> bool:
    """Whether the source is practice, made of the lines of another one."""
    return str(source).startswith(NEEDLES_PREFIX)


def python_library(source: str) -> list[Path]:
    """The files of `python:GLOB`, in the order of their paths."""
    root = Path(sysconfig.get_path("stdlib"))
    pattern = source.removeprefix(PYTHON_PREFIX) or "**/*.py"
    try:
        found = [path for path in root.glob(pattern) if path.is_file()]
    except (ValueError, NotImplementedError) as error:
        raise PretrainError(f"{source}: {error}; write it like python:*.py or python:email/*.py") from None
    kept = sorted(path for path in found if not LEFT_OUT.intersection(path.relative_to(root).parts))
    if not kept:
        raise PretrainError(f"{source}: no module below {root} matches; python:*.py are those of the first level")
    return kept


def needles_of(source: str) -> tuple[str, int]:
    """(SOURCE, LONGEST) of `needles:SOURCE#LONGEST`."""
    text, _, longest = source.removeprefix(NEEDLES_PREFIX).partition("#")
    longest = longest or str(LONGEST)
    if not text or not longest.isdecimal():
        raise PretrainError(
            f"{source}: write it needles:SOURCE or needles:SOURCE#CHARACTERS, such as needles:docs#4000"
        )
    return text, int(longest)


def practice_documents(text: list[str], longest: int) -> Iterator[str]:
    """Practice with these lines around the facts; always the same, about PRACTICE_CHARACTERS in all."""
    from pretrain.data.needles import practice

    rng, written = random.Random(f"needles/{longest}"), 0
    while written < PRACTICE_CHARACTERS:
        document = practice(rng, text, longest)
        written += len(document)
        yield document
