"""Where templates are found: the user's folders first, then ours. Putting a file at the same path overrides one."""

import difflib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from prompts.template import Prompt, PromptError, parse, suggest
from rows.messages import Message
from rows.places import files_in, leaves

BUILTIN = Path(__file__).resolve().parent
SUFFIX = ".j2"


class Library:
    """All templates in view, read once: editing a file in the middle of a run changes nothing of that run."""

    def __init__(self, overrides: Sequence[Path] = ()) -> None:
        for folder in overrides:
            if not folder.is_dir():
                raise PromptError(f"{folder}: the prompts folder does not exist; make it, or leave --prompts out")
        self.folders = [*overrides, BUILTIN]
        self._read: dict[str, Prompt] = {}

    def within(self, folder: Path) -> "Library":
        """This library with one more folder, looked into after the user's overrides and before ours."""
        return Library([*self.folders[:-1], folder])

    def names(self) -> list[str]:
        """All template names, such as `code/problem`. A link that leads out of its folder is none."""
        found = {
            file.relative_to(folder).with_suffix("").as_posix()
            for folder in self.folders
            for file in files_in(folder, (SUFFIX,)).files
        }
        return sorted(found)

    def get(self, name: str) -> Prompt:
        """The template of that name, from the first folder that has it."""
        if name not in self._read:
            path = next(
                (
                    folder / f"{name}{SUFFIX}"
                    for folder in self.folders
                    if not leaves(folder / f"{name}{SUFFIX}", folder)
                ),
                None,
            )
            if path is None:
                raise PromptError(f"{name}: no such template{suggest(name, self.names())}")
            self._read[name] = parse(name, path)
        return self._read[name]

    def is_override(self, name: str) -> bool:
        """Whether the user's own file is used."""
        return BUILTIN not in self.get(name).path.parents

    def overrides_nothing(self, name: str) -> str:
        """The built-in name that a template of the user's folder was perhaps meant to have; empty where it has one or is like none."""
        ours = [file.relative_to(BUILTIN).with_suffix("").as_posix() for file in files_in(BUILTIN, (SUFFIX,)).files]
        return "" if name in ours else next(iter(difflib.get_close_matches(name, ours, n=1, cutoff=0.8)), "")

    def render(self, name: str, values: Mapping[str, Any]) -> list[Message]:
        """The rendered conversation of template `name`."""
        return self.get(name).render(values)
