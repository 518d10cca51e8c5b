"""What an arena holds: pairs, what was said of them, and the preference data that it comes to. All of it is on disk at once."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, TypedDict

from alignment.arena.questions import Question
from alignment.data.sets import write_shards
from alignment.errors import AlignmentError
from evaluation import statistics
from ledger import Ledger, facts
from ledger.facts import ArenaFact, JudgementFact, PairFact
from rows.encoding import encodable
from rows.messages import Message, answered
from rows.writers import whole

Grade = Literal["significantly better", "better", "slightly better", "marginally better"]
GRADES: tuple[Grade, ...] = ("significantly better", "better", "slightly better", "marginally better")
"""Of the better answer (Llama 3 paper, section 4.2.1)."""
Neither = Literal["alike", "both bad"]
NEITHER: tuple[Neither, ...] = ("alike", "both bad")
"""Why no answer is the better one; such a pair is in no data set."""
DATA_SET = "preference"


class ArenaRow(TypedDict):
    """A judged pair, as `lab train reward` and `lab train dpo` read it."""

    prompt: list[Message]
    chosen: list[Message]
    rejected: list[Message]
    edited: list[Message] | None
    """The chosen answer as the person mended it: edited > chosen > rejected."""
    grade: str
    category: str
    chosen_by: str
    rejected_by: str
    row: str


@dataclass(frozen=True)
class Share:
    """How often something was so, with Wilson's 95% interval."""

    hits: int
    of: int
    interval: tuple[float, float]

    def to_dict(self) -> dict[str, Any]:
        return {"hits": self.hits, "of": self.of, "interval": list(self.interval)}

    def __str__(self) -> str:
        low, high = self.interval
        return f"{self.hits} of {self.of} ({self.hits / self.of:.1%}, 95% {low:.1%} to {high:.1%})"


@dataclass
class Arena:
    """The pairs of an arena and what was said of them, by question. Use `open_arena` to make one."""

    ledger: Ledger
    pairs: dict[str, PairFact]
    judgements: dict[str, JudgementFact]
    _one_at_a_time: asyncio.Lock = field(default_factory=asyncio.Lock)

    @property
    def folder(self) -> Path:
        """Where the preference data are."""
        return self.ledger.run_dir / "data" / DATA_SET

    async def add(
        self, question: Question, by: Sequence[str], answers: Sequence[str], cut: Sequence[bool] = (False, False)
    ) -> None:
        """Keep the two answers to a question, and draw by lot which of them is shown first."""
        pair = PairFact(
            prompt=question.prompt,
            category=question.category,
            answers=list(answers),
            by=list(by),
            cut=list(cut),
            first=secrets.randbelow(2),
        )
        await self.ledger.record(facts.PAIR, pair, question.key)
        self.pairs[question.key] = pair

    async def judge(self, key: str, better: int | None, grade: str, edited: str | None) -> None:
        """Keep what a person said of a pair, in the ledger first and then in the data. Raises AlignmentError for an edit that is
        no third answer.
        """
        pair = self.pairs[key]
        if better is None or edited is None:
            edited = None
        else:
            edited = encodable(edited).replace("\r\n", "\n")
            if edited.strip() == _as_typed(pair["answers"][better]):
                edited = None
            elif not edited.strip():
                raise AlignmentError("the edited answer is empty; write one, or leave the answer as it is")
            elif edited.strip() == _as_typed(pair["answers"][1 - better]):
                raise AlignmentError("the edited answer is the other one; choose that one instead")
        said = JudgementFact(better=better, grade=grade, edited=edited, at=time.time())
        async with self._one_at_a_time:
            await self.ledger.record(facts.JUDGEMENT, said, key)
            self.judgements[key] = said
            await asyncio.to_thread(self.write)

    def rows(self) -> list[ArenaRow]:
        """The pairs of which one answer is the better one, in the order in which they were judged."""
        judged = sorted(self.judgements.items(), key=lambda item: item[1]["at"])
        return [_row(key, self.pairs[key], said) for key, said in judged if said["better"] is not None]

    def write(self) -> None:
        """Write the data anew, with their card."""
        write_shards(self.folder, ArenaRow, self.rows())
        with whole(self.folder / "README.md") as draft:
            draft.write_text(_card(self), encoding="utf-8", errors="replace")

    def wins(self) -> dict[str, Share]:
        """Who wrote answers -> how often theirs was the better one, of the pairs that somebody else's was in too."""
        won: dict[str, dict[str, list[bool]]] = {}
        for key, pair, better in self._decided():
            if pair["by"][0] != pair["by"][1]:
                for side, by in enumerate(pair["by"]):
                    won.setdefault(by, {})[key] = [side == better]
        return {by: _share(outcomes) for by, outcomes in sorted(won.items())}

    def first_wins(self) -> Share | None:
        """How often the answer that was shown first was the better one: far from half, the place was judged and not the text."""
        outcomes = {key: [better == pair["first"]] for key, pair, better in self._decided()}
        return _share(outcomes) if outcomes else None

    def grades(self) -> dict[str, Counter[str]]:
        """Grade -> who wrote the better answer -> pairs; of those without a better one, grade -> "" -> pairs."""
        found: dict[str, Counter[str]] = {}
        for key, said in self.judgements.items():
            by = "" if said["better"] is None else self.pairs[key]["by"][said["better"]]
            found.setdefault(said["grade"], Counter())[by] += 1
        return {grade: found[grade] for grade in (*GRADES, *NEITHER) if grade in found}

    def summary(self) -> dict[str, Any]:
        """As `--json` prints it."""
        first = self.first_wins()
        return {
            "judged": len(self.judgements),
            "rows": len(self.rows()),
            "edited": sum(said["edited"] is not None for said in self.judgements.values()),
            "wins": {by: share.to_dict() for by, share in self.wins().items()},
            "grades": {grade: dict(counts) for grade, counts in self.grades().items()},
            "first_wins": first and first.to_dict(),
            "data": str(self.folder),
        }

    def told(self) -> list[str]:
        """The summary for a person, a line each."""
        found, first = self.summary(), self.first_wins()
        lines = [f"{found['judged']} judged; pairs to learn from: {found['rows']}, edited: {found['edited']}"]
        lines += [f"{by} better in {share}" for by, share in self.wins().items()]
        for grade, counts in self.grades().items():
            named = ", ".join(f"{by} {count}" for by, count in sorted(counts.items()) if by)
            lines.append(f"{grade}: {counts.total()}" + (f" ({named})" if named and self.wins() else ""))
        return [*lines, f"the answer shown first was better in {first}"] if first else lines

    def _decided(self) -> list[tuple[str, PairFact, int]]:
        return [
            (key, self.pairs[key], said["better"])
            for key, said in self.judgements.items()
            if said["better"] is not None
        ]


async def open_arena(ledger: Ledger, compared: ArenaFact) -> Arena:
    """The arena of a run, with all that was judged in it. Raises AlignmentError where it compares something else."""
    held = ledger.read(facts.ARENA)
    if held is None and not ledger.is_empty():
        raise AlignmentError(f"{ledger.run_dir}: a run of another kind; give another --out")
    if held is not None and held["identities"] != compared["identities"]:
        names = " and ".join(held["names"]) or "answers of a file"
        raise AlignmentError(
            f"{ledger.run_dir}: an arena of {names}, whose contents are not those given; give another --out"
        )
    arena = read_arena(ledger)
    if held and arena.pairs and (odd := _drawn_otherwise(held["sampling"], compared["sampling"])):
        raise AlignmentError(
            f"{ledger.run_dir}: its answers were drawn otherwise ({odd}), and all are compared alike; give another --out, or the same"
        )
    await ledger.record(facts.ARENA, compared)
    if arena.judgements:
        arena.write()  # a killed arena may have kept a word that the data lack
    return arena


def _drawn_otherwise(held: Mapping[str, Any], now: Mapping[str, Any]) -> str:
    """`temperature: 0.8 -> 0.2`; empty where all is the same."""
    return ", ".join(
        f"{name}: {held.get(name)} -> {value}" for name, value in now.items() if held.get(name, value) != value
    )


def read_arena(ledger: Ledger) -> Arena:
    """What an arena's ledger holds."""
    pairs = ledger.all(facts.PAIR)
    return Arena(ledger, pairs, {key: said for key, said in ledger.all(facts.JUDGEMENT).items() if key in pairs})


def _as_typed(answer: str) -> str:
    """An answer as a text field gives it back."""
    return answer.replace("\r\n", "\n").replace("\r", "\n").strip()


def _row(key: str, pair: PairFact, said: JudgementFact) -> ArenaRow:
    better = said["better"]
    assert better is not None
    texts, by = pair["answers"], pair["by"]
    return {
        "prompt": pair["prompt"],
        "chosen": answered((), texts[better]),
        "rejected": answered((), texts[1 - better]),
        "edited": None if said["edited"] is None else answered((), said["edited"]),
        "grade": said["grade"],
        "category": pair["category"],
        "chosen_by": by[better],
        "rejected_by": by[1 - better],
        "row": f"arena#{key}",
    }


def _share(outcomes: dict[str, list[bool]]) -> Share:
    found = statistics.score("arena", outcomes)
    return Share(found.passed, found.n, found.interval)


def _card(arena: Arena) -> str:
    lines = "".join(f"- {line}\n" for line in arena.told())
    return f"""---
configs:
- config_name: default
  data_files: train-*.parquet
---
# Preferences of `{arena.ledger.run_dir.name}`

A person compared two answers to each prompt without knowing whose they were (`lab arena`). `edited`, where there is one, is
the chosen answer as the person mended it. For `lab train reward` (edited > chosen > rejected), and for `lab train dpo` and
TRL's DPOTrainer (`prompt`, `chosen`, `rejected`).

{lines}"""
