"""The picture of a scaling study: IsoFLOP curves, compute-optimal tokens, and the predicted loss, as one SVG file.

It stands alone: no script, no font, no style sheet of another file; readable on a light and on a dark page.
"""

import math
from collections.abc import Callable, Sequence
from html import escape

from pretrain.studies.scaling_fits import Parabola, PowerLaw, Run

WIDTH, HEIGHT = 340, 300
LEFT, RIGHT, TOP, BOTTOM = 58, 14, 34, 44
COLOURS = ("#3b6fb6", "#d9822b", "#3f9b57", "#b8457a", "#7a5cc0", "#8a7a2f", "#2f9a9a", "#a0522d")
STYLE = """
text { font: 11px system-ui, sans-serif; fill: #222 }
.title { font-weight: 600; font-size: 12px }
.frame, .grid { stroke: #999; fill: none; stroke-width: 1 } .grid { stroke: #ddd }
.law { stroke: #555; fill: none; stroke-width: 1.5; stroke-dasharray: 5 3 } .band { fill: #888; opacity: 0.18 }
.whisker { stroke: #c22; stroke-width: 1.5 } .truth { fill: #c22 } .page { fill: #fff }
@media (prefers-color-scheme: dark) {
  text { fill: #ddd } .grid { stroke: #3a3a3a } .law { stroke: #bbb } .page { fill: #181818 }
}
"""


class Panel:
    """One pair of axes; x and perhaps y are logarithmic, positions are pixels of the whole drawing."""

    def __init__(
        self,
        number: int,
        title: str,
        x: Sequence[float],
        y: Sequence[float],
        labels: tuple[str, str],
        log_y: bool = False,
    ) -> None:
        self.x0 = number * WIDTH + LEFT
        self.x1 = (number + 1) * WIDTH - RIGHT
        self.log_y = log_y
        self.low_x, self.high_x = _widened(math.log10(min(x)), math.log10(max(x)))
        values = [math.log10(v) for v in y] if log_y else list(y)
        self.low_y, self.high_y = _widened(min(values), max(values))
        self.parts = [
            f'<text class="title" x="{self.x0}" y="20">{escape(title)}</text>',
            f'<text x="{(self.x0 + self.x1) / 2}" y="{HEIGHT - 8}" text-anchor="middle">{escape(labels[0])}</text>',
            f'<text transform="translate({number * WIDTH + 14} {(TOP + HEIGHT - BOTTOM) / 2}) rotate(-90)" '
            f'text-anchor="middle">{escape(labels[1])}</text>',
        ]
        for tick in log_ticks(self.low_x, self.high_x):
            at = self.x(tick)
            self.parts.append(f'<line class="grid" x1="{at:.1f}" x2="{at:.1f}" y1="{TOP}" y2="{HEIGHT - BOTTOM}"/>')
            self.parts.append(
                f'<text x="{at:.1f}" y="{HEIGHT - BOTTOM + 15}" text-anchor="middle">{short(tick)}</text>'
            )
        for tick in log_ticks(self.low_y, self.high_y) if log_y else ticks(self.low_y, self.high_y):
            at = self.y(tick)
            self.parts.append(f'<line class="grid" x1="{self.x0}" x2="{self.x1}" y1="{at:.1f}" y2="{at:.1f}"/>')
            label = short(tick) if log_y else f"{tick:g}"
            self.parts.append(f'<text x="{self.x0 - 6}" y="{at + 4:.1f}" text-anchor="end">{label}</text>')
        self.parts.append(
            f'<rect class="frame" x="{self.x0}" y="{TOP}" width="{self.x1 - self.x0}" height="{HEIGHT - BOTTOM - TOP}"/>'
        )

    def x(self, value: float) -> float:
        """Pixels from the left."""
        return self.x0 + (math.log10(value) - self.low_x) / (self.high_x - self.low_x) * (self.x1 - self.x0)

    def y(self, value: float) -> float:
        """Pixels from the top."""
        place = math.log10(value) if self.log_y else value
        return HEIGHT - BOTTOM - (place - self.low_y) / (self.high_y - self.low_y) * (HEIGHT - BOTTOM - TOP)

    def dot(self, x: float, y: float, colour: str, words: str, radius: float = 3.5, hollow: bool = False) -> None:
        """A point that says what it is when pointed at."""
        fill = f'fill="none" stroke="{colour}" stroke-width="2"' if hollow else f'fill="{colour}"'
        self.parts.append(
            f'<circle cx="{self.x(x):.1f}" cy="{self.y(y):.1f}" r="{radius}" {fill}><title>{escape(words)}</title></circle>'
        )

    def curve(self, law: Callable[[float], float], low: float, high: float, style: str) -> None:
        """A line through law's values between low and high; what would leave the axes is cut off."""
        xs = [low * (high / low) ** (i / 60) for i in range(61)]
        pairs = [(self.x(x), self.y(law(x))) for x in xs if law(x) > 0]
        inside = [f"{x:.1f},{y:.1f}" for x, y in pairs if TOP <= y <= HEIGHT - BOTTOM]
        self.parts.append(f'<polyline fill="none" {style} points="{" ".join(inside)}"/>')


def chart(
    runs: Sequence[Run],
    curves: Sequence[Parabola],
    law: PowerLaw,
    band: Callable[[float], tuple[float, float]] | None = None,
    target: float | None = None,
    predicted: tuple[float, tuple[float, float]] | None = None,
    truth: float | None = None,
) -> str:
    """The SVG text. `band` is the 95% interval of the optimum law at a budget; `predicted` a loss and its interval."""
    colours = {curve.budget: COLOURS[i % len(COLOURS)] for i, curve in enumerate(curves)}
    panels = [_isoflop(runs, curves, colours), _optimum(curves, colours, law, band, target)]
    panels.append(_losses(curves, colours, target, predicted, truth))
    body = "".join("".join(panel.parts) for panel in panels)
    words = "IsoFLOP curves, compute-optimal tokens against compute, and loss against compute"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {3 * WIDTH} {HEIGHT}" width="{3 * WIDTH}" '
        f'height="{HEIGHT}" role="img" aria-label="{words}"><style>{STYLE}</style>'
        f'<rect class="page" width="{3 * WIDTH}" height="{HEIGHT}"/>{body}</svg>\n'
    )


def _isoflop(runs: Sequence[Run], curves: Sequence[Parabola], colours: dict[float, str]) -> Panel:
    panel = Panel(
        0,
        "Held-out loss at equal compute",
        [run.tokens for run in runs],
        [run.loss for run in runs] + [curve.loss for curve in curves if curve.bracketed],
        ("training tokens", "nats per token"),
    )
    for curve in curves:
        group = [run for run in runs if run.budget == curve.budget]
        colour = colours[curve.budget]
        if curve.curvature > 0:
            panel.curve(
                lambda tokens, c=curve: c.loss + c.curvature * math.log(tokens / c.tokens) ** 2,  # type: ignore[misc]
                min(run.tokens for run in group),
                max(run.tokens for run in group),
                f'stroke="{colour}" stroke-width="1.5"',
            )
        for run in group:
            words = (
                f"{run.flops:.2g} FLOPs, {short(run.parameters)} parameters, {short(run.tokens)} tokens: {run.loss:.3f}"
            )
            panel.dot(run.tokens, run.loss, colour, words)
        if curve.bracketed:
            panel.dot(curve.tokens, curve.loss, colour, f"optimum: {short(curve.tokens)} tokens", 6, hollow=True)
    return panel


def _optimum(
    curves: Sequence[Parabola],
    colours: dict[float, str],
    law: PowerLaw,
    band: Callable[[float], tuple[float, float]] | None,
    target: float | None,
) -> Panel:
    good = [curve for curve in curves if curve.bracketed]
    low, high = good[0].budget, target or good[-1].budget
    ends = [*band(low), *band(high)] if band else []
    panel = Panel(
        1,
        f"Optimal tokens: {law.factor:.2g} C^{law.exponent:.2f}",
        [low, high],
        [curve.tokens for curve in good] + [law(low), law(high), *ends],
        ("compute, FLOPs", "tokens"),
        log_y=True,
    )
    if band:
        xs = [low * (high / low) ** (i / 30) for i in range(31)]
        edge = [(x, band(x)[0]) for x in xs] + [(x, band(x)[1]) for x in reversed(xs)]
        points = " ".join(f"{panel.x(x):.1f},{panel.y(y):.1f}" for x, y in edge)
        panel.parts.append(f'<polygon class="band" points="{points}"/>')
    panel.curve(law, low, high, 'class="law"')
    for curve in good:
        panel.dot(curve.budget, curve.tokens, colours[curve.budget], f"{short(curve.tokens)} tokens", 4.5)
    return panel


def _losses(
    curves: Sequence[Parabola],
    colours: dict[float, str],
    target: float | None,
    predicted: tuple[float, tuple[float, float]] | None,
    truth: float | None,
) -> Panel:
    losses = [curve.loss for curve in curves if curve.bracketed]
    if predicted:
        losses += [predicted[0], *predicted[1]]
    if truth is not None:
        losses.append(truth)
    budgets = [curve.budget for curve in curves] + ([target] if target else [])
    panel = Panel(2, "Least loss, and the run predicted", budgets, losses, ("compute, FLOPs", "nats per token"))
    for curve in curves:
        if curve.bracketed:
            panel.dot(curve.budget, curve.loss, colours[curve.budget], f"{curve.loss:.3f}", 4.5)
    if target and predicted:
        at, (low, high) = panel.x(target), (panel.y(value) for value in predicted[1])
        panel.parts.append(f'<line class="whisker" x1="{at:.1f}" x2="{at:.1f}" y1="{low:.1f}" y2="{high:.1f}"/>')
        panel.dot(target, predicted[0], "#c22", f"predicted: {predicted[0]:.3f}", 5, hollow=True)
    if target and truth is not None:
        at, y = panel.x(target), panel.y(truth)
        panel.parts.append(
            f'<path class="truth" d="M{at - 5:.1f} {y:.1f} l5 -5 l5 5 l-5 5 z"><title>measured: {truth:.3f}</title></path>'
        )
    note = "circle: predicted, 95%; diamond: measured"
    panel.parts.append(f'<text x="{panel.x1 - 4}" y="{TOP + 14}" text-anchor="end">{note}</text>')
    return panel


def short(value: float) -> str:
    """12,300,000 as 12.3M; beyond trillions as 1.2e15."""
    for size, suffix in ((1e12, "T"), (1e9, "B"), (1e6, "M"), (1e3, "k")):
        if value >= 1e15:
            return f"{value:.2g}".replace("e+", "e")
        if value >= size:
            return f"{value / size:.3g}{suffix}"
    return f"{value:.3g}"


def ticks(low: float, high: float) -> list[float]:
    """Up to about six round values between low and high."""
    rough = (high - low) / 5
    power = 10 ** math.floor(math.log10(rough))
    step = next(factor * power for factor in (1, 2, 5, 10) if factor * power >= rough)
    first = math.ceil(low / step)
    return [round(number * step, 10) for number in range(first, math.floor(high / step) + 1)]


def log_ticks(low: float, high: float) -> list[float]:
    """Round values between 10^low and 10^high: 1, 2, 5 of each decade, or only its 1 where decades are many."""
    factors = (1, 2, 5) if high - low < 2.2 else (1,)
    decades = range(math.floor(low), math.ceil(high) + 1)
    return [factor * 10.0**d for d in decades for factor in factors if low <= math.log10(factor * 10.0**d) <= high]


def _widened(low: float, high: float) -> tuple[float, float]:
    margin = 0.06 * (high - low) or 0.5
    return low - margin, high + margin
