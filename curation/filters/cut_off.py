"""Truncation: a fence is never closed; or the token limit ended the answer within a word or sentence."""

from curation.drops import Drop
from curation.filters.prose import FENCE
from rows.forms import Text

ENDED = ('"', "'", "”", "’", ")", "]", "}", "`", "*", "$", "|", ">", ";", ":")
SENTENCE_END = (".", "!", "?", "…", "。", "！", "？")
SHOWN = 40
"""Characters of the end that are evidence."""


def look(text: Text) -> Drop | None:
    answer = text.answer
    fences = answer.count(f"\n{FENCE}") + answer.startswith(FENCE)
    if fences % 2 and answer.count(FENCE) % 2:
        return Drop("cut_off", "unclosed fence")
    if text.finish_reason == "length":
        end = answer.rstrip()
        if not end.endswith(SENTENCE_END + ENDED):
            return Drop("cut_off", f"ends at the token limit: {end[-SHOWN:]}")
    return None
