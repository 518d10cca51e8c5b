"""The page of a pre-training run: its stages, gates, curves and samples, read from the files the run left.

Read by name, not imported: `pretrain` stands alone and so does the ledger. The fields are those of
`pretrain.training.metrics.StepRecord` (metrics.jsonl), `pretrain.run.stages.Summary` (stages.json) and samples.jsonl.
"""

import json
import statistics
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from ledger.errors import LedgerError
from report.html import render
from sandbox.visible import visible

POINTS = 400
"""Points of a curve; a longer one is thinned, so that the page stays small."""
GATES = {"short_loss": "held-out loss at the first length", "needle": "needles found"}


@dataclass(frozen=True)
class PretrainingSummary:
    """What the page and the terminal show."""

    name: str
    path: str
    parameters: int | None
    vocabulary_size: int | None
    model: str | None
    """Where the result lies, relative to the run; None while it is unfinished."""
    stages: list[dict[str, Any]]
    """`StageResult` of each finished stage."""
    tokens: int
    steps: int
    skipped: list[dict[str, Any]]
    """Steps whose update was left out, with the reason."""
    tokens_per_s: float | None
    utilisation: float | None
    """Median of the steps."""
    curves: dict[str, list[tuple[float, float]]]
    """By title, over the steps of all stages one after the other."""
    samples: list[dict[str, Any]]
    recipe: dict[str, Any]

    @property
    def gates(self) -> Iterator[tuple[str, str, dict[str, Any]]]:
        """(stage, what the gate asks, its value and limit)."""
        for stage in self.stages:
            for gate, found in (stage["gates"] or {}).items():
                yield stage["stage"], GATES.get(gate, gate), found

    @property
    def sentence(self) -> str:
        """The run in a line or two."""
        done = f"{len(self.stages)} stages finished, {self.tokens:,} tokens in {self.steps:,} steps"
        if not self.stages:
            return f"No stage has finished yet; {self.tokens:,} tokens in {self.steps:,} steps so far."
        loss = self.stages[-1]["evaluation"].get("held_out")
        ended = "" if loss is None else f"; held-out loss {loss:.3f} nats a token"
        gates = [found["passed"] for _, _, found in self.gates]
        held = f"; {sum(gates)} of {len(gates)} gates passed" if gates else ""
        return f"{done}{ended}{held}." + ("" if self.model else " The run is not finished.")


def is_pretraining(run: Path) -> bool:
    """Whether `lab train pretrain` made this directory."""
    return (run / "metrics.jsonl").exists() and (run / "recipe.json").exists()


def gather_pretraining(run: Path) -> PretrainingSummary:
    """Read a run, finished or under way. Raises LedgerError where a file is not what it should be."""
    summary = _json(run / "stages.json") if (run / "stages.json").exists() else {}
    recipe = _json(run / "recipe.json")
    steps = list(_lines(run / "metrics.jsonl"))
    # A sample is written again where a killed stage went over the same step twice: the last one counts.
    samples = {(s["stage"], s["step"], s["prompt"]): s for s in _lines(run / "samples.jsonl")}
    last = {(s["stage"], s["prompt"]): s for s in samples.values()}
    speeds = [step["tokens_per_s"] for step in steps if step["tokens_per_s"]]
    used = [step["utilisation"] for step in steps if step["utilisation"]]
    return PretrainingSummary(
        name=summary.get("name") or recipe.get("name") or run.name,
        path=str(run),
        parameters=summary.get("parameters"),
        vocabulary_size=summary.get("vocabulary_size"),
        model=summary.get("model"),
        stages=summary.get("stages", []),
        tokens=sum(step["batch_tokens"] for step in steps),
        steps=len(steps),
        skipped=[step for step in steps if step["skipped"]],
        tokens_per_s=statistics.median(speeds) if speeds else None,
        utilisation=statistics.median(used) if used else None,
        curves=_curves(steps),
        samples=list(last.values()),
        recipe=recipe,
    )


def write_pretraining_html(summary: PretrainingSummary, path: Path) -> None:
    """Write the page; it appears whole or not at all."""
    render("pretraining.html.j2", path, run=summary)


def print_pretraining(summary: PretrainingSummary, console: Console) -> None:
    """The run for a terminal of 80 columns."""

    def say(text: str, style: str = "") -> None:
        console.print(Text(visible(text), style=style))

    say(summary.name, "bold")
    say(summary.sentence)
    if summary.stages:
        table = Table(box=None, pad_edge=False)
        for title in ("stage", "length", "tokens", "loss", "held out", "needle", "tokens/s"):
            table.add_column(title, justify="left" if title == "stage" else "right")
        for stage in summary.stages:
            evaluation = stage["evaluation"]
            needle = evaluation.get("needle")
            table.add_row(
                Text(visible(stage["stage"])),
                f"{stage['sequence_length']:,}",
                f"{stage['tokens']:,}",
                _figure(stage["loss"]),
                _figure(evaluation.get("held_out")),
                "" if needle is None else f"{needle:.0%}",
                f"{stage['tokens_per_s']:,.0f}",
            )
        console.print(table)
    for name, gate, found in summary.gates:
        word = "passed" if found["passed"] else "NOT passed"
        say(f"gate {name}: {gate} {found['value']:.3f}, limit {found['limit']:.3f}: {word}")
    if summary.skipped:
        say(f"{len(summary.skipped)} updates skipped, the last: {summary.skipped[-1]['skipped']}")


def pretraining_json(summary: PretrainingSummary) -> dict[str, Any]:
    """The figures as JSON can hold them; the curves are in metrics.jsonl."""
    tree = asdict(summary)
    del tree["curves"]
    return tree | {"summary": summary.sentence}


def _curves(steps: Sequence[dict[str, Any]]) -> dict[str, list[tuple[float, float]]]:
    titles = {
        "loss": "training loss",
        "lr": "learning rate",
        "grad_norm": "gradient norm",
        "tokens_per_s": "tokens a second",
        "sequence_length": "tokens of a row",
        "batch_tokens": "tokens of a step",
    }
    curves = {
        title: _thinned([(n, step[field]) for n, step in enumerate(steps, 1) if step[field] is not None])
        for field, title in titles.items()
    }
    looked = [(n, step["evaluation"]) for n, step in enumerate(steps, 1) if step["evaluation"]]
    for name, title in ({"held_out": "held-out loss"} | GATES).items():
        curves[title] = _thinned([(n, found[name]) for n, found in looked if found.get(name) is not None])
    # What never changes is no curve.
    return {title: points for title, points in curves.items() if len({value for _, value in points}) > 1}


def _thinned(points: list[tuple[float, float]]) -> list[tuple[float, float]]:
    stride = -(-len(points) // POINTS)
    return points[:: max(1, stride)] + (points[-1:] if stride > 1 else [])


def _figure(value: float | None) -> str:
    return "" if value is None else f"{value:.3f}"


def _json(path: Path) -> dict[str, Any]:
    try:
        tree = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise LedgerError(f"{path}: cannot be read: {error}") from None
    if not isinstance(tree, dict):
        raise LedgerError(f"{path}: holds no object")
    return tree


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    if not path.exists():
        return
    lines = path.read_text(encoding="utf-8").splitlines()
    for number, line in enumerate(lines, 1):
        try:
            yield json.loads(line)
        except ValueError as error:
            if number < len(lines):
                raise LedgerError(f"{path}:{number}: not JSON: {error}") from None
            # The run is writing this one.
