"""Which answers are stopped while they are written: those that hold a program, and can no longer be accepted.

- `unparseable`: the answer is one open block of Python, and no text that follows makes the lines so far parse. That is the parser's
  own word (`syntax.past_mending`) on what every reading of the answer begins with (`verification.extraction.begun`), and no guess.
- `repeating`: it ends in so many copies of one piece that it will not end by itself. That is a guess, so the bounds lie far from what
  a program needs, and what stands there is judged as if the token limit had ended it.

A block that was closed ends nothing: the last one of an answer is its program (`code_block`). Where a closed fence does end an answer,
its template's stop string says so.
"""

from collections.abc import Callable, Sequence
from functools import partial

from syntax import past_mending
from verification.extraction import FENCE, begun
from verification.unfinished.repetition import repeats

UNPARSEABLE = "unparseable"
REPEATING = "repeating"
REASONS = (UNPARSEABLE, REPEATING)
COPIES = 8
AT_LEAST = 400
"""Characters: of a table, a board or an alphabet of `False, ` written out there are fewer."""


def rule(language: str, stop: Sequence[str]) -> Callable[[str], str] | None:
    """`reason_to_stop` for answers in `language` that end at these stop strings; None where a closed block ends none of them, since a
    right one may follow a broken one there.
    """
    return partial(reason_to_stop, language=language) if f"\n{FENCE}\n" in stop else None


def reason_to_stop(text: str, language: str = "python") -> str:
    """Why an answer that is to hold a program in `language` is stopped at this text; "" where it may go on."""
    if unparseable(text, language):
        return UNPARSEABLE
    return REPEATING if repeats(text, COPIES, AT_LEAST) else ""


def unparseable(text: str, language: str = "python") -> str:
    """What no text that follows can mend, in the parser's words; "" where there is no such thing, and in other languages."""
    code = begun(text) if language == "python" else None
    return past_mending(code) if code else ""
