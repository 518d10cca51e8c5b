"""Sandbox reports as one HTML file: no network, no script, everything a program wrote escaped and made visible."""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sandbox.report import Limits, Program, Report
from sandbox.show import charts
from sandbox.show.overview import Overview
from sandbox.show.records import Run, reproduce
from sandbox.show.source import failing_lines, failing_tests, marked
from sandbox.show.text import PROVED, expectation
from sandbox.visible import brief, head, tail, visible

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup


def page(
    program: Program, report: Report, limits: Limits | None = None, *, name: str = "program", command: str = ""
) -> str:
    """One program with its report as a page of its own; `command` is what it was run by, where that is known."""
    run = Run(name, program, report, limits or Limits(), command=command)
    return visible(_environment().get_template("program.html.j2").render(run=run, style=highlight_style()))


def page_of_run(run: Run) -> str:
    """The same of a stored run, with its reruns and what an audit found."""
    return visible(_environment().get_template("program.html.j2").render(run=run, style=highlight_style()))


def page_of_many(found: Overview) -> str:
    """Many programs: figures first, each opening to its programs."""
    # Ids and messages pass no filter of their own, so the whole page goes through `visible` once more.
    return visible(
        _environment().get_template("many.html.j2").render(found=found, charts=charts, style=highlight_style())
    )


def write(text: str, path: Path) -> None:
    """Write a page; the file appears whole or not at all, also where a run and its reader write it at once. Raises OSError."""
    unfinished = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    try:
        unfinished.write_text(text, encoding="utf-8")
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


def _meters(run: Run) -> Markup:
    used, may = run.report.usage, run.limits
    memory = f"{used.memory_bytes / 2**20:.1f} of {may.memory_bytes >> 20} MiB"
    rows = [
        charts.Bar("CPU", used.cpu_s, may.cpu_s, f"{used.cpu_s:.3f} of {may.cpu_s:g} s"),
        charts.Bar("clock", used.wall_s, may.wall_s, f"{used.wall_s:.3f} of {may.wall_s:g} s"),
        charts.Bar("memory", used.memory_bytes, may.memory_bytes, memory),
    ]
    return charts.bars(rows)


@lru_cache
def highlight_style() -> Markup:
    """The highlighter's colours, light and dark."""
    from markupsafe import Markup
    from pygments.formatters import HtmlFormatter

    light = HtmlFormatter(style="default").get_style_defs(".code")
    dark = HtmlFormatter(style="github-dark").get_style_defs(".code")
    return Markup(f"{light}\n@media (prefers-color-scheme: dark) {{ {dark} }}")


@lru_cache
def _environment() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"visible": visible, "brief": brief, "head": head, "tail": tail, "marked": marked}
    functions: dict[str, Any] = {
        "failing_lines": failing_lines,
        "failing_tests": failing_tests,
        "expectation": expectation,
        "proved": lambda report: PROVED[report.proof],
        "meters": _meters,
        "reproduce": lambda run: run.command or reproduce(run.program, run.limits),
    }
    environment.globals |= functions
    return environment
