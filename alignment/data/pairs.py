"""Which right answer stands over which wrong one: the pairs of the preference set."""

import json
import math
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import NotRequired, TypedDict

from generators.catalog import negatives_of
from generators.code.backtranslation import BacktranslationReason
from generators.reasons import Shared
from generators.taken import Contaminated, plain, problem_of
from ledger.rows import Row, Status
from ledger.store import Ledger
from rows.messages import Message, answered
from rows.sample import Sample
from sandbox import Verdict


class PreferenceRow(TypedDict):
    """A right answer over a wrong one to the same prompt."""

    prompt: list[Message]
    chosen: list[Message]
    rejected: list[Message]
    strength: NotRequired[str]
    """How much better the chosen answer is, in one of four words."""
    problem_id: str
    row: str
    rejected_row: str
    rejected_run: NotRequired[str]
    """Which earlier run's ledger has the rejected row, of a pair across checkpoints."""
    run: str


Negative = Callable[[Row], bool]
"""Whether a row's answer is wrong, and so may be the losing side of a pair."""
Writer = Callable[[Row], str]
"""The checkpoint that gave a row's answer, by its content; "" where the ledger does not say."""


UNPROVED = frozenset(
    (Shared.weak_proof, Shared.undecided, Shared.false_step, Verdict.untested, BacktranslationReason.not_run)
)
"""Reasons that leave an answer neither right nor wrong,"""
UNFINISHED = frozenset((Shared.cut_off, Shared.no_code, Shared.no_answer))
"""and those of one that never came to its end, or was followed by none: also where a program stands in the sample, such as
those that ran before it was cut, or the one that it describes.
"""


def negatives(ledger: Ledger) -> Negative:
    """A rejected answer is a negative if it holds a program, which something judged, or if its reason says so. One of which
    nothing was proved may well be right.
    """
    negative: dict[str, frozenset[str]] = {}

    def is_negative(row: Row) -> bool:
        if row.status is not Status.rejected or not row.sample.completion or row.reason in UNPROVED | UNFINISHED:
            return False
        if row.stage not in negative:
            negative[row.stage] = negatives_of(ledger, row.stage)
        return bool(row.sample.code) or row.reason in negative[row.stage]

    return is_negative


def writer(ledger: Ledger) -> Writer:
    def wrote(row: Row) -> str:
        effects = (ledger.effect(key) for key in row.effects)
        return next((effect.request["checkpoint"] for effect in effects if effect and effect.kind == "ask"), "")

    return wrote


def best_first(rows: Sequence[Row]) -> list[Row]:
    """The rows where each problem's come in the order of what a reward model gave them, in the places that they have."""
    of_problem: dict[str, list[Row]] = {}
    for row in rows:
        of_problem.setdefault(problem_of(row), []).append(row)
    ranked = {problem: iter(sorted(found, key=_score, reverse=True)) for problem, found in of_problem.items()}
    return [next(ranked[problem_of(row)]) for row in rows]


def _score(row: Row) -> float:
    return -math.inf if row.sample.score is None else row.sample.score


@dataclass
class Paired:
    """The pairs made so far: at most so many to one prompt, of the runs in the order in which they are added."""

    pairs_per_problem: int
    contaminated: Contaminated
    across: bool = False
    """Whether right answers of the first run also stand over wrong ones of later ones, that another checkpoint gave."""
    rows: list[PreferenceRow] = field(default_factory=list)
    _dropped: Counter[str] = field(default_factory=Counter)
    _of_prompt: Counter[tuple[str, str]] = field(default_factory=Counter)
    _unpaired: dict[tuple[str, str], str] = field(default_factory=dict)
    """Prompt -> why its answers made no pair in the last run that asked it."""
    _seen: set[int] = field(default_factory=set)
    _newest: dict[tuple[str, str], tuple[list[Row], set[str]]] = field(default_factory=dict)
    """Prompt -> right answers of the first run that stand over none of an older checkpoint yet, those over none at all first, and
    the checkpoints that gave them."""

    def add(self, answers: Iterable[Row], is_negative: Negative, run: str, wrote: Writer = lambda row: "") -> None:
        """Pair the answers of one run: the right one over the wrong one to the same prompt."""
        for prompt, group in groupby(sorted(answers, key=_same_prompt), key=_same_prompt):
            members = list(group)
            passes = _distinct(best_first([row for row in members if row.status is Status.accepted]))
            fails = _distinct(row for row in members if is_negative(row))
            mine = [
                _pair(prompt[0], row, row, chosen, rejected, run)
                for row in passes
                for chosen, rejected in zip(_right_of(row.sample), _wrong_of(row.sample), strict=False)
            ]
            if members[0].sample.problem_id:  # answers to one and the same prompt
                matched = matched_in_length(passes, fails)
                mine += [_pair(prompt[0], p, f, p.sample.completion, f.sample.completion, run) for p, f in matched]
                if self.across and not run:
                    self._newest[prompt] = _unmatched_first(passes, matched), {wrote(row) for row in passes}
                elif self.across:
                    mine = self._with_older(prompt, [row for row in fails if wrote(row)], wrote, run) + mine
                if not mine:
                    self._unpaired[prompt] = "all_failed" if not passes else "all_passed"
            new = [pair for pair in mine if self._is_new(prompt, pair)]
            clean = [pair for pair in new if not self.contaminated([*pair["prompt"], *pair["chosen"]])]
            room = max(0, self.pairs_per_problem - self._of_prompt[prompt])
            self._dropped["duplicate"] += len(mine) - len(new)
            self._dropped["contaminated"] += len(new) - len(clean)
            self._dropped["over_pairs_per_problem"] += max(0, len(clean) - room)
            self._of_prompt[prompt] += len(clean[:room])
            self.rows += clean[:room]

    def _with_older(
        self, prompt: tuple[str, str], fails: Sequence[Row], wrote: Writer, run: str
    ) -> list[PreferenceRow]:
        """The first run's right answers over these of an older one, matched in length as others are."""
        passes, writers = self._newest.get(prompt, ([], set()))
        if "" in writers:
            return []
        pairs = matched_in_length(passes, [row for row in fails if wrote(row) not in writers])
        for right, _ in pairs:
            passes.remove(right)
        made = [_pair(prompt[0], p, f, p.sample.completion, f.sample.completion, "") for p, f in pairs]
        return [{**pair, "rejected_run": run} for pair in made]

    def _is_new(self, prompt: tuple[str, str], pair: PreferenceRow) -> bool:
        """Whether no run before had it: two rounds write the same answers now and then."""
        told = hash((prompt, *(plain(pair[side][0]["content"]) for side in ("chosen", "rejected"))))
        before = len(self._seen)
        self._seen.add(told)
        return len(self._seen) > before

    def left_out(self) -> Counter[str]:
        """Reason -> pairs over, or prompts that no run made a pair of."""
        return +(self._dropped + Counter(why for prompt, why in self._unpaired.items() if not self._of_prompt[prompt]))


def matched_in_length(passes: Sequence[Row], fails: Sequence[Row]) -> list[tuple[Row, Row]]:
    """Each right answer with the wrong one that is nearest to it in length, none twice: else a pair's easiest lesson is that
    right answers are the longer ones, or the shorter.
    """
    left = list(fails)
    pairs = []
    for right in passes[: len(left)]:
        nearest = min(left, key=lambda wrong: abs(len(wrong.sample.completion) - len(right.sample.completion)))
        left.remove(nearest)
        pairs.append((right, nearest))
    return pairs


def _unmatched_first(passes: Sequence[Row], matched: Sequence[tuple[Row, Row]]) -> list[Row]:
    taken = {right.id for right, _ in matched}
    return sorted(passes, key=lambda row: row.id in taken)


def _same_prompt(row: Row) -> tuple[str, str]:
    return problem_of(row), json.dumps(row.sample.prompt)


def _right_of(sample: Sample) -> list[str]:
    return [sample.completion, *sample.more_completions]


def _wrong_of(sample: Sample) -> list[str]:
    """Refused answers to the very prompt of an accepted sample, which it carries itself."""
    return [wrong for wrong in (sample.rejected, *sample.more_rejected) if wrong]


def _pair(problem: str, chosen: Row, rejected: Row, right: str, wrong: str, run: str) -> PreferenceRow:
    pair: PreferenceRow = {
        "prompt": list(chosen.sample.prompt),
        "chosen": answered((), right),
        "rejected": answered((), wrong),
        "problem_id": problem,
        "row": chosen.id,
        "rejected_row": rejected.id,
        "run": run,
    }
    if chosen is rejected and chosen.sample.strength:
        pair["strength"] = chosen.sample.strength
    return pair


def _distinct(rows: Iterable[Row]) -> list[Row]:
    """The first of those that say the same, in its own place: another one may stand far below it."""
    told: dict[str, Row] = {}
    for row in rows:
        told.setdefault(plain(row.sample.code or row.sample.completion), row)
    return list(told.values())
