"""Reports for people: of one program as text, JSON and HTML; of many as HTML and for a terminal.

`render(report, program, limits)` is the text of one, `page(program, report)` its HTML. Of many: `read_runs(path)`, then
`gather(title, runs)`, then `page_of_many` and `render_many`.
"""

from sandbox.show.html import page, page_of_many, page_of_run, write
from sandbox.show.overview import Overview, gather
from sandbox.show.records import Run, read_runs, reproduce, runs_of
from sandbox.show.terminal import render_many
from sandbox.show.text import render

__all__ = [
    "Overview",
    "Run",
    "gather",
    "page",
    "page_of_many",
    "page_of_run",
    "read_runs",
    "render",
    "render_many",
    "reproduce",
    "runs_of",
    "write",
]
