"""The generators by name: the function that makes samples, what it starts from, and what comes out. A generator is a file and a row."""

import difflib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from generators.code.backtranslation import BacktranslationReason, backtranslation
from generators.code.debugging import DebuggingReason, debugging
from generators.code.execution_feedback import ExecutionFeedbackReason, execution_feedback
from generators.code.from_source import from_source
from generators.code.rejection_sampling import RejectionSamplingReason, rejection_sampling
from generators.code.translation import TranslationReason, translation
from generators.general.rejection_sampling import rejection_sampling as general_rejection_sampling
from generators.math.code import MathCodeReason, math_code
from generators.math.mistakes import MistakesReason, mistakes
from generators.math.problems import ProblemsReason, problems
from generators.math.solutions import SolutionsReason, solutions
from generators.math.steps import StepsReason, steps
from generators.math.tree import TreeReason, tree_search
from generators.own import load_own
from generators.reasons import Hurdle, Meaning, Reason, meanings
from generators.seeds import kinds
from generators.seeds.kinds import Kind
from ledger import Ledger, facts
from recipes import RecipeError


@dataclass(frozen=True)
class Entry:
    """A generator."""

    generator: Callable[..., Any]
    """`async (lab, seed, *, options) -> Outcome`"""
    kind: Kind[Any]
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
    reasons: tuple[type[Reason], ...] = ()
    """Its own, beside the shared ones and the sandbox's verdicts."""
    scorer: Literal["", "may", "must"] = ""
    """Whether a reward model can choose among its answers, or has to."""
    step_scorer: bool = False
    """Whether a stepwise reward model can steer it, or choose among its answers."""


CATALOG = {
    "code/execution-feedback": Entry(
        execution_feedback,
        kinds.SNIPPETS,
        "verified dialogues: problem, solution, feedback, revision",
        tokens=330,
        reasons=(ExecutionFeedbackReason,),
    ),
    "code/rejection-sampling": Entry(
        rejection_sampling,
        kinds.PROBLEMS,
        "accepted answers for SFT, passes over fails for preference training",
        tokens=75,
        reasons=(RejectionSamplingReason,),
        scorer="may",
    ),
    "code/translation": Entry(
        translation,
        kinds.PROBLEMS,
        "programs in other languages that answer as their source does",
        needs="Python problems with tests and a reference solution",
        tokens=60,
        reasons=(TranslationReason,),
    ),
    "code/backtranslation": Entry(
        backtranslation,
        kinds.SNIPPETS,
        "documentation and explanations from which the code can be written again",
        needs="code snippets or source files, best whole functions",
        tokens=200,
        reasons=(BacktranslationReason,),
    ),
    "code/debugging": Entry(
        debugging,
        kinds.PROBLEMS,
        "dialogues: a bug that fails a test, found, explained and mended",
        needs="Python problems with tests and a reference solution",
        tokens=120,
        reasons=(DebuggingReason,),
    ),
    "code/from-source": Entry(
        from_source,
        kinds.REPOSITORY,
        "problems with tests and solutions, judged by the code itself",
        tokens=250,
    ),
    "general/rejection-sampling": Entry(
        general_rejection_sampling,
        kinds.REQUESTS,
        "the best of K answers to any request by a reward model, over the worst",
        tokens=1500,
        scorer="must",
    ),
    "math/problems": Entry(
        problems,
        kinds.TEXTS_OR_SKILLS,
        "new questions with the answer that most solutions reach",
        tokens=220,
        reasons=(ProblemsReason,),
    ),
    "math/solutions": Entry(
        solutions,
        kinds.MATHEMATICS,
        "right step-by-step solutions for SFT, right over wrong for preference training",
        tokens=230,
        reasons=(SolutionsReason,),
        step_scorer=True,
    ),
    "math/mistakes": Entry(
        mistakes,
        kinds.MATHEMATICS,
        "dialogues: a wrong solution, the mistake named, the right solution",
        needs="questions with answers",
        tokens=310,
        reasons=(MistakesReason,),
    ),
    "math/code": Entry(
        math_code,
        kinds.MATHEMATICS,
        "solutions in words and Python whose programs were run and agree with the words",
        needs="questions, with or without answers",
        tokens=70,
        reasons=(MathCodeReason,),
    ),
    "math/steps": Entry(
        steps,
        kinds.MATHEMATICS,
        "solutions with a label for each step, for a stepwise reward model",
        needs="questions with answers",
        tokens=230,
        reasons=(StepsReason,),
    ),
    "math/tree": Entry(
        tree_search,
        kinds.MATHEMATICS,
        "solutions found by Monte-Carlo tree search where sampling finds none",
        needs="questions with answers, the hardest",
        tokens=280,
        reasons=(TreeReason,),
        step_scorer=True,
    ),
}


def entry_of(name: str) -> Entry:
    """The generator of that name, or of that file. Raises RecipeError."""
    if name.endswith(".py"):
        own = load_own(Path(name))
        return Entry(
            own.generator, own.kind, own.makes, prompts=own.prompts, fingerprint=own.fingerprint, reasons=own.reasons
        )
    if name not in CATALOG:
        close = difflib.get_close_matches(name, CATALOG, n=1)
        hint = f'; did you mean "{close[0]}"?' if close else "."
        raise RecipeError(
            f'"{name}" is no generator{hint} Known: {", ".join(CATALOG)}, or a file of your own, my_generator.py.'
        )
    return CATALOG[name]


def hurdles_of(ledger: Ledger, stage: str) -> dict[str, Hurdle]:
    """reason -> the hurdle at which it says that an attempt fell."""
    return {reason: meaning.hurdle for reason, meaning in _reasons_of(ledger, stage).items() if meaning.hurdle}


def negatives_of(ledger: Ledger, stage: str) -> frozenset[str]:
    """The reasons for which an answer of the stage is a wrong one."""
    return frozenset(reason for reason, meaning in _reasons_of(ledger, stage).items() if meaning.negative)


def _reasons_of(ledger: Ledger, stage: str) -> dict[str, Meaning]:
    """What the reasons of a stage's rejections mean. A generator of one's own left in the ledger what its enums say; a reason
    that nobody declared means nothing more than its word.
    """
    declared = ledger.read(facts.REASONS, stage) or {}
    own = {
        word: Meaning(Hurdle(found["hurdle"]) if found["hurdle"] else None, found["negative"])
        for word, found in declared.items()
    }
    return meanings(reasons for entry in CATALOG.values() for reasons in entry.reasons) | own
