"""What a person watches: a live table of the stage on a terminal, one line now and then where there is none."""

import math
import time
from collections.abc import Callable
from typing import Any

from rich.console import Console, Group
from rich.live import Live
from rich.text import Text

from generators.drive import Progress
from report.live.stage import bar, stage_line, stage_table, time_left
from sandbox.visible import visible

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
            self._console.print(Text(visible(text)), soft_wrap=True)

    def generation(self, progress: Progress) -> None:
        """Show where a generation or evaluation stage stands."""
        ended = progress.in_flight == 0
        self._show(progress.stage, ended, lambda: stage_table(progress.live()), lambda: stage_line(progress.live()))

    def training(self, name: str, progress: Any) -> None:
        """Show where training stands (`alignment.job.TrainingProgress`)."""
        ended = progress.step >= progress.total_steps
        time = f"{progress.seconds:,.0f} s" if ended else time_left(progress.eta_s)
        line = (
            f"train {name}: step {progress.step}/{progress.total_steps}  loss {progress.loss:.3f}  "
            f"{progress.tokens / max(progress.seconds, 1e-9):,.0f} tokens/s  {time}"
        )
        picture = Group(Text(line), bar(progress.step, progress.total_steps))
        # A step may take minutes: the first is told, not only the second.
        self._show(f"train {name}", ended, lambda: picture, lambda: line, first=True)

    def close(self) -> None:
        """Leave the last picture on the terminal."""
        if self._live:
            self._live.stop()
            self._live = None

    def _show(
        self, stage: str, ended: bool, picture: Callable[[], Any], line: Callable[[], str], first: bool = False
    ) -> None:
        if self._quiet:
            return
        now = time.monotonic()
        if self._stage and stage != self._stage:  # one beside that which is shown: only its end is told
            if ended:
                self._console.print(Text(visible(line())), soft_wrap=True)
            return
        if not self._stage:
            self.close()
            self._stage, self._printed = stage, -math.inf if first else now
        if self._console.is_terminal:
            if self._live is None and not ended:
                # Not stderr: what is written there while an engine is loaded is silenced below Python, and would be shown here.
                self._live = Live(console=self._console, auto_refresh=False, transient=True, redirect_stderr=False)
                self._live.start()
            if self._live and not ended and now - self._printed > 0.2:
                self._live.update(picture(), refresh=True)
                self._printed = now
        elif not ended and now - self._printed > EVERY_S:
            self._printed = now
            self._console.print(Text(visible(line())), soft_wrap=True)
        if ended:
            self.close()
            self._console.print(Text(visible(line())), soft_wrap=True)
            self._stage = ""
