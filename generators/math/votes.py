"""Answers of several samples put together: which are equal, what the majority says, how sure that makes us."""

from collections.abc import Sequence
from dataclasses import dataclass

from generators.lab import Lab, Reply
from verification.answers import final_answer
from verification.equality import same


@dataclass(frozen=True)
class Trace:
    """One sampled solution with the final answer it states."""

    text: str
    answer: str
    cut: bool


def traces_of(replies: Sequence[Reply]) -> list[Trace]:
    """The distinct solutions among the replies, in their order."""
    return [
        Trace(text, final_answer(text), cut)
        for text, cut in dict.fromkeys((reply.text.strip(), reply.cut) for reply in replies)
    ]


async def majority(lab: Lab, replies: Sequence[Reply]) -> tuple[str, float]:
    """(the answer most replies agree on, their share of all replies); ("", 0.0) where none states one.

    Self-consistency (Wang et al. 2022) with equality of meaning instead of text. Of two equally large groups the first counts.
    """
    groups: list[tuple[str, int]] = []
    for reply in replies:
        answer = final_answer(reply.text)
        if not answer or reply.cut:
            continue
        for number, (known, votes) in enumerate(groups):
            if await same(lab.check, answer, known):
                groups[number] = (known, votes + 1)
                break
        else:
            groups.append((answer, 1))
    if not groups:
        return "", 0.0
    answer, votes = max(groups, key=lambda group: group[1])
    return answer, votes / len(replies)
