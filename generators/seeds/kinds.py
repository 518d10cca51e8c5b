"""The kinds of seeds, a row each: all that the rest of the lab knows of one stands here.

To add a kind: a frozen dataclass with `id` and `split` (in a file of its own, with the function that makes it of a row or reads its
folder), and a row below. The catalog's generators and users' own, previews of templates and figures of diversity read this table.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic

from generators.seeds import fields
from generators.seeds.fields import MathProblem, PlainRow, Problem, Request, Skill, Snippet, Text
from generators.seeds.found import S, Seeds
from generators.seeds.mixed import Mixed
from generators.seeds.repository import SourceFunction, functions_of
from generators.seeds.source_files import snippets_of
from recipes.names import SEEDS
from sandbox.languages.dialects import dialect_of, has_prompts
from verification.calls import signature_of


@dataclass(frozen=True)
class Kind(Generic[S]):
    """What a generator may start from."""

    name: str
    """As errors and tables call it, in the plural."""
    type: Any
    """The dataclass; a generator asks for the kind by this annotation of its second parameter."""
    needs: str
    """What holds such seeds, in words."""
    values: Callable[[S], dict[str, Any]]
    """What a seed gives to a template, by the names that our templates use; empty ones are left out by who shows them."""
    text: Callable[[S], str]
    """What a seed says, for how far rows are from their seeds."""
    parse: Callable[[dict[str, Any], int], S] | None = None
    """Row of a file and its line -> seed; raises ValueError with why it is none. None where seeds are not rows of files."""
    folder: Callable[[Path], Seeds[S]] | None = None
    """Reads a folder without files of rows. Raises SeedError."""
    mix: Callable[[Sequence[Sequence[S]], int, int], Sequence[S]] | None = None
    """Sources, seeds of one prompt, random seed -> seeds of several each (`--mix`). None where they cannot share a prompt."""
    ours: Path | None = None
    """What our generators start from when none are named."""


PROBLEMS: Kind[Problem] = Kind(
    "problems with tests",
    Problem,
    "problems with tests (JSONL, Parquet or hf:NAME; MBPP's fields as they are)",
    values=lambda seed: {
        "problem": seed.prompt,
        "code": seed.reference,
        "tests": seed.tests,
        "entry_point": seed.entry_point,
        "language": _called(seed.programming_language),
    },
    text=lambda seed: f"{seed.prompt}\n{seed.reference}",
    parse=fields.problem,
    ours=SEEDS / "python-problems.jsonl",
)
SNIPPETS: Kind[Snippet] = Kind(
    "snippets",
    Snippet,
    "code snippets (JSONL, Parquet, hf:NAME or a folder of source files)",
    values=lambda seed: {"snippet": seed.code, "code": seed.code, "language": _called(seed.programming_language)},
    text=lambda seed: seed.code,
    parse=fields.snippet,
    folder=snippets_of,
    mix=Mixed,
    ours=SEEDS / "python-snippets.jsonl",
)
REPOSITORY: Kind[SourceFunction] = Kind(
    "functions of a repository",
    SourceFunction,
    "a folder of Python code, such as your own repository",
    values=lambda seed: {
        "code": seed.code,
        "entry_point": seed.entry_point,
        "signature": signature_of(seed.code, seed.entry_point),
    },
    text=lambda seed: seed.code,
    folder=functions_of,
    ours=SEEDS / "example-repository",
)
MATHEMATICS: Kind[MathProblem] = Kind(
    "mathematics",
    MathProblem,
    "questions, with or without answers (GSM8K's and MATH's fields as they are)",
    values=lambda seed: {"question": seed.question, "answer": seed.answer, "solution": seed.solution},
    text=lambda seed: f"{seed.question}\n{seed.solution}",
    parse=fields.math_problem,
    ours=SEEDS / "math-problems.jsonl",
)
TEXTS: Kind[Text] = Kind(
    "texts",
    Text,
    "passages of text (JSONL, Parquet or hf:NAME)",
    values=lambda seed: {"text": seed.text},
    text=lambda seed: seed.text,
    parse=fields.text,
    ours=SEEDS / "math-texts.jsonl",
)
SKILLS: Kind[Skill] = Kind(
    "skills",
    Skill,
    "skills with examples (JSONL, Parquet or hf:NAME)",
    values=lambda seed: {"skill": seed.name, "description": seed.description, "topic": seed.topic},
    text=lambda seed: f"{seed.name}. {seed.description} {' '.join(seed.examples)}",
    parse=fields.skill,
    ours=SEEDS / "math-skills.jsonl",
)
TEXTS_OR_SKILLS: Kind[Text | Skill] = Kind(
    "texts or skills",
    Text | Skill,
    "passages with quantities, or skills with examples (JSONL, Parquet or hf:NAME)",
    values=lambda seed: kind_of(type(seed)).values(seed),
    text=lambda seed: kind_of(type(seed)).text(seed),
    parse=fields.text_or_skill,
    ours=SEEDS / "math-skills.jsonl",
)
REQUESTS: Kind[Request] = Kind(
    "requests",
    Request,
    "what users ask (JSONL, Parquet or hf:NAME; `messages`, or a text as `prompt`, `instruction` or `question`)",
    values=lambda seed: {"prompt": seed.messages[-1]["content"], "request": seed.messages[-1]["content"]},
    text=lambda seed: seed.messages[-1]["content"],
    parse=fields.request,
)
ROWS: Kind[PlainRow] = Kind(
    "rows",
    PlainRow,
    "rows of any fields (JSONL, Parquet or hf:NAME)",
    values=lambda seed: dict(seed.fields),
    text=lambda seed: str(seed.fields),
    parse=fields.plain,
)
KINDS: dict[str, Kind[Any]] = {
    kind.name: kind
    for kind in (PROBLEMS, SNIPPETS, REPOSITORY, MATHEMATICS, TEXTS, SKILLS, TEXTS_OR_SKILLS, REQUESTS, ROWS)
}


def kind_of(annotation: Any) -> Kind[Any]:
    """The kind that a generator wants whose seed is annotated so; plain rows where the annotation is none of the table's."""
    return next((kind for kind in KINDS.values() if kind.type == annotation), ROWS)


def _called(programming_language: str) -> str:
    """As prompts call the language: `C++` for `cpp`."""
    return dialect_of(programming_language).name if has_prompts(programming_language) else programming_language
