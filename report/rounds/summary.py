"""What a report of rounds says, with what follows from the figures."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ledger.facts import (
    ClaimFigures,
    ContaminationFigures,
    DataSetFigures,
    MachineFact,
    RoundFigures,
    ScoreFigures,
    TrainingFigures,
)

START = "start"


@dataclass(frozen=True)
class Cost:
    """What a round took."""

    seconds: float
    """Of work: what lies between a kill and the next start is none of it."""
    generated: int
    """Output tokens of generation stages."""
    evaluated: int
    """Output tokens of evaluations."""
    trained: int
    """Tokens trained on, by all trainings, prompts included."""
    rows: int
    """Accepted rows of generation stages."""

    def for_each(self, points: float) -> dict[str, float] | None:
        """The same for each point; None where nothing was gained."""
        if points <= 0:
            return None
        figures = {"seconds": self.seconds, "generated": self.generated, "evaluated": self.evaluated}
        figures |= {"trained": self.trained, "rows": self.rows}
        return {name: value / points for name, value in figures.items()}


@dataclass(frozen=True)
class Origin:
    """The rows of a data set that one generator made."""

    generator: str
    new: int
    """Of this round."""
    kept: int
    """Of rounds before it."""


@dataclass(frozen=True)
class Round:
    """One round."""

    number: int
    run: Path
    done: bool
    figures: RoundFigures | None
    """How it ended; None while it has not."""
    scores: Sequence[ScoreFigures]
    claims: Sequence[ClaimFigures]
    """Of its checkpoints against its start and against one another."""
    data: Mapping[str, DataSetFigures]
    origins: Mapping[str, Sequence[Origin]]
    """Data set -> where its rows come from."""
    contamination: ContaminationFigures | None
    training: Mapping[str, TrainingFigures]
    sampled_by: Mapping[str, str]
    """Generator -> the checkpoint that answered it."""
    cost: Cost

    @property
    def name(self) -> str:
        return self.run.name

    @property
    def points(self) -> float:
        """By how much the best rose in it, in percentage points over the problems of all benchmarks; 0 where nothing was promoted."""
        if not self.figures or not self.figures["promoted"]:
            return 0.0
        against = self.figures["candidates"][self.figures["promoted"]]["against"]
        return 100 * against["difference"] if against else 0.0


@dataclass(frozen=True)
class Line:
    """A checkpoint on one benchmark."""

    label: str
    """`ROUND/CHECKPOINT`, or `start`."""
    greedy: ScoreFigures
    sampled: ScoreFigures | None
    best: bool


@dataclass(frozen=True)
class RoundsSummary:
    """Everything the report says."""

    name: str
    path: Path
    recipe: dict[str, Any]
    machine: MachineFact | None
    commands: list[str]
    done: bool
    rounds: Sequence[Round]
    claims: Sequence[ClaimFigures]
    """Of the best against the start, by benchmark."""
    damage: str = ""
    titles: Mapping[str, str] = field(default_factory=dict)
    """Benchmark -> its title."""

    @property
    def best(self) -> str:
        """`ROUND/CHECKPOINT` of the best so far; empty before a round has ended."""
        ended = [found.figures for found in self.rounds if found.figures]
        return ended[-1]["best"] if ended else ""

    @property
    def promoted(self) -> bool:
        """Whether any round made a checkpoint that is better than the start."""
        return bool(self.best) and not self.best.endswith(f"/{START}")

    def lines(self, benchmark: str) -> list[Line]:
        """Every checkpoint that was evaluated on it, in order; the start of a later round stands there already."""
        found = []
        for one in self.rounds:
            scores = [score for score in one.scores if score["benchmark"] == self.titles[benchmark]]
            for name in dict.fromkeys(score["checkpoint"] for score in scores):
                if name == START and one.number > 1:
                    continue
                of_it = {score["decoding"]: score for score in scores if score["checkpoint"] == name}
                if "greedy" in of_it:
                    label = f"{one.name}/{name}"
                    called = START if name == START else label
                    found.append(Line(called, of_it["greedy"], of_it.get("sampled"), label == self.best))
        return found

    @property
    def sentences(self) -> list[str]:
        """The rounds in a few honest sentences."""
        if not self.rounds:
            return ["No round has begun yet."]
        ended = [found for found in self.rounds if found.figures]
        asked = (self.recipe.get("rounds") or {}).get("count", len(self.rounds))
        told = [f"{len(ended)} of {asked} rounds are done{'' if self.done else ', and it can go on'}."]
        if ended and not self.promoted:
            told.append("None of them made a checkpoint that is promoted: the best is still the start.")
        elif self.promoted:
            told.append(f"The best checkpoint is {self.best}.")
        told += [f"{found.name}: {found.figures['why']}." for found in ended if found.figures]
        told += [f"The best against the start, {claim['benchmark']}: {claim['verdict']}." for claim in self.claims]
        return told
