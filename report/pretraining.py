"""The page of a pre-training run: its stages, gates, curves and samples, read from the files the run left.

Read by name, not imported: `pretrain` stands alone and so does the ledger. The fields are those of
`pretrain.training.metrics.StepRecord` (metrics.jsonl), `pretrain.run.stages.Summary` (stages.json) and samples.jsonl.
"""

import math
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
from rows.limits import RowsError, object_in
from rows.readers import read
from sandbox.visible import visible

POINTS = 400
"""Points of a curve; a longer one is thinned, so that the page stays small."""
NUMBER = (int, float)
STEP: dict[str, tuple[type, ...]] = {
    "stage": (str,),
    "step": (int,),
    "batch_tokens": (int,),
    "skipped": (str, type(None)),
    "evaluation": (dict, type(None)),
    **dict.fromkeys(
        ("loss", "lr", "grad_norm", "tokens_per_s", "utilisation", "sequence_length"), (*NUMBER, type(None))
    ),
}
STAGE: dict[str, tuple[type, ...]] = {
    "stage": (str,),
    **dict.fromkeys(("sequence_length", "tokens", "averaged"), (int,)),
    **dict.fromkeys(("rope_base", "tokens_per_s", "seconds"), NUMBER),
    "loss": (*NUMBER, type(None)),
    "evaluation": (dict,),
    "gates": (dict, type(None)),
}
SAMPLE: dict[str, tuple[type, ...]] = {"stage": (str,), "step": (int,), "prompt": (str,), "completion": (str,)}
"""Fields of a line, or of a stage, and what they may hold: what does not is no line, and told."""
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
    damage: str = ""
    """What of its files could not be read; empty where all was."""

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
    """Read a run, finished or under way, as far as its files go: what is damaged is told of. Raises LedgerError where nothing
    can be read.
    """
    damage: list[str] = []
    summary = _object(run / "stages.json", damage) if (run / "stages.json").exists() else {}
    recipe = _object(run / "recipe.json", damage)
    steps = list(_lines(run / "metrics.jsonl", STEP, damage))
    if damage and not steps and not summary:
        raise LedgerError("; ".join(damage))
    # A sample is written again where a killed stage went over the same step twice: the last one counts.
    samples = {(s["stage"], s["step"], s["prompt"]): s for s in _lines(run / "samples.jsonl", SAMPLE, damage)}
    places = {(step["stage"], step["step"]): n for n, step in enumerate(steps, 1)}
    last = {(s["stage"], s["prompt"]): {**s, "place": places.get((s["stage"], s["step"]))} for s in samples.values()}
    speeds = [step["tokens_per_s"] for step in steps if step["tokens_per_s"]]
    used = [step["utilisation"] for step in steps if step["utilisation"]]
    return PretrainingSummary(
        name=_of(summary, "name", str) or _of(recipe, "name", str) or run.name,
        path=str(run),
        parameters=_of(summary, "parameters", int),
        vocabulary_size=_of(summary, "vocabulary_size", int),
        model=_of(summary, "model", str),
        stages=list(_stages(summary, run / "stages.json", damage)),
        tokens=sum(step["batch_tokens"] for step in steps),
        steps=len(steps),
        skipped=[step for step in steps if step["skipped"]],
        tokens_per_s=statistics.median(speeds) if speeds else None,
        utilisation=statistics.median(used) if used else None,
        curves=_curves(steps),
        samples=list(last.values()),
        recipe=recipe,
        damage="; ".join(damage),
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
    looked = [(n, _numbers(step["evaluation"])) for n, step in enumerate(steps, 1) if step["evaluation"]]
    for name, title in ({"held_out": "held-out loss"} | GATES).items():
        curves[title] = _thinned([(n, found[name]) for n, found in looked if name in found])
    # What never changes is no curve.
    return {title: points for title, points in curves.items() if len({value for _, value in points}) > 1}


def _thinned(points: list[tuple[float, float]]) -> list[tuple[float, float]]:
    stride = -(-len(points) // POINTS)
    return points[:: max(1, stride)] + (points[-1:] if stride > 1 else [])


def _figure(value: float | None) -> str:
    return "" if value is None else f"{value:.3f}"


def _object(path: Path, damage: list[str]) -> dict[str, Any]:
    try:
        return object_in(path)
    except RowsError as error:
        damage.append(str(error))
        return {}


def _lines(path: Path, fields: dict[str, tuple[type, ...]], damage: list[str]) -> Iterator[dict[str, Any]]:
    """The lines that hold what they should. A broken last one is being written; of others the first is told, and how many."""
    if not path.exists():
        return
    bad: list[str] = []
    broken_last = False
    try:
        for number, line in read(path):
            why = str(line) if isinstance(line, Exception) else _unlike(line, fields)
            broken_last = isinstance(line, Exception)
            if why:
                bad.append(f"{path}:{number}: {why}")
            else:
                yield line
    except RowsError as error:
        damage.append(str(error))
        return
    if broken_last:
        bad.pop()
    if bad:
        damage.append(bad[0] + (f"; and {len(bad) - 1} lines more" if len(bad) > 1 else ""))


def _stages(summary: dict[str, Any], path: Path, damage: list[str]) -> Iterator[dict[str, Any]]:
    listed = summary.get("stages", [])
    for number, stage in enumerate(listed if isinstance(listed, list) else [None], 1):
        why = "no object" if not isinstance(stage, dict) else _unlike({"averaged": 0, "gates": None, **stage}, STAGE)
        if not why and not all(_is_gate(gate) for gate in (stage["gates"] or {}).values()):
            why = '"gates" hold no value, limit and passed'
        if why:
            damage.append(f"{path}: stage {number}: {why}")
        else:
            yield {"averaged": 0, "gates": None, **stage, "evaluation": _numbers(stage["evaluation"])}


def _is_gate(gate: Any) -> bool:
    return isinstance(gate, dict) and not _unlike(gate, {"value": NUMBER, "limit": NUMBER, "passed": (bool,)})


def _unlike(line: Any, fields: dict[str, tuple[type, ...]]) -> str:
    if not isinstance(line, dict):
        return "no object"
    for name, kinds in fields.items():
        value = line.get(name)
        if not isinstance(value, kinds) or (isinstance(value, int | float) and not -1e300 < value < 1e300):
            return f'"{name}" is {str(value)[:40]}'
    return ""


def _numbers(found: dict[str, Any]) -> dict[str, float]:
    """What an evaluation found, without what is no number."""
    return {name: value for name, value in found.items() if isinstance(value, NUMBER) and math.isfinite(value)}


def _of(tree: dict[str, Any], name: str, kind: type) -> Any:
    value = tree.get(name)
    return value if isinstance(value, kind) else None
