"""Writes the page: one file, no network, no script. Whatever a model wrote is escaped, and cannot steer the reader's eye either."""

import re
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from ledger.report import charts
from ledger.report.gather import RunSummary

LONGEST = 6_000
"""Characters shown of one text; the ledger has it all."""
UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
"""Control characters, zero-width characters and direction overrides: shown by number instead of acting."""
FENCE = re.compile(r"```(\w*)[ \t]*\n(.*?)(?:\n```|\Z)", re.DOTALL)


def write_html(summary: RunSummary, path: Path) -> None:
    """Write the report; the file appears whole or not at all."""
    page = _environment().get_template("page.html.j2").render(run=summary, charts=charts, style=_highlight_style())
    unfinished = path.with_suffix(".tmp")
    # Names and titles pass no filter of their own, so the whole page goes through once more.
    unfinished.write_text(UNSEEN.sub(_by_number, page), encoding="utf-8", errors="replace")
    unfinished.replace(path)


def visible(text: Any) -> str:
    """`text` with everything a reader could not see made visible, cut to a length a page can bear."""
    text = str(text).encode("utf-8", "replace").decode()
    cut = f"{text[:LONGEST]}\n… {len(text) - LONGEST:,} more characters" if len(text) > LONGEST else text
    return UNSEEN.sub(_by_number, cut.replace("\r\n", "\n"))


def _by_number(found: re.Match[str]) -> str:
    return f"⟨{ord(found[0]):02X}⟩"


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
    environment.filters |= {"visible": visible, "prose": prose, "code": code, "duration": _duration}
    return environment


def _duration(seconds: float | None) -> str:
    if seconds is None:
        return ""
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest:02d} s" if minutes else f"{seconds:.1f} s"
