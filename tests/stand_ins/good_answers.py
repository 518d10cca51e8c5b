"""Right answers to what our templates ask, for a server that stands in for a strong checkpoint: the accepting paths are real too.

A template is told by its system message; what it is about is looked up in our own seeds. For a few askings the answer is
wrong on purpose the first time, so that corrections have something to correct.
"""

import itertools
import json
import re
import threading
from collections import Counter
from pathlib import Path
from typing import Any

from rows.messages import Message
from sandbox.languages.dialects import DIALECTS

SEEDS = Path(__file__).parents[2] / "recipes" / "seeds"
PROBLEMS = {row["prompt"]: row for row in map(json.loads, (SEEDS / "python-problems.jsonl").read_text().splitlines())}
QUESTIONS = {row["question"]: row for row in map(json.loads, (SEEDS / "math-problems.jsonl").read_text().splitlines())}
DOUBLE = {
    "Python": ("def double_it(n):\n    # Twice the number.\n    return 2 * n", "2) == 4\nassert double_it(0) == 0\nassert double_it(-3) == -6"),
    "PHP": (
        "<?php\nfunction double_it($n) {\n    return 2 * $n;\n}",
        "2) === 4);\nassert(double_it(0) === 0);\nassert(double_it(-3) === -6);",
    ),
    "JavaScript": (
        "function double_it(n) {\n  return 2 * n;\n}",
        "2), 4);\nassert.deepStrictEqual(double_it(7), 14);\nassert.deepStrictEqual(double_it(-3), -6);",
    ),
    "C++": (
        "int double_it(int n) {\n    return 2 * n;\n}",
        "2) == 4);\nassert(double_it(0) == 0);\nassert(double_it(-3) == -6);",
    ),
    "Bash": (
        'double_it() {\n  echo $((2 * $1))\n}',
        '2)" = 4 ]\n[ "$(double_it 5)" = 10 ]\n[ "$(double_it 21)" = 42 ]',
    ),
}  # fmt: skip


class GoodAnswers:
    """Called with the messages asked; counts what was asked, so that a first answer may be wrong."""

    def __init__(self) -> None:
        self._asked: Counter[str] = Counter()
        self._lock = threading.Lock()

    def __call__(self, messages: list[Message]) -> str:
        system = messages[0]["content"] if messages[0]["role"] == "system" else ""
        users = [message["content"] for message in messages if message["role"] == "user"]
        begun = messages[-1]["content"] if messages[-1]["role"] == "assistant" else ""
        key = json.dumps(messages)
        with self._lock:
            self._asked[key] += 1
            time = self._asked[key]
        for opening, answer in ANSWERS.items():
            if system.startswith(opening):
                return answer(users, begun, time, system)
        return _to_user(users[-1])


def _to_user(asked: str) -> str:
    """A plain user turn: one of our problems (`code/answer`)."""
    found = next((row for prompt, row in PROBLEMS.items() if asked.startswith(prompt)), None)
    if found:
        return f"```python\n{found['code']}```\n"
    if "double_it(" in asked:
        return f"```python\n{DOUBLE['Python'][0]}\n```\n"
    return "I do not know."


def _mended(users: list[str], begun: str, time: int, system: str) -> str:
    row = next(row for prompt, row in PROBLEMS.items() if users[-1].startswith(prompt))
    return f" that the function does not compute what its description says.\n\n```python\n{row['code']}```\n"


def _solution(users: list[str], begun: str, time: int, system: str) -> str:
    language = re.match(r"You are a careful ([\w+]+) programmer", system)
    assert language
    known = next((row for prompt, row in PROBLEMS.items() if users[-1].startswith(prompt)), None)
    if known:
        return f"\n{known['code']}```"
    if system.endswith("corrected.") and (
        row := next((r for p, r in PROBLEMS.items() if users[0].startswith(p)), None)
    ):
        return f"\n{row['code']}```"
    code, _ = DOUBLE[language[1]]
    if not system.endswith("corrected.") and time == 1 and language[1] == "Python":
        code = code.replace("2 * n", "n + 2")  # refused by the test of -3, and corrected
    return f"\n{code}\n```"


def _tests(users: list[str], begun: str, time: int, system: str) -> str:
    language = next(d.name for d in DIALECTS.values() if begun.startswith(f"```{d.fence}"))
    return f"{DOUBLE[language][1]}\n```"


def _math(users: list[str], begun: str, time: int, system: str) -> str:
    row = _question(users[-1])
    if row is None:
        return "I do not know."
    lines = [*row["solution"].splitlines(), f"The answer is {row['answer']}."]
    if begun:  # the steps so far; one of them may be wrong, then so is what follows
        given = begun.splitlines()
        wrong = [line for line in given if line not in lines]
        return "\nThe answer is 1." if wrong else "\n" + "\n".join(lines[len(given) :])
    if time % 4 == 2:
        return "That makes 99991.\nThe answer is 99991."
    return "\n".join(lines)


def _corrected(users: list[str], begun: str, time: int, system: str) -> str:
    row = _question(users[-2])
    assert row
    return f"The numbers were put together wrongly.\n{row['solution']}\nThe answer is {row['answer']}."


def _program(users: list[str], begun: str, time: int, system: str) -> str:
    row = _question(users[-1])
    assert row
    if "```output" in begun:
        return f"\nThe answer is {row['answer']}."
    return f"The last step gives it.\n```python\nprint({row['answer']})\n```\n"


def _translated(users: list[str], begun: str, time: int, system: str) -> str:
    """The program that the sources in test_generators_accept.py are, in the language; the answer is begun with its signature."""
    language = re.match(r"You translate Python programs to ([\w+#]+)\.", system)
    assert language
    code = DOUBLE[language[1]][0]
    return f" {{{code.partition('{')[2]}\n```"


_NEW = itertools.cycle(QUESTIONS)


def _problem(users: list[str], begun: str, time: int, system: str) -> str:
    return f" {next(_NEW)}"


def _question(text: str) -> dict[str, Any] | None:
    return next((row for question, row in QUESTIONS.items() if question in text), None)


ANSWERS: dict[str, Any] = {
    "You invent short programming exercises": lambda *_: "double_it(n)` that returns twice the number n.\n",
    "You are a careful": _solution,
    "You write unit tests": _tests,
    "A program failed its tests": lambda *_: "code",
    "You translate Python programs": _translated,
    "You describe code in words": lambda *_: " takes a whole number n and returns twice that number.",
    "You judge descriptions of code": lambda *_: "5",
    "You find bugs in Python functions": _mended,
    "You turn functions into programming exercises": lambda *_: " returns twice the whole number n.",
    "You review programs": lambda *_: "1",
    "You solve problems step by step": _math,
    "You find the mistake in a solution": _corrected,
    "You check solutions": lambda *_: "yes",
    "You solve problems with words and Python": _program,
    "You write short word problems": _problem,
}
"""By how the system message of a template begins."""
