"""A hash of all code that can change a report: what runs in the container, and what decides on the host.

It is part of the key of every recorded run, so that a verdict is replayed only by the code that would give it again.
"""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parent
DECIDES = (
    "apart",
    "inside",
    "judge",
    "languages",
    "containers/artefacts.py",
    "containers/container.py",
    "course.py",
    "jobs.py",
    "policy.py",
    "pool.py",
    "report.py",
)
"""Files and folders of this package. Left out is what only starts, shows or serves."""


def code_hash() -> str:
    """The hash; read from disk once a process."""
    return hash_of(ROOT)


@cache
def hash_of(root: Path) -> str:
    """The hash of the sandbox whose package lies in `root`."""
    digest = hashlib.sha256()
    for name in DECIDES:
        path = root / name
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            if file.suffix in (".py", ".json"):
                digest.update(f"{file.relative_to(root).as_posix()}\n".encode() + file.read_bytes() + b"\0")
    return digest.hexdigest()
