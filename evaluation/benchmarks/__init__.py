"""The benchmarks: a row each says which rows of a file it takes, how one is asked and judged, and what figure comes of it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from evaluation.benchmarks.instructions import INSTRUCTIONS, follow, followed_table, instructed
from evaluation.benchmarks.mathematics import answer_question
from evaluation.benchmarks.needle import NEEDLES, find_needle, needle, needle_table, said
from evaluation.statistics import Score, score
from generators.attempts import Generator
from generators.code.rejection_sampling import rejection_sampling
from generators.seeds.fields import math_problem, problem
from generators.seeds.kinds import MATHEMATICS, PROBLEMS, Kind
from ledger import Row
from ledger.facts import TableFigures
from verification.quantities import LONGEST_ANSWER


@dataclass(frozen=True)
class Benchmark:
    """One kind of problem that a checkpoint can be held to."""

    name: str
    """One of its problems, as messages call it."""
    seeds: Kind[Any]
    lacks: Callable[[dict[str, Any]], str]
    """What a row of a file lacks to be one; empty where it is one."""
    attempt: Generator
    """Asks one of them once, and accepts what is right."""
    sandbox: bool
    """Whether programs run."""
    metric: Callable[[str, Mapping[str, list[bool]], Mapping[str, str]], Score] = score
    """(title, problem -> whether each sample is right, problem -> difficulty) -> the figure; pass@1 where not given."""
    words: Callable[[Any], str] = lambda problem: ""
    """What a problem of it asks, as its rows have it; empty where that is not known beforehand."""
    capability: str = ""
    """How the names of the generators begin that make data for it; empty where there are none."""
    table: Callable[[Sequence[Any], Sequence[Row]], TableFigures] | None = None
    """(problems, rows of their answers) -> where the right ones are; none where one figure says it all."""


def no_tests(row: dict[str, Any]) -> str:
    """What a row lacks to be a problem with tests (MBPP's, MBXP's, HumanEval's fields and ours)."""
    return _why_not(problem, row)


def no_final_answer(row: dict[str, Any]) -> str:
    """What a row lacks to be a question of mathematics whose answer is known (GSM8K's, MATH's fields and ours)."""
    if "needle" in row:
        return 'it has a "needle"'
    if why := _why_not(math_problem, row):
        return why
    answer = math_problem(row, 0).answer
    if not answer:
        return 'no final answer: needs "answer" (ending in `#### 42`, or nothing but it) or "solution" with a \\boxed{}'
    if len(answer) > LONGEST_ANSWER or "\n" in answer:
        return '"answer" is a text and no final answer: end it in `#### 42`'
    return ""


def _why_not(parse: Callable[[dict[str, Any], int], Any], row: dict[str, Any]) -> str:
    try:
        parse(row, 0)
    except ValueError as error:
        return str(error)
    return ""


BENCHMARKS = (
    Benchmark(
        "a problem with tests",
        PROBLEMS,
        no_tests,
        partial(rejection_sampling, early_cuts=False),
        True,
        words=lambda one: one.prompt,
        capability="code",
    ),
    Benchmark(
        "a needle",
        NEEDLES,
        partial(_why_not, needle),
        find_needle,
        sandbox=False,
        words=said,
        table=needle_table,
    ),
    Benchmark(
        "a question of mathematics",
        MATHEMATICS,
        no_final_answer,
        answer_question,
        sandbox=False,
        words=lambda one: one.question,
        capability="math",
    ),
    Benchmark(
        "a request with constraints",
        INSTRUCTIONS,
        partial(_why_not, instructed),
        follow,
        sandbox=False,
        words=lambda one: one.prompt,
        table=followed_table,
    ),
)
"""A row of a file is one of the first that takes it."""
