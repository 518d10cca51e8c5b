"""Five sentences or more end in `!`, and they are most of the sentences."""

from curation.drops import Drop
from curation.filters.prose import outside_code
from rows.forms import Text

FEWEST_EXCLAMATIONS = 5
"""Below that, a text of short sentences may well exclaim; above, when most sentences do, it is a tone."""
EXCLAIMED_SHARE = 0.5


def look(text: Text) -> Drop | None:
    prose = outside_code(text.answer)
    marks = prose.count("! ") + prose.count("!\n") + prose.endswith("!")
    if marks < FEWEST_EXCLAMATIONS:
        return None
    others = sum(prose.count(end) for end in (". ", ".\n", "? ", "?\n")) + prose.endswith((".", "?"))
    if marks > EXCLAIMED_SHARE * (marks + others):
        return Drop("exclaiming", f"{marks} of {marks + others} sentences")
    return None
