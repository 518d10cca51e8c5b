"""The kinds of constraints, a row each: what of a constraint it reads, and whether an answer follows it."""

from collections.abc import Callable
from dataclasses import dataclass

from verification.instructions import texts


@dataclass(frozen=True)
class Constraint:
    """What an answer has to be like."""

    kind: str
    """A key of `KINDS`."""
    text: str = ""
    texts: tuple[str, ...] = ()
    at_least: int = 0
    at_most: int | None = None

    def holds(self, count: int) -> bool:
        """Whether so many are neither too few nor too many."""
        return self.at_least <= count and (self.at_most is None or count <= self.at_most)


@dataclass(frozen=True)
class Kind:
    """One kind of constraint."""

    takes: tuple[str, ...]
    """`text`, `texts`, `amount` (`exactly`, `at_least`, `at_most`); with a question mark where it may be left out."""
    follows: Callable[[str, Constraint], bool]
    """(an answer without the spaces around it, a constraint of this kind)"""


def _counted(count: Callable[[str], int]) -> Kind:
    return Kind(("amount",), lambda answer, wanted: wanted.holds(count(answer)))


KINDS: dict[str, Kind] = {
    "words": _counted(texts.words),
    "sentences": _counted(texts.sentences),
    "paragraphs": _counted(texts.paragraphs),
    "lines": _counted(texts.lines),
    "bullets": _counted(texts.bullets),
    "numbered": _counted(texts.numbered),
    "headings": _counted(texts.headings),
    "highlighted": _counted(texts.highlighted),
    "placeholders": _counted(texts.placeholders),
    "capitals": _counted(texts.capitals),
    "include": Kind(("texts",), lambda answer, wanted: all(texts.times(answer, one) for one in wanted.texts)),
    "exclude": Kind(("texts",), lambda answer, wanted: not any(texts.times(answer, one) for one in wanted.texts)),
    "times": Kind(("text", "amount"), lambda answer, wanted: wanted.holds(texts.times(answer, wanted.text))),
    "letter": Kind(("text", "amount"), lambda answer, wanted: wanted.holds(texts.letters(answer, wanted.text))),
    "without": Kind(("text",), lambda answer, wanted: wanted.text not in answer),
    "begins": Kind(("text",), lambda answer, wanted: answer.casefold().startswith(wanted.text.strip().casefold())),
    "ends": Kind(("text",), lambda answer, wanted: answer.casefold().endswith(wanted.text.strip().casefold())),
    "case": Kind(("text",), lambda answer, wanted: answer.islower() if wanted.text == "lower" else answer.isupper()),
    "json": Kind(("texts?",), lambda answer, wanted: texts.is_json(answer, wanted.texts)),
    "script": Kind(("text",), lambda answer, wanted: texts.in_script(answer, wanted.text)),
    "quoted": Kind((), lambda answer, wanted: len(answer) > 1 and answer[0] == answer[-1] == '"'),
    "one_of": Kind(("texts",), lambda answer, wanted: answer in wanted.texts),
}
"""`include`, `exclude`, `times`, `letter`, `begins` and `ends` look past the difference of capitals; `without` and `one_of` do not."""


def follows(answer: str, wanted: Constraint) -> bool:
    """Whether the answer, without the spaces around it, is as wanted; an empty one never is."""
    bare = answer.strip()
    return bool(bare) and KINDS[wanted.kind].follows(bare, wanted)


def follows_loosely(answer: str, wanted: Constraint) -> bool:
    """Whether the answer is, or would be without its first line, its last, both, or its asterisks: a greeting, a closing question
    and emphasis are then no fault.
    """
    rows = answer.strip().splitlines()
    cut = ["\n".join(part) for part in (rows, rows[1:], rows[:-1], rows[1:-1])]
    return any(follows(text, wanted) for part in cut for text in (part, part.replace("*", "")))
