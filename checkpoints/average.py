"""The mean of several checkpoints' weights (Llama 3 paper, section 4.1.5): uniform, weighted, or by a decay (Polyak).

Streamed: of each tensor a block at a time is read from every file and written, so memory does not grow with the checkpoint.
A sum is taken in float64, divided once, and rounded to float32 and then to the type of the first checkpoint's file: equal
checkpoints come back as they were, bit for bit. With numpy: importing torch would take longer than the sums of small checkpoints.
"""

from __future__ import annotations

import contextlib
import json
import struct
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, NoReturn

from checkpoints.directory import NAMES, chat_template, check, identity, weight_files
from checkpoints.draft import drafted, refuse_taken
from checkpoints.errors import CheckpointError
from checkpoints.files import read_object
from checkpoints.weights import HEAD, TABLE
from checkpoints.write import copy_others

if TYPE_CHECKING:
    import numpy as np

RECORD = "average.json"
BLOCK = 1 << 15
"""Numbers of a tensor that are read at once, of each checkpoint: these and their sums stay in a core's cache."""
WIDTHS = {"F64": 8, "F32": 4, "F16": 2, "BF16": 2}
"""Bytes of the types that a mean is taken of, as safetensors calls them."""
NUMBERS = {"F64": "<f8", "F32": "<f4", "F16": "<f2"}
"""Those of them that numpy has, as it calls them."""
UNLIKE = ("dtype", "torch_dtype", "transformers_version", *NAMES, "use_cache")
"""Keys of config.json in which checkpoints of one model may differ."""
ALIKE = ("tokenizer.json", "tokenizer.model")
"""Files that say what an id means: other ones make a mean of weights mean nothing."""


@dataclass(frozen=True)
class Tensor:
    """Where a tensor lies."""

    file: Path
    kind: str
    shape: tuple[int, ...]
    start: int
    """Byte of the file."""

    @property
    def numbers(self) -> int:
        count = 1
        for side in self.shape:
            count *= side
        return count


def weights_of(count: int, *, weights: Sequence[float] = (), decay: float | None = None) -> list[float]:
    """One weight a checkpoint, of sum 1: the same for all, in proportion to `weights`, or `decay` times as much as the one that
    follows, the last counting most. Raises CheckpointError.
    """
    if decay is not None:
        if weights:
            raise CheckpointError("weights and a decay are two ways to say the same; give one")
        if not 0 < decay < 1:
            raise CheckpointError(f"a decay is more than 0 and less than 1, not {decay:g}")
        weights = [decay ** (count - 1 - number) for number in range(count)]
    given = list(weights) or [1.0] * count
    if len(given) != count:
        raise CheckpointError(f"{len(given)} weights for {count} checkpoints; give one for each")
    if not all(0 <= weight < float("inf") for weight in given) or not sum(given) > 0:
        raise CheckpointError("weights are 0 or more, and not all 0")
    return [weight / sum(given) for weight in given]


def average(
    paths: Sequence[Path],
    out: Path,
    weights: Sequence[float],
    on_progress: Callable[[int, int], None] = lambda done, total: None,
) -> Path:
    """The weighted mean of the checkpoints as a checkpoint in `out`, all else as the first has it; `weights` have the sum 1.

    `on_progress` hears of the numbers done and of all. Nothing is left in `out` where it fails or is stopped. Raises CheckpointError for
    checkpoints that are not of one model, naming the first thing in which they differ.
    """
    if len(paths) < 2:
        raise CheckpointError("a mean is of two checkpoints or more")
    refuse_taken(out)
    tensors = tensors_alike(paths)
    first = paths[0]
    with drafted(out) as draft, _hashing() as hashing:
        identities = hashing.map(identity, paths)
        copy_others(first, draft)
        _write_shards(first, tensors, weights, draft, on_progress)
        record = [
            {"checkpoint": str(path), "identity": found, "weight": weight}
            for path, found, weight in zip(paths, identities, weights, strict=True)
        ]
        (draft / RECORD).write_text(json.dumps({"of": record}, indent=2) + "\n")
    return out


@contextlib.contextmanager
def _hashing() -> Iterator[ThreadPoolExecutor]:
    """A thread for what takes as long as the mean, and lets go of the interpreter; nobody waits for it where that fails."""
    hashing = ThreadPoolExecutor(1)
    try:
        yield hashing
    finally:
        hashing.shutdown(wait=False, cancel_futures=True)


# --- what may be averaged


def tensors_alike(paths: Sequence[Path]) -> list[dict[str, Tensor]]:
    """The tensors of each checkpoint by name, alike in all. Raises CheckpointError for those that are not of one model."""
    first = check(paths[0])
    tensors = [_tensors(check(path)) for path in paths]
    for path, found in zip(paths[1:], tensors[1:], strict=True):
        _refuse_another_model(first, path)
        _refuse_other_tensors(first, tensors[0], path, found)
    return tensors


def _refuse_another_model(first: Path, other: Path) -> None:
    one, two = (read_object(path / "config.json") for path in (first, other))
    for key in sorted({*one, *two} - {*UNLIKE}):
        if one.get(key) != two.get(key):
            raise CheckpointError(
                f"{other}: not the model of {first}: config.json says {key} {json.dumps(two.get(key))}, and there "
                f"{json.dumps(one.get(key))}"
            )
    for name in ALIKE:
        texts = [path.read_bytes() if (path := folder / name).exists() else None for folder in (first, other)]
        if texts[0] != texts[1]:
            raise CheckpointError(
                f"{other}: its {name} is another than that of {first}: the same id would mean two things"
            )
    if chat_template(first) != chat_template(other):
        raise CheckpointError(
            f"{other}: its chat template is another than that of {first}: the same conversation would be two prompts"
        )


def _refuse_other_tensors(first: Path, one: dict[str, Tensor], other: Path, two: dict[str, Tensor]) -> None:
    for name in sorted({*one} ^ {*two}):
        has, lacks = (first, other) if name in one else (other, first)
        raise CheckpointError(f"{lacks}: has no {name}, and {has} has one")
    for name, tensor in one.items():
        if tensor.shape != two[name].shape:
            raise CheckpointError(f"{other}: {name} is {two[name].shape}, and that of {first} {tensor.shape}")


def _tensors(path: Path) -> dict[str, Tensor]:
    """name -> where it lies, by the headers of a checkpoint's files; a tied head that lies there once more is left out."""
    found: dict[str, Tensor] = {}
    for shard in weight_files(path):
        header, data = _header(shard)
        for name, entry in header.items():
            if name != "__metadata__":
                found[name] = Tensor(shard, entry["dtype"], tuple(entry["shape"]), data + entry["data_offsets"][0])
    if HEAD in found and TABLE in found and read_object(path / "config.json").get("tie_word_embeddings"):
        del found[HEAD]  # `check` has seen that it is the table
    for name, tensor in found.items():
        if tensor.kind not in WIDTHS:
            raise CheckpointError(f"{path}: {name} holds {tensor.kind}; a mean is taken of {', '.join(WIDTHS)} only")
    return found


def _header(shard: Path) -> tuple[dict[str, Any], int]:
    """A safetensors file's header, which `check` has looked at, and the byte at which its data begin."""
    with shard.open("rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        return json.loads(file.read(length)), 8 + length


# --- writing


def _write_shards(
    first: Path,
    tensors: Sequence[dict[str, Tensor]],
    weights: Sequence[float],
    draft: Path,
    on_progress: Callable[[int, int], None],
) -> None:
    """Files of the first checkpoint's names, each with the tensors that lie there in their order."""
    total = sum(tensor.numbers for tensor in tensors[0].values())
    done = 0
    of_files: dict[Path, list[str]] = {}
    for name, tensor in sorted(tensors[0].items(), key=lambda pair: pair[1].start):
        of_files.setdefault(tensor.file, []).append(name)
    for shard, names in of_files.items():
        header: dict[str, Any] = {"__metadata__": {"format": "pt"}}
        at = 0
        for name in names:
            tensor = tensors[0][name]
            end = at + tensor.numbers * WIDTHS[tensor.kind]
            header[name] = {"dtype": tensor.kind, "shape": list(tensor.shape), "data_offsets": [at, end]}
            at = end
        text = json.dumps(header, separators=(",", ":")).encode()
        text += b" " * (-len(text) % 8)
        with (draft / shard.name).open("wb") as file:
            file.write(struct.pack("<Q", len(text)) + text)
            for name in names:
                done = _write_mean(name, [found[name] for found in tensors], weights, file, done, total, on_progress)
    if (index := first / "model.safetensors.index.json").exists():
        told = read_object(index)
        places = {name: shard.name for shard, names in of_files.items() for name in names}
        (draft / index.name).write_text(json.dumps({**told, "weight_map": places}, indent=2) + "\n")


def _write_mean(
    name: str,
    tensors: Sequence[Tensor],
    weights: Sequence[float],
    file: IO[bytes],
    done: int,
    total: int,
    on_progress: Callable[[int, int], None],
) -> int:
    """Append the mean of one tensor, block by block; returns the numbers that are done then. Raises CheckpointError."""
    import numpy as np

    same = len(set(weights)) == 1
    numbers, kind = tensors[0].numbers, tensors[0].kind
    sums = np.empty(min(BLOCK, numbers))
    buffers = [bytearray(min(BLOCK, numbers) * WIDTHS[tensor.kind]) for tensor in tensors]
    with contextlib.ExitStack() as opened:
        sources = [opened.enter_context(tensor.file.open("rb")) for tensor in tensors]
        for source, tensor in zip(sources, tensors, strict=True):
            source.seek(tensor.start)
        for start in range(0, numbers, BLOCK):
            size = min(BLOCK, numbers - start)
            block, parts = sums[:size], []
            block.fill(0)
            for source, tensor, buffer, weight in zip(sources, tensors, buffers, weights, strict=True):
                view = memoryview(buffer)[: size * WIDTHS[tensor.kind]]
                if source.readinto(view) != len(view):
                    raise CheckpointError(f"{tensor.file}: ends before its weights do; copy it again")
                part = _widened(view, tensor.kind)
                np.add(block, part if same else np.multiply(part, weight, dtype=np.float64), out=block)
                parts.append(part)
            if not np.isfinite(block.sum()):
                _refuse_infinite(name, tensors, parts)
            if same:  # one division: the sum of n equal float32 numbers is exact, and so is its nth part
                np.divide(block, len(tensors), out=block)
            mean = _rounded(block, kind)
            if not np.isfinite(_widened(mean.data, kind)).all():
                raise CheckpointError(
                    f"{name}: the mean holds a number that {kind}, the type of {tensors[0].file}, has not"
                )
            file.write(mean.data)
            done += size
            on_progress(done, total)
    return done


def _refuse_infinite(name: str, tensors: Sequence[Tensor], parts: Sequence[np.ndarray[Any, Any]]) -> NoReturn:
    """Raises CheckpointError that names the file whose part of a sum is no number."""
    import numpy as np

    for tensor, part in zip(tensors, parts, strict=True):
        if not np.isfinite(part).all():
            raise CheckpointError(
                f"{tensor.file}: {name} holds NaN or infinity, and so would the mean; leave this checkpoint out"
            )
    raise CheckpointError(f"{name}: the sum over the checkpoints is larger than any number")


def _widened(data: memoryview, kind: str) -> np.ndarray[Any, Any]:
    """A block's numbers, in a type that numpy has: a bf16 is the upper half of a float32."""
    import numpy as np

    if kind == "BF16":
        return np.left_shift(np.frombuffer(data, np.uint16), 16, dtype=np.uint32).view(np.float32)
    return np.frombuffer(data, NUMBERS[kind])


def _rounded(mean: np.ndarray[Any, Any], kind: str) -> np.ndarray[Any, Any]:
    """Of float64 by way of float32, each time to the nearest, of two to the even one; bf16 as 16-bit words."""
    import numpy as np

    if kind == "F64":
        return mean
    with np.errstate(over="ignore"):
        single = mean.astype(np.float32)
        if kind != "BF16":
            return single.astype(NUMBERS[kind], copy=False)
    bits = single.view(np.uint32)
    return ((bits + 0x7FFF + (bits >> 16 & 1)) >> 16).astype(np.uint16)
