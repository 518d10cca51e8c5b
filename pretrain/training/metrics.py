"""metrics.jsonl: one line an optimizer step, and TensorBoard events beside it.

A line holds the fields of `StepRecord`. A training that resumes cuts the file back to the state it goes on from, so that
the curve is one unbroken line.
"""

import dataclasses
import json
import math
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pretrain.errors import PretrainError

if TYPE_CHECKING:
    from pretrain.distributed.mesh import Mesh


@dataclass(frozen=True)
class StepRecord:
    """One optimizer step: one line of metrics.jsonl. Numbers that are not finite are written as null."""

    stage: str
    step: int
    """From 1 on, in this stage."""
    tokens: int
    """Consumed in this stage up to and with this step, padding included."""
    loss: float
    """Mean over all target tokens of the global batch, nats."""
    lr: float
    grad_norm: float
    """Before clipping."""
    tokens_per_s: float
    """Over all ranks, data and update included, evaluation and saving not."""
    utilisation: float | None
    """Floating-point operations of the model per second, over the measured peak of a matrix product; None: not measured."""
    sequence_length: int
    batch_tokens: int
    skipped: str | None = None
    """Why the weights were left as they were."""
    evaluation: dict[str, float] | None = None
    """What `evaluate` gave after this step, where it was its turn."""


class Metrics:
    """metrics.jsonl, cut back to where the training stands; TensorBoard events beside it. Only rank 0 writes."""

    def __init__(self, out: Path | None, stage: str, step: int, size: int, mesh: "Mesh | None") -> None:
        self.stage, self.step, self.size = stage, step, size
        self.path = out / "metrics.jsonl" if out and (mesh is None or mesh.rank == 0) else None

    def __enter__(self) -> "Metrics":
        if self.path:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self.path.touch()
            if self.path.stat().st_size < self.size:
                raise PretrainError(
                    f"{self.path}: {self.path.stat().st_size} bytes, but the state to go on from had seen {self.size}; "
                    "put the file back, or use another --out"
                )
            self._file = self.path.open("r+b")
            self._file.truncate(self.size)
            self._file.seek(self.size)
            self._events = _tensorboard(self.path.parent / "tensorboard" / self.stage, self.step + 1)
        return self

    def write(self, record: StepRecord) -> int:
        """Append a line; returns the size of the file with it."""
        if self.path:
            line = json.dumps(finite(dataclasses.asdict(record))).encode() + b"\n"
            self._file.write(line)
            self._file.flush()
            self.size += len(line)
            if self._events:
                shown = {n: getattr(record, n) for n in ("loss", "lr", "grad_norm", "tokens_per_s", "utilisation")}
                for name, value in {**shown, **(record.evaluation or {})}.items():
                    if value is not None:
                        self._events.add_scalar(name, value, record.step)
        return self.size

    def __exit__(self, *_: object) -> None:
        if self.path:
            self._file.close()
            if self._events:
                self._events.close()


def _tensorboard(folder: Path, purge_step: int) -> Any:
    """A writer of events, or None where TensorBoard is not installed: the curve is in metrics.jsonl all the same."""
    try:
        from torch.utils.tensorboard import SummaryWriter
    except ImportError:
        return None
    return SummaryWriter(str(folder), purge_step=purge_step)


def finite(value: Any) -> Any:
    """JSON knows no NaN."""
    if isinstance(value, dict):
        return {key: finite(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [finite(inner) for inner in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
