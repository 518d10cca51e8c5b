"""Whether a text has lost its way and says one piece again and again."""

LONGEST_PERIOD = 400
"""Characters of the longest piece whose repetition is looked for."""
TIMES = 4
"""Copies of it at the end of a text,"""
AT_LEAST = 80
"""and characters in all: a table, a rule of dashes or `[0, 0, 0, 0]` is no text that has lost its way."""


def repeats(text: str, times: int = TIMES, at_least: int = AT_LEAST) -> bool:
    """Whether the text ends in copies of one piece: so many, and so many characters of them."""
    text = text.rstrip()
    for period in range(1, min(LONGEST_PERIOD, (len(text) + 1) // times) + 1):
        wanted = max(period * times - 1, at_least)  # the last line end is gone
        if len(text) >= wanted and text[-wanted:-period] == text[-wanted + period :]:
            return True
    return False
