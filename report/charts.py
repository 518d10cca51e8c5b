"""The pictures of a report: intervals on one scale, a waterfall, a curve. Bars are drawn where the sandbox's are."""

from collections.abc import Sequence

from markupsafe import Markup

from sandbox.show import charts
from sandbox.show.charts import chart, line, percent, svg

HEADROOM = 1.06


def intervals(rows: Sequence[tuple[str, float, float, float]]) -> Markup:
    """(label, value, low, high) as points with whiskers on one scale from 0; the first row's value runs through all."""
    top = min(1.0, max((high for *_, high in rows), default=1.0) * HEADROOM) or 1.0
    ticks = _ticks(top)
    rules = "".join(_upright("grid", tick / top) for tick in ticks)
    parts = []
    for number, (label, value, low, high) in enumerate(rows):
        start = _upright("start", rows[0][1] / top)
        whisker = f'<line class="whisker" x1="{percent(low / top)}" x2="{percent(high / top)}" y1="17" y2="17"/>'
        point = f'<circle class="{"point" if number else "point first"}" cx="{percent(value / top)}" cy="17" r="5"/>'
        words = f"{label}: {value:.1%}, 95% {low:.1%} to {high:.1%}"
        parts.append(line(label, svg(34, rules + start + whisker + point, words), f"{value:.1%}"))
    axis = "".join(
        f'<text class="axis" x="{percent(tick / top)}" y="13" text-anchor="{"middle" if tick else "start"}">{tick:.0%}</text>'
        for tick in ticks
        if tick <= top * 0.97
    )
    parts.append(line("", svg(18, axis, "pass@1"), ""))
    return chart("intervals", parts)


def waterfall(rows: Sequence[tuple[str, int]]) -> Markup:
    """(label, count) as bars, each with its share of the first; pale is what fell at that step."""
    return bars([(label, count, rows[0][1], rows[max(0, n - 1)][1]) for n, (label, count) in enumerate(rows)])


def bars(rows: Sequence[tuple[str, int, int, int]]) -> Markup:
    """(label, part, whole, before) as bars of part / whole, pale up to before / whole."""
    figure = Markup('{:,}<span class="share">{:.1%}</span>')
    return charts.bars(
        [
            charts.Bar(label, part, whole, figure.format(part, part / max(1, whole)), before)
            for label, part, whole, before in rows
        ]
    )


def curve(points: Sequence[Sequence[float]], title: str) -> Markup:
    """[(step, value), ...] as a line with its least and greatest value; nothing where there is no line to draw."""
    if len(points) < 2:
        return Markup("")
    steps, values = [point[0] for point in points], [point[1] for point in points]
    low, high = min(values), max(values)
    if high <= low:
        low, high = low - 0.5, high + 0.5
    run = max(1e-9, steps[-1] - steps[0])
    drawn_points = " ".join(
        f"{100 * (step - steps[0]) / run:.2f},{100 * (high - value) / (high - low):.2f}"
        for step, value in zip(steps, values, strict=True)
    )
    drawn = Markup(
        '<svg class="line" viewBox="0 0 100 100" preserveAspectRatio="none" role="img" aria-label="{}">'
        '<polyline class="curve" points="{}"/></svg>'
    ).format(title, drawn_points)
    return Markup(
        '<figure class="curve"><figcaption>{}<b>{}</b></figcaption><div class="y"><span>{}</span><span>{}</span></div>'
        '{}<div class="x"><span>step {}</span><span>{}</span></div></figure>'
    ).format(title, *map(_number, (values[-1], high, low)), drawn, *map(_number, (steps[0], steps[-1])))


def _number(value: float) -> str:
    """Three digits that count, or the whole number from a thousand on; never 1.02e+03."""
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"


def _upright(kind: str, share: float) -> str:
    return f'<line class="{kind}" x1="{percent(share)}" x2="{percent(share)}" y1="0" y2="100%"/>'


def _ticks(top: float) -> list[float]:
    step = next(step for step in (0.01, 0.02, 0.05, 0.1, 0.2, 0.5) if top / step <= 6 or step == 0.5)
    return [number * step for number in range(int(top / step + 1e-9) + 1)]
