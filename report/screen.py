"""What a person watches: a live table of the stage on a terminal, one line now and then where there is none."""

import time
from collections.abc import Callable
from typing import Any

from rich.console import Console, Group
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from generators.drive import Progress

EVERY_S = 10.0
"""How often a line is printed where the output is not a terminal."""


class Screen:
    """Shows generation and training as they go. `quiet` keeps all of it off, for `--json`."""

    def __init__(self, console: Console, quiet: bool = False) -> None:
        self._console = console
        self._quiet = quiet
        self._live: Live | None = None
        self._printed = 0.0
        self._stage = ""

    def say(self, text: str) -> None:
        """One line that stays."""
        if not self._quiet:
            self._console.print(Text(text), highlight=False)

    def generation(self, progress: Progress) -> None:
        """Show where a generation or evaluation stage stands."""
        ended = progress.in_flight == 0
        self._show(progress.stage, ended, lambda: _generation_table(progress), lambda: _generation_line(progress))

    def training(self, kind: str, progress: Any) -> None:
        """Show where training stands (`alignment.trainer.Progress`)."""
        ended = progress.step >= progress.total_steps
        line = (
            f"train {kind}: step {progress.step}/{progress.total_steps}  loss {progress.loss:.3f}  "
            f"{progress.tokens / max(progress.seconds, 1e-9):,.0f} tokens/s  {_left(progress.eta_s)}"
        )
        self._show(
            f"train {kind}", ended, lambda: Group(Text(line), _bar(progress.step, progress.total_steps)), lambda: line
        )

    def close(self) -> None:
        """Leave the last picture on the terminal."""
        if self._live:
            self._live.stop()
            self._live = None

    def _show(self, stage: str, ended: bool, picture: Callable[[], Any], line: Callable[[], str]) -> None:
        if self._quiet:
            return
        now = time.monotonic()
        if stage != self._stage:
            self.close()
            self._stage, self._printed = stage, now
        if self._console.is_terminal:
            if self._live is None and not ended:
                self._live = Live(console=self._console, auto_refresh=False, transient=True)
                self._live.start()
            if self._live and not ended and now - self._printed > 0.2:
                self._live.update(picture(), refresh=True)
                self._printed = now
        elif not ended and now - self._printed > EVERY_S:
            self._printed = now
            self._console.print(line(), highlight=False, soft_wrap=True)
        if ended:
            self.close()
            self._console.print(line(), highlight=False, soft_wrap=True)
            self._stage = ""


def _generation_table(progress: Progress) -> Group:
    table = Table.grid(padding=(0, 2))
    table.add_column(style="bold")
    table.add_column(justify="right")
    table.add_column()
    wanted = f" of {progress.target}" if progress.target else ""
    table.add_row(
        "accepted", f"{progress.accepted}{wanted}", _bar(progress.accepted, progress.target) if progress.target else ""
    )
    total = f" of {progress.total}" if progress.total else ""
    table.add_row("attempts", f"{progress.done}{total}", f"{progress.in_flight} under way")
    for reason, count in progress.rejected.most_common(6):
        table.add_row(Text(f"  {reason}", style="dim"), str(count), f"{count / max(1, progress.done):.0%}")
    seconds = max(progress.session_seconds, 1e-9)
    tally = progress.tally
    table.add_row("tokens", f"{progress.output_tokens:,}", f"{tally.output_tokens / seconds:,.0f}/s")
    table.add_row("sandbox", f"{tally.runs:,} runs", f"{tally.runs / seconds:.1f}/s")
    return Group(Text(f"{progress.stage}  {progress.seconds:.0f} s  {_left(progress.eta_s)}", style="bold"), table)


def _generation_line(progress: Progress) -> str:
    tally, seconds = progress.tally, max(progress.session_seconds, 1e-9)
    wanted = f" of {progress.target}" if progress.target else ""
    worst = ", ".join(f"{reason} {count}" for reason, count in progress.rejected.most_common(3))
    end = f"  stopped by {progress.stopped_by}" if progress.stopped_by else f"  {_left(progress.eta_s)}"
    return (
        f"{progress.stage}: {progress.accepted}{wanted} accepted in {progress.done} attempts"
        + (f" ({worst})" if worst else "")
        + f"  {tally.output_tokens / seconds:,.0f} tokens/s  {tally.runs / seconds:.1f} runs/s"
        + (end if progress.stopped_by or progress.in_flight else f"  {progress.seconds:.0f} s")
    )


def _bar(done: float, total: float | None) -> ProgressBar:
    return ProgressBar(total=total or 1, completed=done, width=30)


def _left(eta_s: float | None) -> str:
    if eta_s is None:
        return "time left: not known yet"
    minutes, seconds = divmod(round(eta_s), 60)
    return f"time left: {minutes}:{seconds:02d}"
