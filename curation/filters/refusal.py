"""A refusal in the opening of an answer, or the model speaking of itself as one."""

import re

from curation.drops import Drop
from curation.filters.prose import holds_any, outside_code
from rows.forms import Text

OPENING = 300
"""Characters in which a refusal shows; later the words are usually a story's."""
REFUSAL = re.compile(
    r"\bI\s?(?:['’]m|\sam) (?:sorry|afraid),? (?:but )?(?:I|that)\b.{0,20}\b(?:can['’]?t|cannot|unable|not able)\b"
    r"|\bI (?:can['’]?t|cannot|won['’]?t|will not) (?:assist|help|provide|fulfil|fulfill|comply|answer|do that|create|write|generate)\b"
    r"|\bI\s?(?:['’]m|\sam) (?:unable|not able) to (?:assist|help|provide|fulfil|fulfill|comply|answer|create|write|generate)\b"
    r"|\bI must (?:decline|refuse)\b",
    re.IGNORECASE,
)
REFUSAL_MARKS = (
    "can't",
    "can’t",
    "cannot",
    "cant ",
    "won't",
    "won’t",
    "wont ",
    "unable",
    "not able",
    "will not",
    "must ",
)
DISCLAIMER = re.compile(r"\bas an? (?:AI|artificial intelligence)(?: language)?(?: model| assistant)?\b", re.IGNORECASE)
DISCLAIMER_MARKS = (" ai", " artificial")


def look(text: Text) -> Drop | None:
    return next(filter(None, map(_refusal, text.each)), None)


def _refusal(answer: str) -> Drop | None:
    prose = outside_code(answer)
    opening = prose[:OPENING]
    found = REFUSAL.search(opening) if holds_any(REFUSAL_MARKS, opening.lower()) else None
    if not found and holds_any(DISCLAIMER_MARKS, prose.lower()):
        found = DISCLAIMER.search(prose)
    return Drop("refusal", found[0]) if found else None
