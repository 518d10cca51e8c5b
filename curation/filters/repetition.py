"""A loop, in prose or code: most five-word runs were said before, or one endless word compresses to almost nothing."""

import zlib

from curation.dedup.minhash import LONG_WORDS
from curation.drops import Drop
from rows.encoding import encodable
from rows.forms import Text

RUN_WORDS = 5
FEWEST_WORDS = 40
"""Shorter texts repeat five words only by being about one thing."""
RUN_CHARACTERS = 12
FEWEST_CHARACTERS = 100
REPEATED_SHARE = 0.5
"""Of the five-word runs, those seen before. GSM8K's answers stay below 0.28; of MBXP's programs and tests, dense as they are, 0.3% exceed it."""
LONGEST_WORD = 500
"""A "word" above this is data or a loop of characters; which one, compression tells."""
LOOP_COMPRESSION = 0.05


def look(text: Text) -> Drop | None:
    answers = text.each
    told = [answer for answer in answers if len(answer.split()) >= RUN_WORDS]  # a label may be given a hundred times
    again = (len(told) - len(set(told))) / len(answers)
    if again > REPEATED_SHARE and len(text.answer.split()) >= FEWEST_WORDS:
        return Drop("repetition", f"{again:.0%} of the answers repeat; ends: {text.answer.rstrip()[-60:]}")
    return next(filter(None, map(_loop, answers)), None)


def _loop(answer: str) -> Drop | None:
    """Within one answer: the next one may well give a program again, mended."""
    words = answer.split()
    unit, said, fewest = "word", words, FEWEST_WORDS
    if not answer.isascii() and len(answer) > LONG_WORDS * len(words):
        unit, said, fewest = "character", list("".join(words)), FEWEST_CHARACTERS
    if len(said) >= fewest:
        size = RUN_WORDS if unit == "word" else RUN_CHARACTERS
        runs = list(zip(*(said[at:] for at in range(size)), strict=False))
        repeated = 1 - len(set(runs)) / len(runs)
        if repeated > REPEATED_SHARE:
            return Drop("repetition", f"{repeated:.0%} of the {size}-{unit} runs repeat; ends: {answer.rstrip()[-60:]}")
    if len(answer) > LONGEST_WORD and len(longest := max(words, key=len, default="")) > LONGEST_WORD:
        data = encodable(longest).encode()
        if len(zlib.compress(data, 1)) < LOOP_COMPRESSION * len(data):
            return Drop("repetition", f"{longest[:40]}... for {len(longest)} characters")
    return None
