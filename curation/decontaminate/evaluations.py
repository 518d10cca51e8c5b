"""Reads evaluation sets as what must not be trained on: the words of each item, and the functions of its Python solutions."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from curation.decontaminate import programs as syntax
from rows import forms
from rows.readers import BadRow, EmptyLine, RowsError
from rows.sources import numbered, open_sources

ASKED = ("prompt", "question", "problem", "instruction", "text", "query")
ANSWERED = ("canonical_solution", "solution", "code", "completion", "answer", "response", "output")
"""The fields of MBPP, HumanEval, MBXP, GSM8K and their kin; rows in one of our own forms are read as such."""
IDS = ("task_id", "id", "name", "problem_id")
CODE_STARTS = (">>>", "def ", "class ", "assert ", "import ", "from ", "return ", "for ", "if ", "while ", "elif ")
LETTERS = 0.75
"""Share of a line that is letters and spaces, above which it is prose; below it is code or an example."""
FEWEST_PROSE_WORDS = 5
CODE_MARKS = ("return ", "return(", "def ", "=> ", ");", "import ", "{\n", "print(")
"""An answer without any of these is no program, however few sentences it has."""


@dataclass(frozen=True)
class Item:
    """One evaluation item, as the texts and functions by which it can be recognised."""

    name: str
    tasks: tuple[str, ...]
    """The task, and where they differ its sentences alone."""
    answers: tuple[str, ...]
    programs: tuple[str, ...]
    """Answers that are programs, in whatever language."""
    functions: tuple[syntax.Function, ...]
    """The Python ones among them."""


def read_items(file: Path, wanted: Callable[[Any, int], bool] = lambda row, line: True) -> Iterator[Item]:
    """The items of an evaluation set, or of its rows that are `wanted`. Raises RowsError where the file holds none, or has a row
    that is none: what is passed over is not looked for.
    """
    count = 0
    for batch in numbered(open_sources(file)):
        for number, row in batch:
            if isinstance(row, EmptyLine):
                continue
            item = _item(f"{file.name}:{number + 1}", row) if isinstance(row, Mapping) else None
            if item is None:
                why = (
                    str(row)
                    if isinstance(row, BadRow)
                    else f"a row needs one of the fields {', '.join(ASKED + ANSWERED)}"
                )
                raise RowsError(f"{file}:{number + 1}: no evaluation item: {why}; mend the row or take it out")
            count += 1
            if wanted(row, number + 1):
                yield item
    if not count:
        raise RowsError(f"{file}: no evaluation item: a row needs one of the fields {', '.join(ASKED + ANSWERED)}")


def _item(place: str, row: Mapping[str, Any]) -> Item | None:
    name = next((str(row[key]) for key in IDS if row.get(key) is not None), place)
    asked, answered = ([text for key in keys if (text := _said(row.get(key)))] for keys in (ASKED, ANSWERED))
    if not asked and (read := forms.read(row)):
        asked, answered = [read.prompt], [*answered, read.answer]
    tasks = [version for text in asked for version in (text, prose_of(text))]
    programs = [text for text in answered if is_code(text)]
    parsed = [program for text in programs for program in syntax.programs(text) or [text]]
    # HumanEval's solution is the body of the function that its prompt begins.
    parsed += [f"{first}{second}" for first in asked for second in programs if "def " in first]
    functions = {function.print: function for program in parsed for function in syntax.functions(program)}
    answers = [text for text in answered if text not in programs]
    found = Item(name, _distinct(tasks), _distinct(answers), _distinct(programs), tuple(functions.values()))
    return found if found.tasks or found.answers or found.programs else None


def _said(value: Any) -> str:
    """What a field says: a text, a conversation, or several texts in turn (MT-Bench's `prompt`); empty where it says nothing."""
    if isinstance(value, list) and value and all(isinstance(text, str) for text in value):
        value = "\n\n".join(value)
    text = forms.content_of(value) or ""
    return text if text.strip() else ""


def _distinct(texts: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for text in texts if text.strip()))


def is_code(text: str) -> bool:
    """Whether half of the lines of an answer or more are no sentences."""
    lines = [line for line in text.split("\n") if line.strip()]
    return sum(map(_is_prose, lines)) <= 0.5 * len(lines) and any(mark in text for mark in CODE_MARKS)


def prose_of(text: str) -> str:
    """The lines that are sentences: a task is often quoted without the signature and the examples around it."""
    return "\n".join(line for line in text.split("\n") if _is_prose(line))


def _is_prose(line: str) -> bool:
    line = line.strip()
    if line.startswith(CODE_STARTS) or " = " in line:
        return False
    letters = sum(map(str.isalpha, line)) + line.count(" ")
    return letters >= LETTERS * len(line) and len(line.split()) >= FEWEST_PROSE_WORDS
