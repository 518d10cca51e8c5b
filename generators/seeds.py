"""Seeds: problems with tests, and code snippets, read from JSONL or Parquet files of the user's.

Problem files in MBPP's own fields (`text`/`prompt`, `code`, `test_list`), in MBXP's and HumanEval's (`prompt`, `entry_point`, `test`,
`canonical_solution`) and in ours go in unchanged. A malformed row is skipped, counted and named by its line.
"""

import builtins
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from generators.extraction import defined_functions


class SeedError(Exception):
    """A seed file cannot be used; the message names file and line."""


@dataclass(frozen=True)
class Problem:
    """A task in words, and the tests that decide it."""

    id: str
    prompt: str
    tests: str
    """A Python assertion script, or one that defines `check(candidate)`."""
    entry_point: str
    reference: str = ""
    split: str = ""
    topic: str = ""
    difficulty: str = ""


@dataclass(frozen=True)
class Snippet:
    """A piece of code that inspires a problem (section 4.3.1, step 1)."""

    id: str
    code: str
    topic: str = ""


@dataclass(frozen=True)
class Seeds:
    """What a file gave, and what it did not."""

    path: Path
    items: list[Any]
    skipped: list[tuple[int, str]] = field(default_factory=list)
    """(line, why)"""

    def complaint(self) -> str:
        """`file.jsonl: skipped 2 rows (line 3: no "prompt"; line 9: ...)`; empty where none was."""
        shown = "; ".join(f"line {line}: {why}" for line, why in self.skipped[:5])
        more = f"; and {len(self.skipped) - 5} more" if len(self.skipped) > 5 else ""
        return f"{self.path}: skipped {len(self.skipped)} malformed rows ({shown}{more})" if self.skipped else ""


def load_problems(path: Path, *, split: str | None = None, ids: str | None = None, strict: bool = False) -> Seeds:
    """Problems of a file; only those of `split` where the file has splits, only the task numbers `ids` (`11-510,7`)."""
    seeds = _load(path, _problem, strict)
    chosen = [problem for problem in seeds.items if split is None or not problem.split or problem.split == split]
    if ids:
        wanted = _numbers(ids)
        chosen = [problem for problem in chosen if _number_of(problem.id) in wanted]
    if not chosen:
        raise SeedError(
            f"{path}: no problem left{f' in split {split}' if split else ''}{f' with ids {ids}' if ids else ''}. {seeds.complaint()}"
        )
    return Seeds(path, chosen, seeds.skipped)


def load_snippets(path: Path, *, strict: bool = False) -> Seeds:
    """Snippets of a JSONL or Parquet file, or of a folder of Python files."""
    if path.is_dir():
        files = sorted(file for file in path.rglob("*.py") if file.stat().st_size < 20_000)
        items = [Snippet(str(file.relative_to(path)), file.read_text(errors="replace")) for file in files]
        seeds = Seeds(path, [item for item in items if item.code.strip()])
    else:
        seeds = _load(path, _snippet, strict)
    if not seeds.items:
        raise SeedError(f"{path}: no snippet in it. {seeds.complaint()}")
    return seeds


def _load(path: Path, make: Callable[[dict[str, Any], int], Any], strict: bool) -> Seeds:
    items, skipped, seen = [], [], set()
    for line, row in _rows(path):
        try:
            if isinstance(row, Exception):
                raise ValueError(f"not JSON: {row}")
            if not isinstance(row, dict):
                raise ValueError("not an object")
            item = make(row, line)
            if item.id in seen:
                raise ValueError(f'id "{item.id}" appears twice')
            seen.add(item.id)
            items.append(item)
        except ValueError as error:
            if strict:
                raise SeedError(f"{path}:{line}: {error}; mend the row, or leave --strict out to skip it") from None
            skipped.append((line, str(error)))
    return Seeds(path, items, skipped)


def _rows(path: Path) -> Iterator[tuple[int, Any]]:
    if not path.is_file():
        raise SeedError(f"{path}: no such file")
    if path.suffix == ".parquet":
        import pyarrow
        import pyarrow.parquet

        try:
            yield from enumerate(pyarrow.parquet.read_table(path).to_pylist(), 1)
        except pyarrow.ArrowInvalid as error:
            raise SeedError(f"{path}: not a Parquet file: {error}") from None
        return
    with path.open(encoding="utf-8", errors="replace") as file:
        for number, line in enumerate(file, 1):
            if line.strip():
                try:
                    yield number, json.loads(line)
                except (ValueError, RecursionError) as error:
                    yield number, error


def _problem(row: dict[str, Any], line: int) -> Problem:
    tests = _tests(row)
    reference = _text(row, "code", "canonical_solution", default="")
    entry_point = _text(row, "entry_point", default="") or _called(tests, reference)
    if not entry_point:
        raise ValueError('no "entry_point", and no test that calls a function')
    prompt = _text(row, "prompt", "text")
    if "test" in row and "def " in prompt:  # HumanEval and MBXP: a signature with its docstring
        prompt = (
            _described(row, tests, entry_point) or f"Complete this Python function:\n```python\n{prompt.strip()}\n```"
        )
    elif not re.search(rf"`{re.escape(entry_point)}\b|\b{re.escape(entry_point)}\(", prompt):
        prompt = f"{prompt.strip()}\nYour code should pass this test:\n{tests.strip().splitlines()[-1]}"
    return Problem(
        str(row.get("task_id", line)),
        prompt.strip(),
        tests,
        entry_point,
        reference,
        str(row.get("split", "")),
        str(row.get("topic", "")),
        str(row.get("difficulty", "")),
    )


def _described(row: dict[str, Any], tests: str, entry_point: str) -> str:
    """MBXP carries MBPP's own sentence beside the signature: with the tests it is the prompt MBPP was made for."""
    shown = [line.strip() for line in tests.splitlines() if line.strip().startswith("assert candidate(")][:3]
    description = str(row.get("description") or "").strip()
    if not description or not shown:
        return ""
    examples = "\n".join(line.replace("candidate(", f"{entry_point}(", 1) for line in shown)
    return f"{description}\nYour code should pass these tests:\n{examples}"


def _tests(row: dict[str, Any]) -> str:
    if isinstance(row.get("test"), str):
        return str(row["test"])
    tests = row.get("test_list")
    if not isinstance(tests, list) or not tests or not all(isinstance(test, str) for test in tests):
        raise ValueError('no tests: needs "test_list" (a list of assert statements) or "test" (a script)')
    setup = [*(row.get("test_imports") or []), row.get("test_setup_code") or ""]
    return "\n".join([*filter(None, setup), *tests]) + "\n"


def _called(tests: str, reference: str) -> str:
    """The function under test: of those the tests call, one that the reference defines, else the first that is no builtin."""
    called = [name for name in re.findall(r"([A-Za-z_]\w{0,63})\(", tests) if not hasattr(builtins, name)]
    defined = defined_functions(reference)
    return next((name for name in called if name in defined), called[0] if called else "")


def _snippet(row: dict[str, Any], line: int) -> Snippet:
    code = _text(row, "code", "snippet", "content", "text")
    return Snippet(str(row.get("snippet_id") or row.get("id") or line), code, str(row.get("topic", "")))


def _text(row: dict[str, Any], *names: str, default: str | None = None) -> str:
    for name in names:
        if isinstance(row.get(name), str) and row[name].strip():
            return str(row[name])
    if default is None:
        raise ValueError(f'no text under "{names[0]}"' + (f" (or {', '.join(names[1:])})" if names[1:] else ""))
    return default


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
