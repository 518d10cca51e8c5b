"""A page: one file, no network, no script. Whatever a model wrote is escaped, and cannot steer the reader's eye either."""

import re
import time
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from report import charts
from sandbox.show.html import highlight_style, write
from sandbox.visible import head, visible

FENCE = re.compile(r"```(\w*)[ \t]*\n(.*?)(?:\n```|\Z)", re.DOTALL)
LEVELS = ("easy", "medium", "hard")


def render(template: str, path: Path, **values: Any) -> None:
    """Render a template of this package to a file, which appears whole or not at all. Raises OSError."""
    page = _environment().get_template(template).render(**values)
    # Names and titles pass no filter of their own, so the whole page goes through once more.
    write(visible(page), path)


def prose(text: Any) -> Markup:
    """A message: fenced blocks highlighted, the rest as it is."""
    shown, parts, at = head(text), [], 0
    for fence in FENCE.finditer(shown):
        parts += [_plain(shown[at : fence.start()]), code(fence[2])]
        at = fence.end()
    return Markup("").join([*parts, _plain(shown[at:])])


def code(text: Any) -> Markup:
    """A block of Python, highlighted. Pygments escapes what it is given."""
    from pygments import highlight
    from pygments.formatters import HtmlFormatter
    from pygments.lexers import PythonLexer

    lines = highlight(head(text), PythonLexer(), HtmlFormatter(nowrap=True))
    return Markup('<pre class="code">') + Markup(lines) + Markup("</pre>")


def _plain(text: str) -> Markup:
    return Markup('<p class="said">') + escape(text.strip()) + Markup("</p>") if text.strip() else Markup("")


@lru_cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "visible": head,
        "prose": prose,
        "code": code,
        "duration": _duration,
        "moment": _moment,
        "levels": _levels,
        "yaml": _yaml,
    }
    environment.globals |= {"charts": charts, "style": highlight_style()}
    return environment


def _duration(seconds: float | None) -> str:
    if seconds is None:
        return ""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes:02d} min"
    return f"{minutes} min {rest:02d} s" if minutes else f"{seconds:.1f} s"


def _moment(seconds: float) -> str:
    return time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime(seconds))


def _levels(names: Iterable[str]) -> list[str]:
    """Difficulties from easy to hard, whatever else there is after them."""
    return sorted(names, key=lambda name: (LEVELS.index(name) if name in LEVELS else len(LEVELS), name))


def _yaml(tree: Any) -> str:
    import yaml

    return str(yaml.safe_dump(tree, sort_keys=False, width=96))
