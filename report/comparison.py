"""Two evaluations side by side (`lab eval --compare`): for the terminal, as JSON, as a page with both answers to what was won and lost."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from ledger import Ledger, facts
from ledger.facts import ClaimFigures, ComparisonFigures, ScoreFigures
from ledger.rows import EVALUATION
from report.html import render
from sandbox.visible import visible

NAMED = 8
"""Problems won, and problems lost, that the terminal names."""
SHOWN = 100
"""Of each that the page shows, with both answers."""


@dataclass(frozen=True)
class Answered:
    """A problem that one side answers rightly alone, greedily; each answer with the row that holds it."""

    problem: str
    text: str
    before: str
    after: str
    rows: tuple[str, str]
    """As `lab why` takes them."""


@dataclass(frozen=True)
class Compared:
    """What one benchmark says of the two."""

    figures: ClaimFigures
    scores: dict[str, tuple[ScoreFigures, ScoreFigures]]
    """Decoding -> before and after."""
    won: list[Answered]
    lost: list[Answered]

    @property
    def title(self) -> str:
        return self.scores["greedy"][1]["benchmark"]

    @property
    def n(self) -> int:
        """Problems."""
        return self.scores["greedy"][1]["n"]

    @property
    def rows(self) -> list[tuple[str, ScoreFigures, ScoreFigures, ComparisonFigures]]:
        """(how the answers were drawn, before, after, the difference) of each decoding that was compared."""
        found = []
        for decoding in ("greedy", "sampled"):
            figures = self.figures["greedy"] if decoding == "greedy" else self.figures["sampled"]
            if figures and decoding in self.scores:
                before, after = self.scores[decoding]
                how = decoding if decoding == "greedy" else f"at {after['temperature']:g}, {after['samples']} each"
                found.append((how, before, after, figures))
        return found

    def to_json(self) -> dict[str, Any]:
        """The claim and both scores, and each problem won or lost with both answers."""
        return {
            **self.figures,
            "title": self.title,
            "n": self.n,
            "scores": {decoding: {"before": one, "after": other} for decoding, (one, other) in self.scores.items()},
            "won": [_answer_json(answered) for answered in self.won],
            "lost": [_answer_json(answered) for answered in self.lost],
        }


def gather_comparison(
    figures: ClaimFigures, before: tuple[Ledger, str, str], after: tuple[Ledger, str, str]
) -> Compared:
    """Read what the two (ledger, checkpoint, benchmark, as that run calls them) hold of a claim."""
    scores = {}
    for decoding in ("greedy", "sampled"):
        found = [ledger.read(facts.SCORE, f"{name}/{bench}/{decoding}") for ledger, name, bench in (before, after)]
        if found[0] and found[1]:
            scores[decoding] = (found[0], found[1])
    named = {*figures["won"], *figures["lost"]}
    one, other = (_answers(*side, named) for side in (before, after))
    told = {
        problem: Answered(problem, text, said, other[problem][1], (row, other[problem][2]))
        for problem, (text, said, row) in one.items()
        if problem in other
    }
    won, lost = (
        [told[problem] for problem in problems if problem in told] for problems in (figures["won"], figures["lost"])
    )
    return Compared(figures, scores, won, lost)


def _answers(ledger: Ledger, checkpoint: str, benchmark: str, problems: Collection[str]) -> dict[str, tuple[str, ...]]:
    rows = ledger.rows(f"{EVALUATION}{checkpoint}/{benchmark}/greedy")
    return {row.seed_id: (row.sample.problem, row.sample.completion, row.id) for row in rows if row.seed_id in problems}


def _answer_json(answered: Answered) -> dict[str, Any]:
    return {
        "problem": answered.problem,
        "before": {"row": answered.rows[0], "answer": answered.before},
        "after": {"row": answered.rows[1], "answer": answered.after},
    }


def write_comparison(before: str, after: str, benchmarks: Sequence[Compared], path: Path) -> None:
    """Write the page; the file appears whole or not at all. Raises OSError."""
    render("comparison.html.j2", path, before=before, after=after, benchmarks=benchmarks, most=SHOWN)


def print_comparison(before: str, after: str, benchmarks: Sequence[Compared], console: Console) -> None:
    """The same in 80 columns."""
    console.print(Text(visible(f"{after} against {before}"), style="bold"))
    for found in benchmarks:
        console.print(Text(visible(f"\n{found.title}, {found.n} problems: {found.figures['verdict']}")))
        table = Table(box=None, pad_edge=False)
        for number, column in enumerate(("", "before", "after", "difference, 95%", "p", "up", "down")):
            table.add_column(column, justify="right" if number else "left")
        for how, one, other, figures in found.rows:
            low, high = figures["interval"]
            table.add_row(
                how,
                f"{one['pass@1']:.1%}",
                f"{other['pass@1']:.1%}",
                f"{figures['difference']:+.1%} ({low:+.1%} to {high:+.1%})",
                f"{figures['p_value']:.2g}",
                f"{figures['better']}",
                f"{figures['worse']}",
            )
        console.print(table)
        for word, named in (("won", found.won), ("lost", found.lost)):
            for answered in named[:NAMED]:
                rows = " and ".join(dict.fromkeys(answered.rows))  # most are called alike in both
                console.print(Text(visible(f"{word} {answered.problem}: {rows}")))
            if len(named) > NAMED:
                console.print(Text(f"{word} {len(named) - NAMED} more"))
        if found.won or found.lost:
            console.print(Text("`lab why RUN ROW` shows an answer of either run"))
