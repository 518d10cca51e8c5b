"""Bars as inline SVG, of numbers and escaped labels only. Widths are percentages and type keeps its size, so a bar is as
legible on a phone as on a desk.
"""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup


def bars(rows: Sequence[tuple[str, float, float, str]]) -> Markup:
    """(label, part, whole, figure): each a bar of part / whole on a track, with its figure in words."""
    lines = [
        Markup('<div class="label">{}</div>{}<div class="figure">{}</div>').format(
            label, bar(part, whole, label), figure
        )
        for label, part, whole, figure in rows
    ]
    return Markup('<div class="chart">{}</div>').format(Markup("").join(lines))


def counts(rows: Sequence[tuple[str, int]]) -> Markup:
    """(label, count) as bars beside the largest, each with its share of all."""
    most, every = max((count for _, count in rows), default=1), max(1, sum(count for _, count in rows))
    return bars([(label, count, most, f"{count:,} · {count / every:.1%}") for label, count in rows])


def bar(part: float, whole: float, words: str) -> Markup:
    """One bar; full (and of another colour) where the part reaches the whole of a limit."""
    share = min(1.0, max(0.0, part / whole if whole else 0.0))
    return Markup(
        '<svg height="20" role="img" aria-label="{}: {}"><rect class="track" width="100%" height="10" y="5"/>'
        '<rect class="bar" width="{}%" height="10" y="5"/></svg>'
    ).format(words, f"{share:.1%}", f"{100 * share:.2f}")
