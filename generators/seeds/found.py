"""What was found where seeds were looked for: the seeds, what was skipped and why, and whose they are."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Generic, Protocol, TypeVar

from rows.encoding import encodable
from rows.places import leaves, open_regular

INSTALLED = frozenset({"node_modules", "site-packages", "build", "dist", "venv", "env", "__pycache__"})
"""Folders of a repository whose code is somebody else's, or made."""


class Seed(Protocol):
    """What every seed has, of whatever kind."""

    @property
    def id(self) -> str:
        """Unlike that of the others from its source."""

    @property
    def split(self) -> str:
        """`train`, `heldout`, ...; empty where the source makes no difference."""


S = TypeVar("S", bound=Seed)


class SeedError(Exception):
    """A seed file cannot be used; the message names file and line."""


class BadSeedError(SeedError):
    """A row of a large file is none, which shows only when its turn comes."""

    def __init__(self, line: int, why: str) -> None:
        super().__init__(f"line {line}: {why}")
        self.id = f"line {line}"


@dataclass(frozen=True)
class Seeds(Generic[S]):
    """What the sources gave, and what they did not."""

    path: Path
    """The first source."""
    items: Sequence[S]
    skipped: Sequence[tuple[int | str, str]] = ()
    """(line or place, why)"""
    licences: dict[str, int] = field(default_factory=dict)
    """Rows by the licence that they or a card beside them name; of a large file its first thousand."""
    unit: str = "malformed rows"
    several: bool = False
    """Whether there are several sources, so that each place of `skipped` names its own."""
    content: str = ""
    """Names the seeds by what they are: attempts are numbered over them, so a run goes on with these and no others."""

    def complaint(self) -> str:
        """`file.jsonl: skipped 3 rows (line 3, line 4: no "prompt"; line 9: ...)`; of several files each place has its own. Empty
        where none was.
        """
        places: dict[str, list[str]] = {}
        for place, why in self.skipped[:5]:
            places.setdefault(why, []).append(f"line {place}" if isinstance(place, int) else place)
        shown = "; ".join(f"{', '.join(found)}: {why}" for why, found in places.items())
        more = f"; and {len(self.skipped) - 5} more" if len(self.skipped) > 5 else ""
        where = "" if self.several else f"{self.path}: "
        return f"{where}skipped {len(self.skipped)} {self.unit} ({shown}{more})" if self.skipped else ""


def not_their_own(folder: str) -> bool:
    """Whether a folder of that name, within one of source code, is passed over."""
    return folder in INSTALLED or folder.startswith(".")


def licence_of_card(path: Path) -> str:
    """The licence in the front matter of a README.md beside the data."""
    folder = path if path.is_dir() else path.parent
    card = folder / "README.md"
    if leaves(card, folder):
        return "not stated"
    with open_regular(card) as file:
        text = file.read(4000).decode(errors="replace")
    found = re.search(r"^licen[sc]e:((?:\s*\n *- *.{1,60}$)+| *\S.{0,59}$)", text, re.M)  # a list, or one alone
    lines = found[1].split("\n") if found else ()
    return ", ".join(line.strip(" -\r") for line in lines if line.strip()) or "not stated"


def licence_of_row(row: Any, card: str) -> str:
    """The licence that a row names, else that of the card beside it."""
    named = (
        (row.get("license") or row.get("licence") or row.get("max_stars_repo_licenses"))
        if isinstance(row, dict)
        else ""
    )
    return encodable(str(named)[:60]) if named else card
