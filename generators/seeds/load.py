"""Seeds: what a generator starts from, read from the user's files, folders or `datasets`.

A malformed row is skipped, counted and named by its line. Small files are read and checked as a whole; above `EAGER_BYTES`
rows are read when their turn comes, so that two million of them start at once, and a bad one becomes a rejected attempt.
"""

import random
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, overload

from generators.seeds import fields as seed_rows
from generators.seeds.fields import MathProblem, PlainRow, Problem, Skill, Snippet, Text
from rows.by_number import open_rows, size_bytes
from rows.readers import HUB, RowsError
from sandbox.languages.table import LANGUAGES

__all__ = [
    "MathProblem",
    "PlainRow",
    "Problem",
    "SeedError",
    "Seeds",
    "Skill",
    "Snippet",
    "Text",
    "load",
    "load_problems",
]

EAGER_BYTES = 32 << 20
"""Above this size a file is not read before it is needed."""
SOURCE_FILE_BYTES = 100_000
"""A longer source file is generated, or data."""
EXCERPT_LINES = 40
"""Lines of one snippet taken from a source file."""
TAIL = 0.3
"""Exponent on the sizes of groups in a mixed draw: 1 draws as the sources are, 0 draws every topic alike."""
Make = Callable[[dict[str, Any], int], Any]
KINDS: dict[str, Make] = {
    "problems with tests": seed_rows.problem,
    "snippets": seed_rows.snippet,
    "mathematics": seed_rows.math_problem,
    "texts or skills": seed_rows.text_or_skill,
    "rows": seed_rows.plain,
}
TYPES = {
    Problem: "problems with tests",
    Snippet: "snippets",
    MathProblem: "mathematics",
    Text: "texts",
    Skill: "skills",
}
"""Which kind a generator wants, by the annotation of its seed."""


class SeedError(Exception):
    """A seed file cannot be used; the message names file and line."""


class BadSeedError(SeedError):
    """A row of a large file is none, which shows only when its turn comes."""

    def __init__(self, line: int, why: str) -> None:
        super().__init__(f"line {line}: {why}")
        self.id = f"line {line}"


@dataclass(frozen=True)
class Seeds:
    """What the sources gave, and what they did not."""

    path: Path
    """The first source."""
    items: Sequence[Any]
    skipped: Sequence[tuple[int | str, str]] = ()
    """(line or place, why)"""
    licences: dict[str, int] = field(default_factory=dict)
    """Rows by the licence that they or a card beside them name; of a large file its first thousand."""
    unit: str = "malformed rows"

    def complaint(self) -> str:
        """`file.jsonl: skipped 2 rows (line 3: no "prompt"; line 9: ...)`; empty where none was."""
        places = (f"line {place}" if isinstance(place, int) else place for place, _ in self.skipped)
        shown = "; ".join(f"{place}: {why}" for place, (_, why) in zip(places, self.skipped[:5], strict=False))
        more = f"; and {len(self.skipped) - 5} more" if len(self.skipped) > 5 else ""
        return f"{self.path}: skipped {len(self.skipped)} {self.unit} ({shown}{more})" if self.skipped else ""


def load(
    kind: str,
    paths: Sequence[Path],
    *,
    split: str | None = None,
    ids: str | None = None,
    strict: bool = False,
    mix: int | None = None,
    seed: int = 0,
) -> Seeds:
    """Seeds of `kind` (see KINDS) from one source or several; only those of `split` and of the task numbers `ids` (`11-510,7`).

    `mix` draws that many snippets for each prompt, see `Mixed`. Raises SeedError.
    """
    make = KINDS[kind]
    sources = [_load(path, make, strict, whole=bool(split or ids)) for path in paths]
    for number, source in enumerate(sources):
        if split or ids:
            sources[number] = _chosen(source, split, ids)
        if not len(sources[number].items):
            raise SeedError(f"{paths[number]}: no {kind} in it{_wanted(split, ids)}. {source.complaint()}")
    skipped = [complaint for source in sources for complaint in source.skipped]
    licences = sum((Counter(source.licences) for source in sources), Counter[str]())
    groups = [source.items for source in sources]
    items: Sequence[Any] = groups[0] if len(groups) == 1 else _Chain(groups)
    if mix:
        if make is not seed_rows.snippet:
            raise SeedError(f"mix: {mix}: only snippets can be mixed into one prompt, and this generator takes {kind}")
        items = Mixed(groups, mix, seed)
    return Seeds(sources[0].path, items, skipped, dict(licences))


def load_problems(path: Path, *, split: str | None = None, ids: str | None = None, strict: bool = False) -> Seeds:
    """Problems with tests of one file."""
    return load("problems with tests", [path], split=split, ids=ids, strict=strict)


class Mixed(Sequence[Snippet]):
    """Prompts of `count` snippets each, drawn for a long tail: a source's or topic's chance grows with its size only a little.

    The draw of number i depends on `seed` and i alone, so a resumed run meets the same prompts.
    """

    def __init__(self, sources: Sequence[Sequence[Any]], count: int, seed: int) -> None:
        self._groups = [group for source in sources for group in _groups(source)]
        self._weights = [len(members) ** TAIL for _, members in self._groups]
        self._count = count
        self._seed = seed

    def __len__(self) -> int:
        return sum(len(members) for _, members in self._groups)

    @overload
    def __getitem__(self, number: int) -> Snippet: ...

    @overload
    def __getitem__(self, number: slice) -> list[Snippet]: ...

    def __getitem__(self, number: Any) -> Any:
        if isinstance(number, slice):
            return [self[i] for i in range(*number.indices(len(self)))]
        if not 0 <= number < len(self):
            raise IndexError(number)
        order = random.Random(f"{self._seed}/{number}")
        left = list(range(len(self._groups)))
        drawn: list[Snippet] = []
        while len(drawn) < self._count:
            left = left or list(range(len(self._groups)))  # fewer groups than snippets: round again
            at = order.choices(left, [self._weights[group] for group in left])[0]
            left.remove(at)
            source, members = self._groups[at]
            drawn.append(source[members[order.randrange(len(members))]])
        first = drawn[0]
        ids = "+".join(snippet.id for snippet in drawn)
        code = "\n\n".join(snippet.code.strip("\n") for snippet in drawn)
        return Snippet(ids, code, first.topic, first.programming_language)


def _groups(source: Sequence[Any]) -> Iterator[tuple[Sequence[Any], Sequence[int]]]:
    """(source, positions of its members) of each topic; a source too large to be read is one group."""
    if not isinstance(source, list):
        yield source, range(len(source))
        return
    topics: dict[tuple[str, str], list[int]] = {}
    for position, snippet in enumerate(source):
        topics.setdefault((snippet.programming_language, snippet.topic), []).append(position)
    for members in topics.values():
        yield source, members


class _Made(Sequence[Any]):
    """Rows made into seeds when asked for."""

    def __init__(self, rows: Sequence[tuple[int, Any]], make: Make) -> None:
        self._rows = rows
        self._make = make

    def __len__(self) -> int:
        return len(self._rows)

    def __getitem__(self, number: Any) -> Any:
        line, row = self._rows[number]
        try:
            return _made(row, line, self._make)
        except ValueError as error:
            raise BadSeedError(line, str(error)) from None


class _Chain(Sequence[Any]):
    """Several sources one after the other."""

    def __init__(self, parts: Sequence[Sequence[Any]]) -> None:
        self._parts = parts

    def __len__(self) -> int:
        return sum(map(len, self._parts))

    def __getitem__(self, number: Any) -> Any:
        for part in self._parts:
            if number < len(part):
                return part[number]
            number -= len(part)
        raise IndexError(number)


def _load(path: Path, make: Make, strict: bool, whole: bool) -> Seeds:
    if (
        make is seed_rows.snippet
        and path.is_dir()
        and not any(path.rglob("*.jsonl"))
        and not any(path.rglob("*.parquet"))
    ):
        return _source_files(path)
    try:
        rows = open_rows(path)
    except RowsError as error:
        raise SeedError(str(error)) from None
    lazy = not strict and not whole and (str(path).startswith(HUB) or size_bytes(path) > EAGER_BYTES)
    card = licence_of_card(path)
    if lazy:
        named = Counter(_licence(row, card) for _, row in (rows[n] for n in range(min(1000, len(rows)))))
        return Seeds(path, _Made(rows, make), licences=dict(named))
    items: list[Any] = []
    skipped: list[tuple[int | str, str]] = []
    seen: set[str] = set()
    licences: Counter[str] = Counter()
    for line, row in rows:
        try:
            item = _made(row, line, make)
            if item.id in seen:
                raise ValueError(f'id "{item.id}" appears twice')
        except ValueError as error:
            if str(error) == "an empty line":
                continue
            if strict:
                raise SeedError(f"{path}:{line}: {error}; mend the row, or leave --strict out to skip it") from None
            skipped.append((line, str(error)))
            continue
        seen.add(item.id)
        licences[_licence(row, card)] += 1
        items.append(item)
    return Seeds(path, items, skipped, dict(licences))


def _made(row: Any, line: int, make: Make) -> Any:
    if isinstance(row, Exception):
        raise ValueError(str(row))
    if not isinstance(row, dict):
        raise ValueError("not an object")
    return make(row, line)


def _source_files(folder: Path) -> Seeds:
    """Snippets of a folder of source files in any language of the sandbox: pieces of whole definitions, at most 40 lines."""
    languages = {suffix: language.name for language in LANGUAGES.values() for suffix in language.suffixes}
    items = []
    for file in sorted(file for file in folder.rglob("*") if file.suffix in languages and file.is_file()):
        if file.stat().st_size > SOURCE_FILE_BYTES:
            continue
        name, language = str(file.relative_to(folder)), languages[file.suffix]
        for line, piece in _excerpts(file.read_text(errors="replace")):
            items.append(Snippet(f"{name}:{line}", piece, name.split("/")[0], language))
    return Seeds(folder, items, licences={licence_of_card(folder): len(items)} if items else {})


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


def _licence(row: Any, card: str) -> str:
    named = (
        (row.get("license") or row.get("licence") or row.get("max_stars_repo_licenses"))
        if isinstance(row, dict)
        else ""
    )
    return str(named)[:60] if named else card


def licence_of_card(path: Path) -> str:
    """The licence in the front matter of a README.md beside the data."""
    card = (path if path.is_dir() else path.parent) / "README.md"
    if card.is_file() and (
        found := re.search(r"^licen[sc]e: *(.{1,60})$", card.read_text(errors="replace")[:4000], re.M)
    ):
        return found[1].strip()
    return "not stated"


def _chosen(seeds: Seeds, split: str | None, ids: str | None) -> Seeds:
    wanted = _numbers(ids) if ids else None
    items = [
        item
        for item in seeds.items
        if (split is None or not item.split or item.split == split)
        and (wanted is None or _number_of(item.id) in wanted)
    ]
    return Seeds(seeds.path, items, seeds.skipped, seeds.licences)


def _wanted(split: str | None, ids: str | None) -> str:
    return (f" in split {split}" if split else "") + (f" with ids {ids}" if ids else "")


def _numbers(ids: str) -> set[int]:
    numbers: set[int] = set()
    for piece in ids.split(","):
        first, dash, last = piece.strip().partition("-")
        if not first.isdecimal() or (dash and not last.isdecimal()):
            raise SeedError(f'--ids {ids}: "{piece}" is neither a number nor a range such as 11-510')
        numbers.update(range(int(first), int(last or first) + 1))
    return numbers


def _number_of(task_id: str) -> int:
    digits = re.findall(r"\d+", task_id)
    return int(digits[-1]) if digits else -1
