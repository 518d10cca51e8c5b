"""Snippets of a folder of source files in any language of the sandbox."""

from collections.abc import Iterator
from pathlib import Path

from generators.seeds.fields import Snippet
from generators.seeds.found import Seeds, licence_of_card, not_their_own
from rows.places import files_in, open_regular
from sandbox.languages.table import LANGUAGES

LARGEST_FILE = 100_000
"""Bytes; a longer source file is generated, or data."""
EXCERPT_LINES = 40
"""Lines of one snippet taken from a source file."""


def snippets_of(folder: Path) -> Seeds[Snippet]:
    """Pieces of whole definitions, each of at most EXCERPT_LINES; a longer one's first."""
    languages = {suffix: language.name for language in LANGUAGES.values() for suffix in language.suffixes}
    items = []
    found = files_in(folder, tuple(languages), not_their_own)
    left_out = [(str(path.relative_to(folder)), why) for path, why in found.left_out]
    for file in found.files:
        name = str(file.relative_to(folder))
        with open_regular(file) as source:
            content = source.read(LARGEST_FILE + 1)
        if file.suffix not in languages:
            continue
        if len(content) > LARGEST_FILE or b"\0" in content:
            why = "no text" if b"\0" in content else f"longer than {LARGEST_FILE:,} bytes"
            left_out.append((name, why))
            continue
        language = languages[file.suffix]
        for line, piece in _excerpts(content.decode("utf-8-sig", errors="replace")):
            items.append(Snippet(f"{name}:{line}", piece, name.split("/")[0], language))
    licences = {licence_of_card(folder): len(items)} if items else {}
    return Seeds(folder, items, left_out, licences, unit="files that are not read")


def _excerpts(source: str) -> Iterator[tuple[int, str]]:
    """(first line, text) of consecutive pieces that begin at a line without indentation after an empty one."""
    lines = source.split("\n")
    begin = 0
    for at in range(1, len(lines) + 1):
        ends = at == len(lines) or (not lines[at - 1].strip() and bool(lines[at][:1].strip()))
        if ends and (at - begin >= 4 or at == len(lines)):
            piece = "\n".join(lines[begin : min(at, begin + EXCERPT_LINES)]).strip("\n")
            if piece.strip():
                yield begin + 1, piece + "\n"
            begin = at
