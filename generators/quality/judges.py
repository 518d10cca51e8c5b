"""Judges (section 4.2.3): three points in general, two for code, and for pairs one that is asked in both orders."""

import asyncio
from dataclasses import dataclass
from typing import Any

from generators.lab import Lab
from generators.quality.tags import as_text, clipped, one_of, shown

MOST = {"general": 3, "code": 2}
"""Full marks; section 4.2.3 counts only those as high quality, section 4.3.1 keeps only those."""


@dataclass(frozen=True)
class Verdict:
    """What a judge gave, of how much. `points` is None where the checkpoint's answer was no verdict."""

    points: int | None
    of: int
    correct: bool | None = None
    """Code only: the point for correctness."""

    @property
    def passed(self) -> bool:
        """Full marks; no verdict is no pass."""
        return self.points == self.of


async def judge(lab: Lab, row: Any, kind: str) -> Verdict:
    """The judge of that name on a row of any form."""
    return await (judge_code if kind == "code" else judge_general)(lab, row)


async def judge_general(lab: Lab, row: Any) -> Verdict:
    """Accuracy, following of the instruction, tone: 1 to 3 points."""
    prompt, answer = shown(as_text(row))
    reply = await lab.ask("quality/judge-general", prompt=prompt, answer=answer)
    word = one_of(lab, "quality/judge-general", reply.text)
    return Verdict(int(word) if word in ("1", "2", "3") else None, MOST["general"])


async def judge_code(lab: Lab, row: Any) -> Verdict:
    """A point for correctness and one for style, asked apart."""
    prompt, answer = shown(as_text(row))
    replies = await asyncio.gather(
        *(
            lab.ask("quality/judge-code", prompt=prompt, answer=answer, criterion=criterion)
            for criterion in ("correctness", "style")
        )
    )
    marks = [one_of(lab, "quality/judge-code", reply.text) for reply in replies]
    if not all(mark in ("0", "1") for mark in marks):
        return Verdict(None, MOST["code"])
    return Verdict(sum(map(int, marks)), MOST["code"], marks[0] == "1")


async def judge_pair(lab: Lab, prompt: str, first: str, second: str) -> str:
    """`first` or `second`, whichever is better in both orders; "" where the order decided and not the answer."""
    prompt, first, second = clipped(prompt), clipped(first), clipped(second)
    forth, back = await asyncio.gather(
        lab.ask("quality/judge-pair", prompt=prompt, first=first, second=second),
        lab.ask("quality/judge-pair", prompt=prompt, first=second, second=first),
    )
    verdict = one_of(lab, "quality/judge-pair", forth.text), one_of(lab, "quality/judge-pair", back.text)
    return {("A", "B"): "first", ("B", "A"): "second"}.get(verdict, "")
