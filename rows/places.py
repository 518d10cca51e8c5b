"""The files of a folder that somebody gave, and opening one: what a folder holds is its maker's choice, not ours.

A link that leads out of the folder would put a file of the host's into prompts and data sets; a pipe or a device never
ends. Neither is read.
"""

import os
import stat
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import IO, Any

LINK_OUT = "a link that leads out of the folder"
NO_FILE = "a pipe, a device or the like, no file"
CARD = "README.md"
"""What a data set of the Hub says of itself, which of its files are of which configuration among it."""
LARGEST_CARD = 1 << 16
"""Bytes of it that are read: what it says of files stands at its head."""


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


def configurations(folder: Path, files: Sequence[Path]) -> dict[str, set[Path]]:
    """Configuration -> those of the files that are its own; only configurations that have any."""
    named = {str(one["config_name"]): _patterns_of(one) for one in _told(folder)}
    found = {
        name: {file for file in files for pattern in patterns if _is_meant(file.relative_to(folder), pattern)}
        for name, patterns in named.items()
    }
    return {name: own for name, own in found.items() if own}


def _told(folder: Path) -> list[dict[str, Any]]:
    """The entries under `configs` in the front matter of the card; none where there is no card, or it says none."""
    import yaml

    if leaves(folder / CARD, folder):
        return []
    with open_regular(folder / CARD) as card:
        head, _, rest = card.read(LARGEST_CARD).decode("utf-8-sig", "replace").replace("\r\n", "\n").partition("\n")
    front, end, _ = rest.partition("\n---")
    if head.strip() != "---" or not end:
        return []
    try:
        told = yaml.safe_load(front)
    except (yaml.YAMLError, ValueError, RecursionError):
        return []
    configs = told.get("configs") if isinstance(told, dict) else None
    return (
        [one for one in configs if isinstance(one, dict) and "config_name" in one] if isinstance(configs, list) else []
    )


def _patterns_of(one: dict[str, Any]) -> list[str]:
    """Those of a configuration, which may have a folder of its own (`data_dir`)."""
    patterns, below = list(_patterns(one.get("data_files"))), one.get("data_dir")
    if not isinstance(below, str):
        return patterns
    return [f"{below.rstrip('/')}/{pattern}" for pattern in patterns or ["*"]]


def _patterns(data_files: Any) -> Iterator[str]:
    """The paths of `data_files`, with or without their splits."""
    if isinstance(data_files, str):
        yield data_files
    elif isinstance(data_files, list):
        for one in data_files:
            yield from _patterns(one.get("path") if isinstance(one, dict) else one)
    elif isinstance(data_files, dict):
        for one in data_files.values():
            yield from _patterns(one if isinstance(one, str | list) else None)


def _is_meant(file: Path, pattern: str) -> bool:
    return fnmatchcase(file.as_posix(), pattern.removeprefix("./"))
