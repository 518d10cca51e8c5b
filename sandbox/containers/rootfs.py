"""Root file systems for the images, made without a registry: debootstrap, apt in a chroot, pip and npm from outside.

Nothing here knows Docker; `image.py` takes the tar files that come out.
"""

from __future__ import annotations

import contextlib
import functools
import os
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Callable, Iterator
from pathlib import Path

from sandbox.languages.language import Language
from sandbox.report import SandboxError

PYTHON = "python3"
NPM_PREFIX = "/usr/local/lib/npm"
PRUNED = (
    *("usr/share/doc", "usr/share/man", "usr/share/locale", "usr/share/info", "usr/lib/python3/dist-packages"),
    *("var/lib/apt", "var/cache", "var/log"),
)
_EMPTIED = ("dev", "proc", "sys", "tmp", "run")
_PATIENCE_S = 1800
PREPARED = "LAB_SANDBOX_BASE"
"""Names a folder with a `bootstrap` made beforehand (`prepare`)."""


def bootstrap(root: Path, progress: Callable[[str], None] = print) -> Path:
    """The smallest Debian with Python, from this host's own mirror, in `root`. Raises SandboxError.

    One made beforehand, in the folder that LAB_SANDBOX_BASE names, is taken from there: `make` does so while it installs
    Python packages.
    """
    made = os.environ.get(PREPARED)
    if made and Path(made).is_dir():
        shutil.move(made, root)
        return root
    mirror, suite = _mirror()
    progress(f"debootstrap {suite} with {PYTHON}")
    _command(["debootstrap", "--variant=minbase", f"--include={PYTHON}", suite, str(root), mirror])
    return root


def root_of(base: Path, root: Path, language: Language) -> Path:
    """Install what the language's image holds into `root`, a copy of `base`; a tar file beside it: for Python of the
    whole, for any other language of what it adds to `base`. Raises SandboxError.
    """
    _command(["cp", "--archive", str(base), str(root)])
    stamp_ns = max(entry.lstat().st_ctime_ns for entry in (root, *root.iterdir()))
    if language.packages:
        _install_packages(root, language.packages)
    if language.pip:
        _install_pip(root, language.pip)
    if language.npm:
        _install_npm(root, language.npm)
    if language.name == "python":
        shutil.copy(ruff(), root / "usr/local/bin/ruff")
        stamp_ns = 0
    for path in (*PRUNED, *_EMPTIED):
        shutil.rmtree(root / path, ignore_errors=True)
    for path in (*_EMPTIED, "var/log"):
        (root / path).mkdir(exist_ok=True)
    (root / "tmp").chmod(0o1777)  # Docker gives a tmpfs the mode of the folder under it
    names: list[bytes] = []
    for entry in sorted(root.rglob("*")):
        found = entry.lstat()
        if found.st_ctime_ns <= stamp_ns:
            continue
        names.append(os.fsencode(entry.relative_to(root)))
        if found.st_mode & 0o6000 and entry.is_file() and not entry.is_symlink():
            entry.chmod(found.st_mode & 0o777)
    listing, archive = root.parent / f"{language.name}.list", root.parent / f"{language.name}.tar"
    listing.write_bytes(b"\0".join(names))
    _command(["tar", "-C", str(root), "--no-recursion", "--null", "-T", str(listing), "-cf", str(archive)])
    return archive


def ruff() -> str:
    """The linter's program beside this Python. Raises SandboxError where it is not installed."""
    beside = Path(sysconfig.get_path("scripts"), "ruff")
    found = str(beside) if beside.exists() else shutil.which("ruff")
    if found is None:
        raise SandboxError("the linter `ruff` is not installed here: pip install ruff")
    return found


@functools.lru_cache(1)
def ruff_version() -> str:
    """What it says of itself."""
    return _command([ruff(), "--version"])


def _install_packages(root: Path, packages: tuple[str, ...]) -> None:
    """apt in a chroot; package scripts may start no daemon."""
    guard = root / "usr/sbin/policy-rc.d"
    guard.write_text("#!/bin/sh\nexit 101\n")
    guard.chmod(0o755)
    with contextlib.suppress(OSError):
        shutil.copy("/etc/resolv.conf", root / "etc/resolv.conf")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C"}
    with _proc(root):
        _command(["chroot", str(root), "apt-get", "update"], environment)
        _command(
            ["chroot", str(root), "apt-get", "install", "--yes", "--no-install-recommends", *packages], environment
        )
    guard.unlink()


@contextlib.contextmanager
def _proc(root: Path) -> Iterator[None]:
    """/proc in the chroot, which a few package scripts want; a host that may not mount does without."""
    mounted = subprocess.run(["mount", "-t", "proc", "proc", str(root / "proc")], capture_output=True, check=False)
    try:
        yield
    finally:
        if mounted.returncode == 0:
            _command(["umount", "--lazy", str(root / "proc")])


def _install_pip(root: Path, packages: tuple[str, ...]) -> None:
    """Wheels for the image's Python, which need not be this one."""
    version = (root / "usr/bin/python3").readlink().name.removeprefix("python")
    target = root / f"usr/local/lib/python{version}/dist-packages"
    options = ["--target", str(target), "--python-version", version, "--only-binary=:all:", "--no-compile"]
    _command([sys.executable, "-P", "-m", "pip", "install", "--quiet", *options, *packages])


def _install_npm(root: Path, packages: tuple[str, ...]) -> None:
    """Packages from npm, their install scripts unused."""
    npm = shutil.which("npm")
    if npm is None:
        raise SandboxError("building this image takes `npm` on this machine: apt-get install npm")
    target = root / NPM_PREFIX.lstrip("/")
    target.mkdir(parents=True, exist_ok=True)
    _command([npm, "install", "--prefix", str(target), "--ignore-scripts", "--no-audit", "--no-fund", *packages])


def _mirror() -> tuple[str, str]:
    """The first package mirror apt is configured with, and the release's name."""
    lines = _command(["apt-get", "indextargets", "--format", "$(REPO_URI) $(CODENAME)", "Created-By: Packages"]).split(
        "\n"
    )
    for line in lines:
        mirror, _, suite = line.strip().partition(" ")
        if mirror and suite and "-" not in suite:
            return mirror, suite
    raise SandboxError("apt on this machine names no package mirror; add one to /etc/apt/sources.list")


def _command(command: list[str], environment: dict[str, str] | None = None) -> str:
    """Run a build command; its output. Raises SandboxError with the end of what it said."""
    done = subprocess.run(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
        timeout=_PATIENCE_S,
        env=environment,
    )
    if done.returncode != 0:
        raise SandboxError(
            f"`{' '.join(command[:4])} ...` failed with status {done.returncode}:\n{done.stdout[-1500:]}"
        )
    return done.stdout


def prepare(folder: str) -> None:
    """A `bootstrap` for LAB_SANDBOX_BASE, whole or not at all. Needs nothing but the standard library: before anything is
    installed it runs beside what is being installed.
    """
    part = Path(f"{folder}.part").absolute()
    shutil.rmtree(part, ignore_errors=True)
    part.parent.mkdir(parents=True, exist_ok=True)
    bootstrap(part).rename(folder)
