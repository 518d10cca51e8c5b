"""More than one apology."""

import re

from curation.drops import Drop
from curation.filters.prose import holds_any, outside_code
from rows.forms import Text

MOST_APOLOGIES = 1
"""One apology can be in place, the second is a habit."""
SHOWN = 120
"""Characters of the apologies that are evidence."""
APOLOGY = re.compile(
    r"\bI\s?(?:['’]m|\sam)\s(?:so |very |really |truly |deeply |terribly )?sorry\b|\bI (?:sincerely |deeply |do )?apologi[sz]e\b"
    r"|\bmy (?:sincere |deepest )?apologies\b|\bapologies for\b|\bsorry (?:for|about) (?:the|any|my|that)\b",
    re.IGNORECASE,
)
APOLOGY_MARKS = ("sorry", "pologi")


def look(text: Text) -> Drop | None:
    prose = outside_code(text.answer)
    if not holds_any(APOLOGY_MARKS, prose.lower()):
        return None
    found = [match[0] for match in APOLOGY.finditer(prose)]
    return Drop("over_apology", "; ".join(found)[:SHOWN]) if len(found) > MOST_APOLOGIES else None
