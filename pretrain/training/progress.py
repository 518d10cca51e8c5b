"""What a person sees of a training: a live table on a terminal, plain lines elsewhere, JSON lines on request."""

import functools
import json
import math
import sys
import time
from typing import TYPE_CHECKING, Any, TextIO

import torch

from pretrain.training.metrics import finite

if TYPE_CHECKING:
    from pretrain.training.metrics import StepRecord

PLAIN_EVERY_S = 5.0
"""Seconds between two plain lines."""
PAIRS_A_LINE = 3
"""Figures side by side in the live table; more do not fit 80 columns."""


class Progress:
    """Shows a run of several stages. `Progress(json=True)` writes one JSON object a line and nothing else."""

    def __init__(self, *, as_json: bool = False, silent: bool = False, stream: TextIO | None = None) -> None:
        self.stream = stream or sys.stdout
        self.as_json, self.silent = as_json, silent
        self._live: Any = None
        self._rich = not as_json and not silent and self.stream.isatty()
        self._last_line = -math.inf
        self._budget = 0
        self._evaluation: dict[str, float] = {}
        self._began, self._began_tokens = 0.0, -1

    def stage(self, name: str, tokens: int) -> None:
        """A stage of at most `tokens` tokens begins."""
        self._end_live()
        self._budget, self._began_tokens, self._last_line = tokens, -1, -math.inf
        self._evaluation = {}
        self._say({"stage": name, "budget_tokens": tokens}, f"\n{name}: {tokens:,} tokens")

    def step(self, record: "StepRecord") -> None:
        """One optimizer step was made."""
        now = time.monotonic()
        if self._began_tokens < 0:  # the first step seen, which may be any where a training resumes
            self._began, self._began_tokens = now, record.tokens
        if self.silent or self.as_json:
            if not self.silent:
                self._print(json.dumps(finite(vars(record))))
            return
        if self._rich:
            self._show(record, now)
            return
        last = record.tokens >= self._budget
        if record.evaluation or record.skipped or last or now - self._last_line >= PLAIN_EVERY_S:
            self._last_line = now
            self._print("  ".join(f"{name} {value}" for name, value in self._figures(record, now).items()))

    def note(self, text: str, **facts: Any) -> None:
        """Say something that stays: a gate's result, a written file."""
        self._say({"note": text, **facts}, text)

    def sample(self, prompt: str, completion: str, step: int) -> None:
        """A text the model wrote at an evaluation."""
        # Shown by number: what a model wrote must not drive the terminal.
        text = "".join(c if c.isprintable() else f"⟨{ord(c):02X}⟩" for c in completion.replace("\n", " "))
        self._say({"sample": completion, "prompt": prompt, "step": step}, f"  sample: {prompt}|{text}")

    def close(self) -> None:
        """Leave the terminal as it was."""
        self._end_live()

    def _figures(self, record: "StepRecord", now: float) -> dict[str, str]:
        share = min(1.0, record.tokens / self._budget) if self._budget else 0.0
        used = "-" if record.utilisation is None else f"{record.utilisation:.0%}"
        figures = {
            "step": f"{record.step:,} ({share:.0%})",
            "loss": f"{record.loss:.4f}",
            "lr": f"{record.lr:.2e}",
            "gradient norm": f"{record.grad_norm:.2f}",
            "tokens/s": f"{record.tokens_per_s:,.0f}",
            "utilisation": used,
            "length": f"{record.sequence_length:,}",
            "batch": f"{record.batch_tokens:,}",
            "left": self._left(record, now),
        }
        if record.skipped:
            figures["skipped"] = record.skipped
        for name, value in (record.evaluation or {}).items():
            figures[name] = f"{value:.4f}"
        return figures

    def _left(self, record: "StepRecord", now: float) -> str:
        done = record.tokens - self._began_tokens
        if done <= 0:
            return "-"
        seconds = (now - self._began) / done * max(0, self._budget - record.tokens)
        minutes, seconds = divmod(round(seconds), 60)
        hours, minutes = divmod(minutes, 60)
        return f"{hours}:{minutes:02d}:{seconds:02d}" if hours else f"{minutes}:{seconds:02d}"

    def _show(self, record: "StepRecord", now: float) -> None:
        from rich.live import Live

        if self._live is None:
            self._live = Live(auto_refresh=False, transient=False)
            self._live.start()
        figures = self._figures(record, now)
        self._evaluation = record.evaluation or self._evaluation
        if record.evaluation or record.skipped:  # lines that stay
            line = "  ".join(f"{name} {value}" for name, value in figures.items())
            self._live.console.print(line, markup=False, highlight=False)
        self._live.update(self.view(record, now), refresh=True)

    def view(self, record: "StepRecord", now: float) -> Any:
        """The live table of a step, as rich draws it: a bar, the figures, the last evaluation; 80 columns hold it."""
        from rich.console import Group
        from rich.progress_bar import ProgressBar
        from rich.table import Table

        figures = self._figures(record, now) | {name: f"{value:.4f}" for name, value in self._evaluation.items()}
        figures.pop("skipped", None)
        head = Table.grid(padding=(0, 2))
        head.add_column(no_wrap=True)
        bar = ProgressBar(total=max(self._budget, 1), completed=min(record.tokens, self._budget), width=20)
        head.add_row(record.stage, bar, f"step {figures.pop('step')}", f"{figures.pop('left')} left")
        body, cells = Table.grid(padding=(0, 2)), [cell for pair in figures.items() for cell in pair]
        for _ in range(PAIRS_A_LINE):
            body.add_column(style="dim")
            body.add_column(justify="right", min_width=9)
        for at in range(0, len(cells), 2 * PAIRS_A_LINE):
            body.add_row(*cells[at : at + 2 * PAIRS_A_LINE])
        return Group(head, body)

    def _say(self, facts: dict[str, Any], text: str) -> None:
        if self.silent:
            return
        if self.as_json:
            self._print(json.dumps(finite(facts)))
        elif self._live is not None:
            self._live.console.print(text, markup=False, highlight=False)
        else:
            self._print(text)

    def _print(self, line: str) -> None:
        print(line, file=self.stream, flush=True)

    def _end_live(self) -> None:
        if self._live is not None:
            self._live.stop()
            self._live = None


@functools.cache
def matmul_peak(device: torch.device, dtype: str) -> float:
    """Floating-point operations per second of a plain matrix product here: the best of a few, in under half a second.

    What a data sheet promises is reached nowhere; this is what the same library gives on this machine, now.
    """
    size = 8192 if device.type == "cuda" else 1024
    # Not torch.randn: the measurement must not draw from the random numbers of whoever trains.
    a = torch.linspace(-1, 1, size * size, device=device).view(size, size).to(getattr(torch, dtype))
    b = a.T.contiguous()
    best, began = math.inf, time.perf_counter()
    a @ b
    while best == math.inf or time.perf_counter() - began < 0.3:  # a busy machine may need that long for the first
        _synchronize(device)
        start = time.perf_counter()
        a @ b
        _synchronize(device)
        best = min(best, time.perf_counter() - start)
    return 2 * size**3 / best


def _synchronize(device: torch.device) -> None:
    if device.type == "cuda":
        torch.cuda.synchronize(device)
