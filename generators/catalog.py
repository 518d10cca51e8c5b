"""The generators by name: the function that makes samples, what it starts from, and what comes out. A generator is a file and a row."""

import difflib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from generators.code.backtranslation import backtranslation
from generators.code.debugging import debugging
from generators.code.execution_feedback import execution_feedback
from generators.code.from_source import from_source
from generators.code.rejection_sampling import rejection_sampling
from generators.code.translation import translation
from generators.math.code import math_code
from generators.math.mistakes import mistakes
from generators.math.problems import problems
from generators.math.solutions import solutions
from generators.math.steps import steps
from generators.math.tree import tree_search
from generators.own import load_own
from generators.seeds import kinds
from generators.seeds.kinds import Kind
from recipes import RecipeError


@dataclass(frozen=True)
class Entry:
    """A generator."""

    generator: Callable[..., Any]
    """`async (lab, seed, *, options) -> Outcome`"""
    kind: Kind
    """Of its seeds."""
    makes: str
    needs: str = ""
    """What its seeds must be, where that is more than their kind says."""
    tokens: int = 200
    """Mean output tokens of one attempt of the default checkpoint, measured; for `--dry-run`."""
    prompts: Path | None = None
    """A folder with templates of its own."""
    fingerprint: str = ""
    """Of the file of a generator that is not ours."""


CATALOG = {
    "code/execution-feedback": Entry(
        execution_feedback,
        kinds.SNIPPETS,
        "verified dialogues: problem, solution, feedback, revision",
        tokens=330,
    ),
    "code/rejection-sampling": Entry(
        rejection_sampling,
        kinds.PROBLEMS,
        "accepted answers for SFT, passes over fails for preference training",
        tokens=75,
    ),
    "code/translation": Entry(
        translation,
        kinds.PROBLEMS,
        "programs in other languages that answer as their source does",
        needs="Python problems with tests and a reference solution",
        tokens=60,
    ),
    "code/backtranslation": Entry(
        backtranslation,
        kinds.SNIPPETS,
        "documentation and explanations from which the code can be written again",
        needs="code snippets or source files, best whole functions",
        tokens=200,
    ),
    "code/debugging": Entry(
        debugging,
        kinds.PROBLEMS,
        "dialogues: a bug that fails a test, found, explained and mended",
        needs="Python problems with tests and a reference solution",
        tokens=120,
    ),
    "code/from-source": Entry(
        from_source,
        kinds.REPOSITORY,
        "problems with tests and solutions, judged by the code itself",
        tokens=250,
    ),
    "math/problems": Entry(
        problems,
        kinds.TEXTS_OR_SKILLS,
        "new questions with the answer that most solutions reach",
        tokens=220,
    ),
    "math/solutions": Entry(
        solutions,
        kinds.MATHEMATICS,
        "right step-by-step solutions for SFT, right over wrong for preference training",
        tokens=230,
    ),
    "math/mistakes": Entry(
        mistakes,
        kinds.MATHEMATICS,
        "dialogues: a wrong solution, the mistake named, the right solution",
        needs="questions with answers",
        tokens=310,
    ),
    "math/code": Entry(
        math_code,
        kinds.MATHEMATICS,
        "solutions in words and Python whose programs were run and agree with the words",
        needs="questions, with or without answers",
        tokens=70,
    ),
    "math/steps": Entry(
        steps,
        kinds.MATHEMATICS,
        "solutions with a label for each step, for a stepwise reward model",
        needs="questions with answers",
        tokens=230,
    ),
    "math/tree": Entry(
        tree_search,
        kinds.MATHEMATICS,
        "solutions found by Monte-Carlo tree search where sampling finds none",
        needs="questions with answers, the hardest",
        tokens=280,
    ),
}


def entry_of(name: str) -> Entry:
    """The generator of that name, or of that file. Raises RecipeError."""
    if name.endswith(".py"):
        own = load_own(Path(name))
        return Entry(own.generator, own.kind, own.makes, prompts=own.prompts, fingerprint=own.fingerprint)
    if name not in CATALOG:
        close = difflib.get_close_matches(name, CATALOG, n=1)
        hint = f'; did you mean "{close[0]}"?' if close else "."
        raise RecipeError(
            f'"{name}" is no generator{hint} Known: {", ".join(CATALOG)}, or a file of your own, my_generator.py.'
        )
    return CATALOG[name]
