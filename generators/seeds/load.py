"""Reads seeds from the user's files, folders or `datasets`.

A malformed row is skipped, counted and named by its line. Small files are read and checked as a whole; above `EAGER_BYTES`
rows are read when their turn comes, so that two million of them start at once, and a bad one becomes a rejected attempt.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from generators.seeds.fields import LacksError, Problem, Snippet
from generators.seeds.found import BadSeedError, S, SeedError, Seeds, licence_of_card, licence_of_row, not_their_own
from generators.seeds.kinds import KINDS, PROBLEMS, Kind
from rows.by_number import open_rows, size_bytes
from rows.encoding import encodable_value, listed, shown
from rows.places import files_in
from rows.readers import HUB, RowsError

__all__ = ["BadSeedError", "SeedError", "Seeds", "load", "load_problems"]

EAGER_BYTES = 32 << 20
"""Above this size a file is not read before it is needed."""
PROBES = 1000
"""Rows of such a file, evenly taken, by which it is known again."""
ROWS = (".jsonl", ".parquet")
"""How files of rows end, beside which a folder holds no source code."""
LONGEST_RANGE = 100
"""Characters of `11-510`."""
Parse = Callable[[dict[str, Any], int], S]


def load(
    kind: Kind[S],
    paths: Sequence[Path],
    *,
    split: str | None = None,
    ids: str | None = None,
    strict: bool = False,
    mix: int | None = None,
    seed: int = 0,
) -> Seeds[S]:
    """Seeds of `kind` from one source or several; only those of `split` and of the task numbers `ids` (`11-510,7`).

    `mix` draws that many seeds for each prompt, see `generators.seeds.mixed`. Raises SeedError.
    """
    if mix and not kind.mix:
        known = " or ".join(other.name for other in KINDS.values() if other.mix)
        raise SeedError(f"mix: {mix}: only {known} can be mixed into one prompt, and this generator takes {kind.name}")
    sources = [_load(path, kind, strict, whole=bool(split or ids)) for path in paths]
    splits = {item.split for source in sources for item in source.items if item.split} if split else set()
    if split and split not in splits:
        known = f"known are {listed(sorted(splits))}" if splits else "no row has a split, so there is none to choose"
        raise SeedError(f"{', '.join(map(str, paths))}: split {split}: {known}")
    for number, source in enumerate(sources):
        if split or ids:
            sources[number] = _chosen(source, split, ids)
        if not len(sources[number].items):
            said = ". ".join(
                filter(None, [f"no {kind.name} in it{_wanted(split, ids)}{_numbered(source, ids)}", source.complaint()])
            )
            raise SeedError(f"{paths[number]}: {said}")
    first, several = sources[0], len(sources) > 1
    skipped = [
        (f"{source.path}:{place}" if several else place, why) for source in sources for place, why in source.skipped
    ]
    licences = sum((Counter(source.licences) for source in sources), Counter[str]())
    groups = _apart([source.items for source in sources])
    items: Sequence[S] = groups[0] if len(groups) == 1 else _Chain(groups)
    if mix and kind.mix:
        items = kind.mix(groups, mix, seed)
    content = hashlib.sha256("\n".join(map(_content, groups)).encode()).hexdigest()[:32]
    return Seeds(first.path, items, skipped, dict(licences), first.unit, several, content)


def load_problems(
    path: Path, *, split: str | None = None, ids: str | None = None, strict: bool = False
) -> Seeds[Problem]:
    """Problems with tests of one file."""
    return load(PROBLEMS, [path], split=split, ids=ids, strict=strict)


def _apart(groups: Sequence[Sequence[S]]) -> list[Sequence[S]]:
    """The seeds of several sources, where one of a later source is under `2:11` if an earlier one has another 11: what shares an id
    is taken for one problem. Of rows that are read when their turn comes nobody knows, so those of a later source always are.
    """
    told: list[Sequence[S]] = []
    seen: dict[str, S] = {}
    unknown = False
    for number, items in enumerate(groups, 1):
        source = f"{number}:" if number > 1 else ""
        if isinstance(items, _Parsed):
            unknown = True
            told.append(items.under(source))
        else:
            told.append(
                [_under(source, item) if unknown or seen.get(item.id, item) != item else item for item in items]
            )
            seen |= {item.id: item for item in items if item.id not in seen}
    return told


def _under(source: str, item: Any) -> Any:
    return replace(item, id=f"{source}{item.id}") if source else item


def _load(path: Path, kind: Kind[S], strict: bool, whole: bool) -> Seeds[S]:
    if kind.folder and (kind.parse is None or path.is_dir()):
        found = kind.folder(path)
        beside = _rows_beside(found) if kind.parse else None
        if beside is None:
            return found
        if len(found.items) and not _loads(found):
            raise SeedError(
                f"{path}: holds rows ({beside.relative_to(path)}) and source files ({found.items[0].id}); name the files of rows "
                "themselves, or folders of source files alone"
            )
    assert kind.parse, f"{kind.name}: a kind has rows, folders, or both"
    try:
        rows = open_rows(path)
    except RowsError as error:
        raise SeedError(str(error)) from None
    lazy = not strict and not whole and (str(path).startswith(HUB) or size_bytes(path) > EAGER_BYTES)
    card = licence_of_card(path)
    if lazy:
        named = Counter(licence_of_row(row, card) for _, row in (rows[n] for n in range(min(1000, len(rows)))))
        return Seeds(path, _Parsed(rows, kind.parse), licences=dict(named))
    items: list[S] = []
    skipped: list[tuple[int | str, str]] = []
    seen: set[str] = set()
    licences: Counter[str] = Counter()
    for line, row in rows:
        try:
            item = _parsed(row, line, kind.parse)
            if item.id in seen:
                raise ValueError(f'id "{shown(item.id)}" appears twice')
        except ValueError as error:
            if str(error) == "an empty line":
                continue
            if strict:
                raise SeedError(f"{path}:{line}: {error}; mend the row, or leave --strict out to skip it") from None
            skipped.append((line, str(error)))
            continue
        seen.add(item.id)
        licences[licence_of_row(row, card)] += 1
        items.append(item)
    return Seeds(path, items, skipped, dict(licences))


def _rows_beside(source_files: Seeds[Any]) -> Path | None:
    """A file of rows in a folder of which the source files were read; fixtures of somebody else's code are none."""
    there = files_in(source_files.path, ROWS, not_their_own if len(source_files.items) else lambda folder: False)
    return next(iter([*there.files, *(path for path, _ in there.left_out)]), None)


def _loads(source_files: Seeds[Any]) -> bool:
    """Whether all that was found of source is the script of a data set, by which `datasets` loaded the rows beside it."""
    code = "\n".join(item.code for item in source_files.items if isinstance(item, Snippet))
    names = {item.id.rpartition(":")[0] for item in source_files.items}
    return len(names) == 1 and "Builder)" in code and "_split_generators" in code


def _parsed(row: Any, line: int, parse: Parse[S]) -> S:
    if isinstance(row, Exception):
        raise ValueError(str(row))
    if not isinstance(row, dict):
        raise ValueError("not an object")
    try:
        return parse(encodable_value(row), line)
    except LacksError as error:
        raise ValueError(f"{error}; the row has {listed(row)}") from None
    except RecursionError:
        raise ValueError("nested too deep") from None


def _content(items: Sequence[Any]) -> str:
    """Names what a source gave; of rows that are read when their turn comes their number and `PROBES` of them."""
    lazy = isinstance(items, _Parsed)
    numbers = range(0, len(items), max(1, len(items) // PROBES)) if lazy else range(len(items))
    digest = hashlib.sha256(str(len(items)).encode())
    for number in numbers:
        item = items.row(number) if isinstance(items, _Parsed) else items[number]
        digest.update(repr(item).encode("utf-8", "replace"))
    return digest.hexdigest()


class _Parsed(Sequence[S]):
    """Rows made into seeds when asked for."""

    def __init__(self, rows: Sequence[tuple[int, Any]], parse: Parse[S], source: str = "") -> None:
        self._rows = rows
        self._parse = parse
        self._source = source
        """What stands before their ids."""

    def __len__(self) -> int:
        return len(self._rows)

    def under(self, source: str) -> "_Parsed[S]":
        """The same, with that before their ids."""
        return _Parsed(self._rows, self._parse, source)

    def row(self, number: int) -> tuple[int, Any]:
        """Line and row as they stand in the source."""
        return self._rows[number]

    def __getitem__(self, number: Any) -> Any:
        line, row = self._rows[number]
        try:
            return _under(self._source, _parsed(row, line, self._parse))
        except ValueError as error:
            raise BadSeedError(line, str(error)) from None


class _Chain(Sequence[S]):
    """Several sources one after the other."""

    def __init__(self, parts: Sequence[Sequence[S]]) -> None:
        self._parts = parts

    def __len__(self) -> int:
        return sum(map(len, self._parts))

    def __getitem__(self, number: Any) -> Any:
        for part in self._parts:
            if number < len(part):
                return part[number]
            number -= len(part)
        raise IndexError(number)


def _chosen(seeds: Seeds[S], split: str | None, ids: str | None) -> Seeds[S]:
    wanted = _numbers(ids) if ids else None
    items = [
        item
        for item in seeds.items
        if (split is None or not item.split or item.split == split)
        and (wanted is None or any(_number_of(item.id) in part for part in wanted))
    ]
    return Seeds(seeds.path, items, seeds.skipped, seeds.licences, seeds.unit)


def _numbered(source: Seeds[Any], ids: str | None) -> str:
    numbers = [number for item in source.items if (number := _number_of(item.id)) >= 0] if ids else []
    return f"; its numbers are {min(numbers)} to {max(numbers)}" if numbers else ""


def _wanted(split: str | None, ids: str | None) -> str:
    return (f" in split {split}" if split else "") + (f" with ids {ids}" if ids else "")


def _numbers(ids: str) -> list[range]:
    numbers: list[range] = []
    for piece in ids.split(","):
        first, dash, last = piece.strip().partition("-")
        if not first.isdecimal() or (dash and not last.isdecimal()) or len(piece) > LONGEST_RANGE:
            raise SeedError(f'--ids {ids}: "{piece}" is neither a number nor a range such as 11-510')
        numbers.append(range(int(first), int(last or first) + 1))
    return numbers


def _number_of(task_id: str) -> int:
    digits = re.findall(r"\d+", task_id)
    return int(digits[-1]) if digits and len(digits[-1]) <= LONGEST_RANGE else -1
