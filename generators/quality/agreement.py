"""How far a judge agrees with the verifiers of a run: the rows whose truth is known from tests are put to the judge."""

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from typing import Any

from generators.lab import Lab
from generators.quality.judges import judge
from ledger import Ledger, Row, Status
from rows.forms import Text, read
from serving import PromptTooLongError

MOST_ROWS = 400
"""Rows judged of a run, half accepted and half rejected where there are as many."""
IN_FLIGHT = 64


@dataclass(frozen=True)
class Agreement:
    """Judge against verifier, as counts."""

    both_pass: int
    judge_only: int
    """The judge passed what the verifier refused: false accepts."""
    verifier_only: int
    """The judge refused what the verifier accepted: false rejects."""
    both_fail: int
    unjudged: int
    """No verdict, or too long for the checkpoint."""

    @property
    def rows(self) -> int:
        return self.both_pass + self.judge_only + self.verifier_only + self.both_fail

    @property
    def accuracy(self) -> float | None:
        """Share of the judged rows on which both agree."""
        return (self.both_pass + self.both_fail) / self.rows if self.rows else None

    @property
    def kappa(self) -> float | None:
        """Cohen's kappa: agreement beyond chance. None where either side always says the same, and chance is all there is."""
        if not self.rows:
            return None
        judged = (self.both_pass + self.judge_only) / self.rows
        verified = (self.both_pass + self.verifier_only) / self.rows
        by_chance = judged * verified + (1 - judged) * (1 - verified)
        if by_chance == 1:
            return None
        return ((self.both_pass + self.both_fail) / self.rows - by_chance) / (1 - by_chance)

    def to_dict(self) -> dict[str, Any]:
        figures = {"rows": self.rows, "accuracy": self.accuracy, "kappa": self.kappa}
        return {**asdict(self), **{k: round(v, 4) if isinstance(v, float) else v for k, v in figures.items()}}


def count(pairs: Iterable[tuple[bool | None, bool]]) -> Agreement:
    """Agreement of (what the judge says, what the verifier says); None is no verdict."""
    counts = {(True, True): 0, (True, False): 0, (False, True): 0, (False, False): 0}
    unjudged = 0
    for judged, verified in pairs:
        if judged is None:
            unjudged += 1
        else:
            counts[judged, verified] += 1
    both_pass, judge_only, verifier_only, both_fail = counts.values()
    return Agreement(both_pass, judge_only, verifier_only, both_fail, unjudged)


async def agreement(lab: Lab, run: Ledger, kind: str, watch: Callable[[int], None] = lambda rows: None) -> Agreement:
    """Put the decided rows of a run to a judge. For code the point of correctness is compared: tests say nothing of style."""
    slots = asyncio.Semaphore(IN_FLIGHT)

    async def one(text: Text, verified: bool) -> tuple[bool | None, bool]:
        async with slots:
            try:
                verdict = await judge(lab, text, kind)
            except PromptTooLongError:
                return None, verified
            finally:
                watch(1)
        said = None if verdict.points is None else verdict.correct if kind == "code" else verdict.passed
        return said, verified

    return count(await asyncio.gather(*(one(text, verified) for text, verified in decided(run))))


def decided(run: Ledger) -> list[tuple[Text, bool]]:
    """The answers of a run that a verifier accepted or refused, as many of either as there are, at most MOST_ROWS together."""
    accepted = list(_answers(run, Status.accepted))
    refused = list(_answers(run, Status.rejected))
    most = min(MOST_ROWS // 2, max(len(accepted), len(refused)))
    return [(text, True) for text in accepted[:most]] + [(text, False) for text in refused[:most]]


def _answers(run: Ledger, status: Status) -> Iterable[Text]:
    return filter(None, (_answer(row) for row in run.rows(status=status)))


def _answer(row: Row) -> Text | None:
    """What was asked and answered in the end; a row that never came to a program was not verified."""
    sample = row.sample
    if not sample.code:
        return None
    completion = sample.completion or f"```python\n{sample.code}```"
    return read({"prompt": sample.prompt or None, "completion": completion})
