"""How a checkpoint's answers end: their length, and how many are cut off or repeat themselves.

pass@1 hides what training does first where it goes wrong: answers grow, stop ending, or end in one line again and again
(Llama 3 paper, section 4.1.4, saw both of DPO whose loss reads formatting tokens).
"""

from __future__ import annotations

from dataclasses import dataclass

from ledger import Ledger
from ledger.facts import EndingFigures
from verification.unfinished.repetition import repeats


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
