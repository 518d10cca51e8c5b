"""Nothing is answered."""

from curation.drops import Drop
from rows.forms import Text


def look(text: Text) -> Drop | None:
    return None if text.answer.strip() else Drop("empty", "")
