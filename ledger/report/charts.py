"""The page's pictures, as inline SVG made of numbers and escaped labels only."""

from collections.abc import Sequence

from markupsafe import Markup, escape

WIDTH = 640


def intervals(rows: Sequence[tuple[str, float, float, float]]) -> Markup:
    """(label, value, low, high) as points with whiskers on one scale from 0."""
    top = max((high for *_, high in rows), default=1.0) * 1.1 or 1.0
    left, right, step = 110, WIDTH - 70, 34
    height = step * len(rows) + 34

    def x(value: float) -> float:
        return left + (right - left) * value / top

    parts = []
    for tick in _ticks(top):
        parts.append(f'<line class="grid" x1="{x(tick):.1f}" x2="{x(tick):.1f}" y1="6" y2="{height - 24}"/>')
        parts.append(f'<text class="axis" x="{x(tick):.1f}" y="{height - 8}" text-anchor="middle">{tick:.0%}</text>')
    for number, (label, value, low, high) in enumerate(rows):
        y = 24 + step * number
        parts.append(f'<text x="{left - 14}" y="{y + 5}" text-anchor="end">{escape(label)}</text>')
        parts.append(f'<line class="whisker" x1="{x(low):.1f}" x2="{x(high):.1f}" y1="{y}" y2="{y}"/>')
        parts.append(f'<circle class="point" cx="{x(value):.1f}" cy="{y}" r="5"/>')
        parts.append(f'<text class="value" x="{right + 12}" y="{y + 5}">{value:.1%}</text>')
    return _svg(height, parts, "pass@1 with 95% intervals")


def waterfall(rows: Sequence[tuple[str, int]]) -> Markup:
    """(label, count) as bars, each with its share of the first."""
    top = max(1, rows[0][1])
    left, right, step = 150, WIDTH - 120, 27
    parts = []
    for number, (label, count) in enumerate(rows):
        y = 6 + step * number
        width = (right - left) * count / top
        parts.append(f'<text x="{left - 12}" y="{y + 15}" text-anchor="end">{escape(label)}</text>')
        parts.append(f'<rect class="track" x="{left}" y="{y}" width="{right - left}" height="20"/>')
        parts.append(f'<rect class="bar" x="{left}" y="{y}" width="{width:.1f}" height="20"/>')
        parts.append(f'<text class="value" x="{right + 10}" y="{y + 15}">{count:,} · {count / top:.1%}</text>')
    return _svg(step * len(rows) + 8, parts, "yield, stage by stage")


def curve(points: Sequence[Sequence[float]], label: str) -> Markup:
    """[(step, value), ...] as a line."""
    if len(points) < 2:
        return Markup("")
    height, left, right, bottom = 170, 56, WIDTH - 16, 140
    steps, values = [p[0] for p in points], [p[1] for p in points]
    low, high = min(values), max(values)
    low, high = (low, high) if high > low else (low - 0.5, high + 0.5)

    def place(step: float, value: float) -> tuple[float, float]:
        return (
            left + (right - left) * (step - steps[0]) / max(1e-9, steps[-1] - steps[0]),
            bottom - (bottom - 14) * (value - low) / (high - low),
        )

    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in (place(p[0], p[1]) for p in points))
    parts = [
        f'<line class="grid" x1="{left}" x2="{right}" y1="{bottom}" y2="{bottom}"/>',
        f'<line class="grid" x1="{left}" x2="{right}" y1="14" y2="14"/>',
        f'<text class="axis" x="{left - 8}" y="18" text-anchor="end">{high:.3g}</text>',
        f'<text class="axis" x="{left - 8}" y="{bottom + 4}" text-anchor="end">{low:.3g}</text>',
        f'<text class="axis" x="{left}" y="{bottom + 20}">step {steps[0]:g}</text>',
        f'<text class="axis" x="{right}" y="{bottom + 20}" text-anchor="end">{steps[-1]:g}</text>',
        f'<polyline class="curve" points="{line}"/>',
    ]
    return _svg(height, parts, label)


def _ticks(top: float) -> list[float]:
    step = next(s for s in (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0) if top / s <= 6)
    return [n * step for n in range(int(top / step) + 1)]


def _svg(height: float, parts: list[str], label: str) -> Markup:
    body = "".join(parts)
    return Markup(f'<svg viewBox="0 0 {WIDTH} {height}" role="img" aria-label="{escape(label)}">{body}</svg>')
