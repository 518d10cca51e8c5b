"""Source text with numbered lines, the failing ones marked: as HTML, highlighted, or as plain text."""

from __future__ import annotations

import re
from collections.abc import Collection

from markupsafe import Markup, escape

from sandbox.report import Report
from sandbox.visible import LONGEST, visible

LINE_CHARACTERS = 400
BEFORE = 30
"""Lines shown before the first marked one where a source is too long to be shown whole."""


def failing_lines(report: Report) -> list[int]:
    """Lines of the program that the report blames: errors of parser, linter or compiler, else where it raised."""
    errors = [
        item.line
        for stage in report.stages
        for item in stage.diagnostics
        if item.severity == "error" and item.line and not item.file
    ]
    if errors or report.accepted:
        return errors
    said = [re.match(r"It raised \S+ at line (\d{1,7})", report.detail)]
    said += [re.search(r"\(line (\d{1,7}) of the program\)$", test.message) for test in report.tests if not test.passed]
    return [int(found[1]) for found in said if found]


def failing_tests(report: Report) -> list[int]:
    """Lines of the test script whose test failed."""
    return [test.line for test in report.tests if not test.passed and test.line]


def marked(text: str, language: str, marks: Collection[int]) -> Markup:
    """`text` as a block of code. A source too long for a page is cut around its first marked line."""
    lines, first = _shown(text, min(marks, default=1))
    colored = _highlighted(lines, language)
    body = Markup("").join(
        Markup('<span class="l{}"><i>{}</i>{}\n</span>').format(" mark" if number in marks else "", number, line)
        for number, line in enumerate(colored, first)
    )
    left = len(text.split("\n")) - len(lines)
    note = Markup('<p class="dim">{} more lines are not shown.</p>').format(f"{left:,}") if left > 1 else Markup("")
    return Markup('<pre class="code">{}</pre>').format(body) + note


def _shown(text: str, around: int) -> tuple[list[str], int]:
    """The lines to be shown and the number of the first."""
    lines = text.replace("\r\n", "\n").rstrip("\n").split("\n")
    first = 0 if len(text) <= LONGEST else max(0, around - 1 - BEFORE)
    shown: list[str] = []
    room = LONGEST
    for line in lines[first:]:
        cut = line if len(line) <= LINE_CHARACTERS else f"{line[:LINE_CHARACTERS]} …"
        room -= len(cut) + 1
        if room < 0 and shown:
            break
        shown.append(visible(cut).replace("\n", " "))
    return shown, first + 1


def _highlighted(lines: list[str], language: str) -> list[Markup]:
    from pygments import highlight
    from pygments.formatters import HtmlFormatter
    from pygments.lexers import get_lexer_by_name
    from pygments.util import ClassNotFound

    try:
        lexer = get_lexer_by_name(language, stripnl=False, ensurenl=True)
    except ClassNotFound:
        return [escape(line) for line in lines]
    # The formatter escapes what it is given and closes its spans at each line's end.
    colored = highlight("\n".join(lines), lexer, HtmlFormatter(nowrap=True)).split("\n")[: len(lines)]
    return [Markup(line) for line in colored] if len(colored) == len(lines) else [escape(line) for line in lines]


def excerpt(source: str, line: int, context: int) -> str:
    """A few numbered lines around one that is pointed at, as plain text."""
    lines = source.split("\n")
    first = max(1, line - context)
    shown = enumerate(lines[first - 1 : line + context], first)
    return "\n".join(f"  {'>' if n == line else ' '} {n:4} | {text[:LINE_CHARACTERS]}" for n, text in shown)
