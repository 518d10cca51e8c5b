"""The page of a run: `lab report RUN` writes it."""

from pathlib import Path

from report.html import render
from report.run.summary import RunSummary


def write_html(summary: RunSummary, path: Path) -> None:
    """Write the page; the file appears whole or not at all."""
    render("run/page.html.j2", path, run=summary)
