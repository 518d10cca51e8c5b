"""More than two emoji stand outside of code; `©`, `™`, arrows and the like are none."""

import functools

from curation.drops import Drop
from curation.filters.prose import outside_code
from rows.forms import Text

MOST_EMOJI = 2
"""One or two may be asked for; the paper drops the *overuse*."""
PLAIN_SYMBOLS = frozenset("©®™↔↕↖↗↘↙↩↪▪▫▶◀◻◼☑✔✖ℹⓂ〰〽")
"""Typography that Unicode also lists as emoji: marks and arrows of ordinary technical writing."""
FIRST_EMOJI = 0x203C
"""No emoji but digits, `©` and `®` lies below: most text is done with one comparison."""
SHOWN = 40
"""Characters of the emoji that are evidence."""


def look(text: Text) -> Drop | None:
    prose = outside_code(text.answer)
    if prose.isascii() or ord(max(prose)) < FIRST_EMOJI:
        return None
    import emoji

    if _emoji_starts().isdisjoint(prose):  # `emoji_list` goes through the text in Python
        return None
    found = [item["emoji"] for item in emoji.emoji_list(prose)]
    found = [mark for mark in found if not (mark.isascii() or mark[0] in PLAIN_SYMBOLS)]
    return Drop("emoji", "".join(found)[:SHOWN]) if len(found) > MOST_EMOJI else None


@functools.cache
def _emoji_starts() -> frozenset[str]:
    import emoji

    return frozenset(key[0] for key in emoji.EMOJI_DATA if not key[0].isascii()) - PLAIN_SYMBOLS
