"""One pool of rollouts, and what is learned from: accepted answers for SFT, right over wrong for preference training, labelled
steps, and the problems themselves for reinforcement learning.

All are Parquet shards in TRL's conversational formats with a card beside them, so `datasets.load_dataset(FOLDER)` reads
them, and each row names the ledger rows it came from: `lab why RUN ROW` tells the rest.
"""

import json
import math
import shutil
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from types import MappingProxyType
from typing import Any, NotRequired, TypedDict

from alignment.data.mix import OVER_MIX, mixed
from generators.catalog import negatives_of
from generators.reasons import Shared
from generators.taken import Contaminated, Taken, plain, problem_of
from ledger.facts import DataSetFigures
from ledger.rows import EVALUATION, Row, Status
from ledger.store import Ledger, LedgerError
from report.card import card
from rows.arrow import schema_of
from rows.messages import Message, answered
from rows.sample import Sample
from rows.writers import Shards
from sandbox import Verdict

SHARD_ROWS = 50_000


class SftRow(TypedDict):
    """A conversation to learn every answer of."""

    messages: list[Message]
    problem_id: str
    stage: str
    row: str
    run: str
    """Which earlier run's ledger has the row; empty for the run's own."""


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


class StepwiseRow(TypedDict):
    """A question and the steps of an answer, with whether each is good (TRL's stepwise supervision)."""

    prompt: str
    problem_id: str
    row: str
    run: str
    completions: list[str]
    labels: list[bool]


class ProblemRow(TypedDict):
    """A problem with the tests that decide it, in MBPP's fields."""

    task_id: str
    prompt: str
    test_list: list[str]
    code: str
    """An accepted answer's program; empty where none was."""
    programming_language: str
    row: str
    run: str


@dataclass(frozen=True)
class DataSet:
    """What was written, and what was left out and why."""

    name: str
    path: Path
    rows: int
    dropped: dict[str, int] = field(default_factory=dict)
    shares: dict[str, float] = field(default_factory=dict)
    """Of a mix, what each name has of the rows."""
    across: int = 0
    """Pairs of two checkpoints."""

    def to_dict(self) -> DataSetFigures:
        found: DataSetFigures = {
            "name": self.name,
            "path": str(self.path),
            "rows": self.rows,
            "dropped": self.dropped,
        }
        if self.shares:
            found["shares"] = self.shares
        if self.across:
            found["across"] = self.across
        return found


Negative = Callable[[Row], bool]
"""Whether a row's answer is wrong, and so may be the losing side of a pair."""
Writer = Callable[[Row], str]
"""The checkpoint that gave a row's answer, by its content; "" where the ledger does not say."""


def export(
    ledger: Ledger,
    *,
    max_per_problem: int,
    pairs_per_problem: int,
    contaminated: Contaminated = lambda messages: "",
    earlier: Sequence[Ledger] = (),
    wanted: Collection[str] = (),
    mix: Mapping[str, float] = MappingProxyType({}),
    pairs_across: bool = False,
) -> tuple[DataSet, ...]:
    """Write `data/sft`, `data/preference`, where it is `wanted` `data/problems`, and where it is or steps were labelled
    `data/stepwise` anew from the run's rows and, after them, those of the `earlier` runs: of a problem the run's own rows are
    taken first.

    Evaluations and what came after the target was met are in none. Accepted rows enter the SFT set; accepted and negative
    rows pair up for the preference set, each with one of its own run, and with
    `pairs_across` right ones of the run with wrong ones of earlier runs that another checkpoint gave; rows with labelled steps enter the stepwise set and,
    since a labelled answer may be wrong, no other. With a `mix` the SFT set has these shares (`alignment.data.mix`). The same rows
    give the same files.
    """
    taken = Taken(max_per_problem, contaminated)
    paired = Paired(pairs_per_problem, contaminated, pairs_across)
    sft: list[SftRow] = []
    labelled: list[StepwiseRow] = []
    from_steps = Counter[str]()
    asked = Asked(contaminated)
    for number, source in enumerate((ledger, *earlier)):
        run = source.run_dir.resolve().name if number else ""
        told = (row for row in source.rows() if not row.stage.startswith(EVALUATION))
        rows = [row for row in told if row.status is not Status.surplus]
        answers = [row for row in rows if row.sample.labels is None]
        labelled += _stepwise_rows(rows, taken, run, from_steps)
        sft += _sft_rows(answers, taken, run)
        paired.add(answers, _negatives(source), run, _writer(source))
        asked.add(answers if "problems" in wanted else (), run)
        if source.damage:  # of a reader, which would have passed over it
            raise LedgerError(source.damage)
    pairs, from_pairs = paired.rows, paired.left_out()
    shares: dict[str, float] = {}
    if mix:
        thinned = mixed([row["stage"] for row in sft], mix)
        taken.dropped[OVER_MIX] = len(sft) - len(thinned.kept)
        sft, shares = [sft[place] for place in thinned.kept], thinned.shares
    made: list[tuple[str, type, Sequence[Any], Counter[str]]] = [
        ("sft", SftRow, sft, taken.dropped),
        ("preference", PreferenceRow, pairs, from_pairs),
        *([("stepwise", StepwiseRow, labelled, from_steps)] if labelled or from_steps or "stepwise" in wanted else []),
        *([("problems", ProblemRow, list(asked.rows.values()), asked.dropped)] if "problems" in wanted else []),
    ]
    data_sets = []
    for name, row_type, found, dropped in made:
        across = sum("rejected_run" in row for row in found) if name == "preference" else 0
        of_mix = shares if name == "sft" else {}
        data_set = DataSet(name, ledger.run_dir / "data" / name, len(found), dict(dropped), of_mix, across)
        write_shards(data_set.path, row_type, found)
        data_sets.append(data_set)
    return tuple(data_sets)


def write_cards(ledger: Ledger, data_sets: Iterable[DataSet]) -> None:
    """Put a README.md beside each data set; after all that it tells of has been recorded."""
    for data_set in data_sets:
        text = card(ledger, data_set.name, data_set.rows, data_set.dropped, data_set.shares, data_set.across)
        (data_set.path / "README.md").write_text(text, encoding="utf-8", errors="replace")


UNPROVED = frozenset((Shared.weak_proof, Shared.undecided, Verdict.untested))
"""Reasons that leave an answer neither right nor wrong."""


def _negatives(ledger: Ledger) -> Negative:
    """A rejected answer is a negative if it holds a program, which something judged, or if its reason says so. One of which
    nothing was proved may well be right.
    """
    negative: dict[str, frozenset[str]] = {}

    def is_negative(row: Row) -> bool:
        if row.status is not Status.rejected or not row.sample.completion or row.reason in UNPROVED:
            return False
        if row.stage not in negative:
            negative[row.stage] = negatives_of(ledger, row.stage)
        return bool(row.sample.code) or row.reason in negative[row.stage]

    return is_negative


def _writer(ledger: Ledger) -> Writer:
    def wrote(row: Row) -> str:
        effects = (ledger.effect(key) for key in row.effects)
        return next((effect.request["checkpoint"] for effect in effects if effect and effect.kind == "ask"), "")

    return wrote


def _sft_rows(rows: Iterable[Row], taken: Taken, run: str) -> list[SftRow]:
    return [
        {"messages": messages, "problem_id": problem_of(row), "stage": row.stage, "row": row.id, "run": run}
        for row in best_first([row for row in rows if row.status is Status.accepted])
        for messages in taken.take(row)
    ]


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


def _stepwise_rows(rows: Iterable[Row], taken: Taken, run: str, dropped: Counter[str]) -> Iterator[StepwiseRow]:
    for row in rows:
        if row.status is not Status.accepted or not row.sample.labels:
            continue
        if why := taken.offer_steps(row):
            dropped[why] += 1
            continue
        yield {
            "prompt": row.sample.problem,
            "problem_id": problem_of(row),
            "row": row.id,
            "run": run,
            "completions": list(row.sample.steps),
            "labels": list(row.sample.labels),
        }


class Asked:
    """Every problem that came with tests, once: solved or not, since what is hopeless today is a step's prize tomorrow."""

    def __init__(self, contaminated: Contaminated) -> None:
        self._contaminated = contaminated
        self.rows: dict[str, ProblemRow] = {}
        self.dropped: Counter[str] = Counter()

    def add(self, rows: Iterable[Row], run: str = "") -> None:
        for row in rows:
            sample = row.sample
            if not (sample.problem_id and sample.problem and sample.tests):
                continue
            if sample.problem_id not in self.rows and self._contaminated([{"role": "user", "content": sample.problem}]):
                self.dropped["contaminated"] += 1
                continue
            known = self.rows.setdefault(
                sample.problem_id,
                {
                    "task_id": sample.problem_id,
                    "prompt": sample.problem,
                    "test_list": [sample.tests.rstrip("\n")],
                    "code": sample.reference,
                    "programming_language": sample.programming_language,
                    "row": row.id,
                    "run": run,
                },
            )
            if row.status is Status.accepted and not known["code"]:
                known["code"] = sample.code


def _distinct(rows: Iterable[Row]) -> list[Row]:
    told = {plain(row.sample.code or row.sample.completion): row for row in reversed(list(rows))}
    return list(told.values())[::-1]


def write_shards(folder: Path, row_type: type, rows: Sequence[Any]) -> None:
    """Write rows of `row_type` as `train-00000.parquet`, ...; whoever reads meanwhile finds the old or the new."""
    columns = {field.name: field.type for field in schema_of(row_type, rows)}
    fresh = folder.with_name(f"{folder.name}.new")
    shutil.rmtree(fresh, ignore_errors=True)
    with Shards(fresh, "train", columns, rows_per_shard=SHARD_ROWS, rows_per_group=SHARD_ROWS) as written:
        for row in rows:
            written.add(row)
    shutil.rmtree(folder, ignore_errors=True)
    fresh.replace(folder)
