"""How a checkpoint's answers end: their length, and how many are cut off or repeat themselves.

pass@1 hides what training does first where it goes wrong: answers grow, stop ending, or end in one line again and again
(Llama 3 paper, section 4.1.4, saw both of DPO whose loss reads formatting tokens).
"""

from __future__ import annotations

from dataclasses import dataclass

from ledger import Ledger
from ledger.facts import EndingFigures

LONGEST_PERIOD = 400
"""Characters of the longest piece whose repetition is looked for."""
TIMES = 4
"""Copies of it at the end of an answer,"""
AT_LEAST = 80
"""and characters in all: a table, a rule of dashes or `[0, 0, 0, 0]` is no answer that has lost its way."""


@dataclass(frozen=True)
class Endings:
    """Of the answers to a benchmark."""

    tokens: float
    """Mean of one answer."""
    cut: float
    """Share that the token limit ended."""
    repeating: float
    """Share that end in copies of one piece."""

    def to_dict(self) -> EndingFigures:
        return {"tokens": self.tokens, "cut": self.cut, "repeating": self.repeating}


def endings(ledger: Ledger, stage: str) -> Endings | None:
    """Of the answers that a stage's rows rest on; None where there are none."""
    effects = (ledger.effect(key) for row in ledger.rows(stage) for key in row.effects)
    answers = [effect for effect in effects if effect and effect.kind == "ask"]
    if not answers:
        return None
    return Endings(
        sum(answer.output_tokens for answer in answers) / len(answers),
        sum(answer.result["finish_reason"] == "length" for answer in answers) / len(answers),
        sum(repeats(answer.result["text"]) for answer in answers) / len(answers),
    )


def repeats(text: str) -> bool:
    """Whether the text ends in copies of one piece."""
    text = text.rstrip()
    for period in range(1, min(LONGEST_PERIOD, (len(text) + 1) // TIMES) + 1):
        wanted = max(period * TIMES - 1, AT_LEAST)  # the last line end is gone
        if len(text) >= wanted and text[-wanted:-period] == text[-wanted + period :]:
            return True
    return False
