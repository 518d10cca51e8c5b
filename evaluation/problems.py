"""Reads a file of problems and finds out by its rows which benchmark it is. A score is of every row, so none is skipped."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evaluation.benchmarks import BENCHMARKS, Benchmark
from evaluation.named import problems_file
from generators.seeds.found import SeedError
from generators.seeds.load import load
from recipes.schema import Evaluate
from rows.readers import EmptyLine, RowsError, stream


@dataclass(frozen=True)
class ProblemSet:
    """The problems that a checkpoint is held to."""

    title: str
    """The file's name, with the split and the numbers that were chosen."""
    benchmark: Benchmark
    problems: Sequence[Any]
    """Seeds of the benchmark's kind."""
    content: str
    """Names what the file holds (`generators.seeds.found.Seeds.content`)."""


def problem_set(wanted: Evaluate) -> ProblemSet:
    """The problems that a recipe's evaluation asks for. Raises as `read_problems` does, and EvaluationError."""
    return read_problems(problems_file(wanted), split=wanted.split, ids=wanted.ids)


def read_problems(path: Path, *, split: str | None = None, ids: str | None = None) -> ProblemSet:
    """The problems of a file, a folder or `hf:NAME`; only those of `split` and of the task numbers `ids` (`11-510,7`).

    Raises SeedError with the line of the first row that is no problem, or one of another kind than the rows before it.
    """
    try:
        benchmark = benchmark_of(path)
    except RowsError as error:
        raise SeedError(str(error)) from None
    seeds = load(benchmark.seeds, [path], split=split, ids=ids)
    if seeds.skipped:
        line, why = seeds.skipped[0]
        raise SeedError(f"{path}:{line}: {why}; mend the row or take it out: a score is of every row")
    chosen = ", ".join(filter(None, (split, ids)))
    return ProblemSet(path.stem + (f" ({chosen})" if chosen else ""), benchmark, seeds.items, seeds.content)


def benchmark_of(path: Path) -> Benchmark:
    """The benchmark that takes every row of the file. Raises SeedError, RowsError."""
    first: tuple[str, Benchmark] | None = None
    for place, row in stream(path):
        if isinstance(row, EmptyLine):
            continue
        if not isinstance(row, dict):
            raise SeedError(f"{place}: {row if isinstance(row, Exception) else 'not an object'}; mend the row")
        lacks = {benchmark.name: benchmark.lacks(row) for benchmark in BENCHMARKS}
        found = next((benchmark for benchmark in BENCHMARKS if not lacks[benchmark.name]), None)
        if found is None:
            told = "; ".join(f"as {name}: {why}" for name, why in lacks.items())
            raise SeedError(f"{place}: no problem whose answer can be judged. Read {told}")
        first = first or (place, found)
        if found is not first[1]:
            raise SeedError(
                f"{place}: {found.name}, and {first[0]} is {first[1].name}; give each kind a file of its own"
            )
    if first is None:
        raise SeedError(f"{path}: no row in it")
    return first[1]
