"""The files of a folder that somebody gave, and opening one: what a folder holds is its maker's choice, not ours.

A link that leads out of the folder would put a file of the host's into prompts and data sets; a pipe or a device never
ends. Neither is read.
"""

import os
import stat
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO

LINK_OUT = "a link that leads out of the folder"
NO_FILE = "a pipe, a device or the like, no file"


@dataclass(frozen=True)
class Found:
    """What lies in a folder and below it."""

    files: list[Path]
    """Regular files by path; a link to one within the folder counts as one."""
    left_out: list[tuple[Path, str]]
    """(path, why)"""


def files_in(
    folder: Path, suffixes: tuple[str, ...] = ("",), skips: Callable[[str], bool] = lambda name: False
) -> Found:
    """The files whose names end like that. Folders of a name that `skips` are not entered, nor are links to
    folders.
    """
    files: list[Path] = []
    left_out: list[tuple[Path, str]] = []
    for here, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not skips(name)]
        for path in (Path(here, name) for name in names if name.endswith(suffixes)):
            why = leaves(path, folder)
            if why:
                left_out.append((path, why))
            else:
                files.append(path)
    return Found(sorted(files), sorted(left_out))


def leaves(path: Path, folder: Path) -> str:
    """Why a path in `folder` is not to be read: it leads out of it, or to what is no file. Empty where it is."""
    try:
        if not path.resolve().is_relative_to(folder.resolve()):
            return LINK_OUT
        return "" if stat.S_ISREG(path.stat().st_mode) else NO_FILE
    except (OSError, RuntimeError) as error:  # a link to nothing, or a circle of them
        return f"cannot be read: {getattr(error, 'strerror', None) or error}"


def open_regular(path: Path) -> IO[bytes]:
    """The file, opened to be read. Raises OSError where it is none: opening a pipe would wait for somebody to write."""
    file = os.fdopen(os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC), "rb")
    if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
        file.close()
        raise OSError(NO_FILE)
    return file
