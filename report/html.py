"""Writes the page: one file, no network, no script. Whatever a model wrote is escaped, and cannot steer the reader's eye either."""

import re
import time
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from report import charts
from report.gather import RunSummary

LONGEST = 6_000
"""Characters shown of one text; the ledger has it all."""
UNUSUAL = re.compile(r"[^\x20-\x7e\n\t]")
BLANK = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
"""Letters and marks with nothing to see, which Python counts as printable; so are the variation selectors."""
FENCE = re.compile(r"```(\w*)[ \t]*\n(.*?)(?:\n```|\Z)", re.DOTALL)
LEVELS = ("easy", "medium", "hard")


def write_html(summary: RunSummary, path: Path) -> None:
    """Write the report; the file appears whole or not at all."""
    render("page.html.j2", path, run=summary, charts=charts, style=_highlight_style())


def render(template: str, path: Path, **values: Any) -> None:
    """Render a template of this package to a file, which appears whole or not at all."""
    page = _environment().get_template(template).render(**values)
    unfinished = path.with_suffix(".tmp")
    # Names and titles pass no filter of their own, so the whole page goes through once more.
    unfinished.write_text(_reveal(page), encoding="utf-8")
    unfinished.replace(path)


def visible(text: Any) -> str:
    """`text` with everything a reader could not see made visible, cut to a length a page can bear."""
    text = str(text)
    cut = f"{text[:LONGEST]}\n… {len(text) - LONGEST:,} more characters" if len(text) > LONGEST else text
    return _reveal(cut.replace("\r\n", "\n"))


def _reveal(text: str) -> str:
    """Control, zero-width and direction characters, lone surrogates and the like stand by number instead of acting."""
    return UNUSUAL.sub(_as_seen, text)


def _as_seen(found: re.Match[str]) -> str:
    character = found[0]
    selector = "\ufe00" <= character <= "\ufe0f" or "\U000e0100" <= character <= "\U000e01ef"
    shown = character.isprintable() and character not in BLANK and not selector
    return character if shown else f"⟨{ord(character):02X}⟩"


def prose(text: Any) -> Markup:
    """A message: fenced blocks highlighted, the rest as it is."""
    shown, parts, at = visible(text), [], 0
    for fence in FENCE.finditer(shown):
        parts += [_plain(shown[at : fence.start()]), code(fence[2])]
        at = fence.end()
    return Markup("").join([*parts, _plain(shown[at:])])


def code(text: Any) -> Markup:
    """A block of Python, highlighted. Pygments escapes what it is given."""
    from pygments import highlight
    from pygments.formatters import HtmlFormatter
    from pygments.lexers import PythonLexer

    lines = highlight(visible(text), PythonLexer(), HtmlFormatter(nowrap=True))
    return Markup('<pre class="code">') + Markup(lines) + Markup("</pre>")


def _plain(text: str) -> Markup:
    return Markup('<p class="said">') + escape(text.strip()) + Markup("</p>") if text.strip() else Markup("")


@lru_cache
def _highlight_style() -> Markup:
    from pygments.formatters import HtmlFormatter

    light = HtmlFormatter(style="default").get_style_defs(".code")
    dark = HtmlFormatter(style="github-dark").get_style_defs(".code")
    return Markup(f"{light}\n@media (prefers-color-scheme: dark) {{ {dark} }}")


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "visible": visible,
        "prose": prose,
        "code": code,
        "duration": _duration,
        "moment": _moment,
        "levels": _levels,
        "yaml": _yaml,
    }
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
