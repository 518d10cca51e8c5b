"""Charts as inline SVG, of numbers and escaped labels only: bars, and the lines of label, drawing and figure they stand in.

Positions are percentages and type keeps its size, so a chart is as legible at 390 pixels as at 1280: scaling one drawing
to the width of a phone would scale its words with it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape


@dataclass(frozen=True)
class Bar:
    """`part` of `whole`, with its figure in words beside it."""

    label: str
    part: float
    whole: float
    figure: str
    before: float = 0.0
    """Pale from `part` up to here: what fell at this step."""


def bars(rows: Sequence[Bar]) -> Markup:
    """Each row a bar on a track as long as the whole."""
    return chart("bars", [line(row.label, _drawn(row), row.figure) for row in rows])


def counts(rows: Sequence[tuple[str, int]]) -> Markup:
    """(label, count) as bars beside the largest, each with its share of all."""
    most, every = max((count for _, count in rows), default=1), max(1, sum(count for _, count in rows))
    return bars([Bar(label, count, most, f"{count:,} · {count / every:.1%}") for label, count in rows])


def chart(kind: str, lines: Sequence[Markup]) -> Markup:
    """Lines below one another, their labels, drawings and figures in three columns; `kind` is a class of the style sheet."""
    return Markup('<div class="chart {}">{}</div>').format(kind, Markup("").join(lines))


def line(label: str, drawn: Markup, figure: str) -> Markup:
    """One line of a chart."""
    return Markup('<div class="label">{}</div>{}<div class="figure">{}</div>').format(label, drawn, figure)


def svg(height: int, body: str, words: str) -> Markup:
    """A drawing of `height` pixels, as wide as there is room; `body` is markup, `words` tell it to who cannot see it."""
    return Markup(f'<svg height="{height}" role="img" aria-label="{escape(words)}">{body}</svg>')


def percent(share: float) -> str:
    """A share of the width, kept between nothing and all of it."""
    return f"{100 * min(1.0, max(0.0, share)):.2f}%"


def _drawn(row: Bar) -> Markup:
    share, before = (value / row.whole if row.whole else 0.0 for value in (row.part, row.before))
    body = '<rect class="track" width="100%" height="12" y="6"/>'
    if before > share:
        body += f'<rect class="fell" width="{percent(before)}" height="12" y="6"/>'
    body += f'<rect class="bar" width="{percent(share)}" height="12" y="6"/>'
    return svg(24, body, f"{row.label}: {share:.1%}")
