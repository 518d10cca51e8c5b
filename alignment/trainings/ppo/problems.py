"""What PPO draws from: problems, whose tests are in two parts, one that earns a reward and one that watches; or plain prompts."""

from __future__ import annotations

import ast
import functools
import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from alignment.errors import AlignmentError
from alignment.tokens.conversations import Format, render, tokenise
from alignment.tokens.left_out import counted
from alignment.tokens.reading import cells, names_tools, parquet_files
from evaluation.problems import read_problems
from generators.seeds import Problem
from generators.seeds.fields import request
from prompts import Library
from rows.encoding import listed, shown
from rows.messages import Message
from sandbox.languages.dialects import dialect_of, has_prompts
from verification.python_source import parse

if TYPE_CHECKING:
    from recipes.trainings import PPO, OnPolicy

SANDBOX = "sandbox"
"""The reward that is no model's."""
TEMPLATE = "code/answer"
"""What is asked: the same prompt, ended by the same stop strings, as in rejection sampling and evaluation."""


@dataclass(frozen=True)
class Exam:
    """A problem, with its tests in two parts: those that earn the reward, and those that only watch over it."""

    problem: Problem
    rewarded: str
    held_out: str = ""
    """Empty where the tests cannot be parted."""
    impossible: str = ""
    """A script that ends where the value of a call from its tests is compared; empty where there is none, and then no canary."""


@dataclass(frozen=True)
class Task:
    """What is drawn: a prompt, and for a problem with tests its exam."""

    name: str
    messages: Sequence[Message]
    prompt: list[int]
    """The token ids of `messages`, with the header of the answer."""
    exam: Exam | None = None


Found = Iterable[tuple[str, Sequence[Message] | str, "Exam | None"]]
"""What may be drawn: a name, the conversation to be answered or why nothing can ask it, and the exam."""


def tasks_of(form: Format, dataset: Path, settings: PPO) -> tuple[list[Task], dict[str, int]]:
    """What of a file can be drawn: of problems with tests, or, where a model gives the reward, of requests; and how many rows
    cannot be, by reason. Raises SeedError, AlignmentError.
    """
    return fitting(form, _problems(dataset, settings) if settings.reward == SANDBOX else requests(dataset), settings)


def fitting(form: Format, found: Found, settings: OnPolicy) -> tuple[list[Task], dict[str, int]]:
    """Those to which an answer fits beside the prompt; and how many do not fit or cannot be asked, by reason."""
    left_out, tasks = dict[str, list[str]](), list[Task]()
    for name, messages, exam in found:
        if isinstance(messages, str):
            left_out.setdefault(messages, []).append(name)
            continue
        try:
            prompt = tokenise(form, render(form, messages, add_generation_prompt=True))
        except AlignmentError as error:
            raise AlignmentError(f"{name}: {error}; mend the row or take it out") from None
        if len(prompt) + settings.max_tokens > settings.max_length:
            left_out.setdefault("too_long", []).append(name)
            continue
        tasks.append(Task(name, messages, prompt, exam))
    return tasks, counted(left_out)


def _problems(dataset: Path, settings: PPO) -> Iterator[tuple[str, Sequence[Message] | str, Exam]]:
    """Of the files that every training reads of a data set, which are those by whose content it is known again."""
    library, files = Library(), parquet_files(dataset)
    for file in files:
        found = read_problems(file)
        if not found.benchmark.sandbox:
            raise AlignmentError(f"{file}: {found.benchmark.name} earns no reward here; give problems with tests")
        for problem in found.problems:
            messages: Sequence[Message] | str = "unknown_language"
            if has_prompts(problem.programming_language):
                dialect = dialect_of(problem.programming_language)
                values = {"problem": problem.prompt, "language": dialect.name, "fence": dialect.fence}
                messages = library.render(TEMPLATE, values)
            name = shown(problem.id) if len(files) == 1 else f"{file.name}: {shown(problem.id)}"
            yield name, messages, exam_of(problem, settings.held_out, settings.seed)


def requests(dataset: Path) -> Found:
    """What users ask in a data set, each once: a preference set holds a prompt as often as it has pairs. Raises AlignmentError
    for a row that asks nothing.
    """
    seen: set[str] = set()
    for place, row in cells(dataset, ()):
        if names_tools(row) or any(turn.get("role") == "tool" for turn in _turns(row)):
            yield place, "tools", None
            continue
        try:
            messages = request(row, 0).messages
        except ValueError as error:
            raise AlignmentError(f"{place}: {error}; it has {listed(row)}; mend the row or take it out") from None
        if repr(messages) not in seen:
            seen.add(repr(messages))
            yield place, messages, None


def _turns(row: dict[str, Any]) -> list[dict[str, Any]]:
    """The messages of a row's conversation, where it has one."""
    found: list[Any] = next((row[name] for name in ("messages", "prompt") if isinstance(row.get(name), list)), [])
    return [turn for turn in found if isinstance(turn, dict)]


def drawn(tasks: Sequence[Task], cursor: int, seed: int) -> Task:
    """The task at a place of an endless sequence of shuffled passes over all of them."""
    lap, place = divmod(cursor, len(tasks))
    return tasks[_pass(len(tasks), f"{seed} {lap}")[place]]


@functools.lru_cache(maxsize=2)
def _pass(count: int, seed: str) -> list[int]:
    """The order of one; a batch asks for it at each of its places."""
    return random.Random(seed).sample(range(count), count)


def exam_of(problem: Problem, share: float, seed: int) -> Exam:
    """The problem with about `share` of its assertions held out, at least one and never all; none where there are fewer than
    two, they are no top-level `assert`s, or the language is another one than Python.
    """
    tree = parse(problem.tests) if problem.programming_language == "python" else None
    if tree is None:
        return Exam(problem, problem.tests)
    asserts = [place for place, node in enumerate(tree.body) if isinstance(node, ast.Assert)]

    def script(kept: set[int]) -> str:
        """The statements that are no assertion, and those assertions."""
        nodes = (node for place, node in enumerate(tree.body) if place in kept or place not in asserts)
        return "".join(f"{ast.unparse(node)}\n" for node in nodes)

    called = (node for place in asserts for node in ast.walk(tree.body[place]) if isinstance(node, ast.Call))
    call = next((ast.unparse(node) for node in called if ast.unparse(node.func) == problem.entry_point), "")
    impossible = f"{script(set())}assert {call} == " if call else ""
    many = min(len(asserts) - 1, max(1, round(share * len(asserts)))) if share else 0
    if many < 1:
        return Exam(problem, problem.tests, impossible=impossible)
    held = set(random.Random(f"{seed} {problem.id}").sample(asserts, many))
    return Exam(problem, script({*asserts} - held), script(held), impossible)
