"""Which accepted rows the SFT set takes, and the stepwise set: one rule, by which rows are counted while they come and written in the end.

taken = Taken(max_per_problem=4)
taken.offer(row)         # "" where the set takes it, else why not
taken.is_full("math/solutions", "p/1")     # no further answer to that problem will be taken
"""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from ledger.rows import Row
from rows.messages import Message, answered
from rows.sample import Sample

DUPLICATE, OVER, CONTAMINATED, NO_STEPS = "duplicate", "over_max_per_problem", "contaminated", "no_steps"
"""Why an answer is left out of the set; the last one why labels are that name none."""
TARGET_MET = "target_met"
"""Why a row that holds is a surplus though a set would take it."""
Contaminated = Callable[[Sequence[Message]], str]
"""What of an evaluation set a conversation holds; empty where nothing."""


@dataclass
class Taken:
    """What was taken so far: no answer twice, at most so many of one problem, none that an evaluation set holds."""

    max_per_problem: int
    contaminated: Contaminated = lambda messages: ""
    dropped: Counter[str] = field(default_factory=Counter)
    """Reason -> answers left out."""
    filled: int = 0
    """Problems that have all the answers that the set takes of them."""
    _seen: set[bytes] = field(default_factory=set)
    _per_problem: Counter[bytes] = field(default_factory=Counter)

    def take(self, row: Row) -> Iterator[list[Message]]:
        """The conversations of an accepted row that enter the set, each taken as it is asked for."""
        problem = _problem(row.stage, problem_of(row))
        for content, messages in _conversations(row.sample):
            key = _digest(content, problem)
            if key in self._seen:
                self.dropped[DUPLICATE] += 1
            elif self._per_problem[problem] >= self.max_per_problem:
                self.dropped[OVER] += 1
            elif self.contaminated(messages):
                self.dropped[CONTAMINATED] += 1
            else:
                self._seen.add(key)
                self._per_problem[problem] += 1
                self.filled += self._per_problem[problem] == self.max_per_problem
                yield messages

    def offer(self, row: Row) -> str:
        """Take an accepted row; why nothing of it enters its set, or ""."""
        if row.sample.labels is not None:
            return self.offer_steps(row)
        before = self.dropped.copy()
        if list(self.take(row)):
            return ""
        return next(iter(self.dropped - before))

    def offer_steps(self, row: Row) -> str:
        """The same of labelled steps, which have a set of their own: it takes any number of one problem."""
        steps = "\n".join(row.sample.steps)
        key = _digest(steps, _digest(row.sample.problem, b"steps"))
        if not row.sample.labels:
            return NO_STEPS
        if key in self._seen:
            return DUPLICATE
        if self.contaminated(answered([{"role": "user", "content": row.sample.problem}], steps)):
            return CONTAMINATED
        self._seen.add(key)
        return ""

    def is_full(self, stage: str, problem_id: str) -> bool:
        """Whether the problem of a stage has all the answers that the set takes of it."""
        return self._per_problem.get(_problem(stage, problem_id), 0) >= self.max_per_problem


def problem_of(row: Row) -> str:
    """What counts as one problem: its id, or for an invented one its words."""
    return row.sample.problem_id or plain(row.sample.problem or row.id)


def plain(text: str) -> str:
    """Text up to white space. The programs are hostile: nothing here parses them."""
    return " ".join(text.split())


def _conversations(sample: Sample) -> Iterator[tuple[str, list[Message]]]:
    """(what makes it another answer, messages) of each answer that an accepted sample holds."""
    messages = list(sample.messages) or answered(sample.prompt, sample.completion)
    yield plain(sample.code or sample.completion or str(messages)), messages
    for more in sample.more_completions:
        yield plain(more), answered(sample.prompt, more)


def _problem(stage: str, problem: str) -> bytes:
    """A problem of the stages of one group: task 11 of MBPP is not question 11 of a file of mathematics."""
    return _digest(problem, f"{stage.partition('/')[0]}/".encode())


def _digest(text: str, within: bytes = b"") -> bytes:
    """A few bytes for a text: of a hundred thousand rows the texts would be held twice."""
    return hashlib.blake2b(within + text.encode("utf-8", "surrogatepass"), digest_size=16).digest()
