"""A name that becomes a folder: it names one beside the others and leads nowhere else."""

from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator

LONGEST = 100


def refuse_elsewhere(name: str) -> str:
    """The name. Raises ValueError for one with `/`, one that begins with a dot, and the like."""
    if not name.strip() or len(name) > LONGEST or not name.isprintable() or set(name) & {"/", "\\"} or name[0] == ".":
        raise ValueError(
            f"{name[:LONGEST]!r} cannot name a folder: no / and no dot at its beginning, 1 to {LONGEST} characters"
        )
    return name


FolderName = Annotated[str, AfterValidator(refuse_elsewhere)]


def stage_name(generator: str) -> str:
    """How rows of the generator are named: a file's path is none of the data's affair."""
    return f"own/{Path(generator).stem}" if generator.endswith(".py") else generator
