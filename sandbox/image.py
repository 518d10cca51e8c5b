"""The image programs run in: built here where no registry answers, from the Dockerfile where one does.

Its tag carries a hash of the recipe, so a changed recipe is a new image and a second build finds the first.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import subprocess
import sysconfig
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from sandbox.report import SandboxError

REPOSITORY = "lab-sandbox"
API_TIMEOUT_S = 30
_RECIPE = 1
"""Raise it when the steps below change what the image holds."""

_PACKAGES = "python3"
_PRUNED = (
    *("usr/share/doc", "usr/share/man", "usr/share/locale", "usr/share/info", "usr/lib/python3/dist-packages"),
    *("var/lib/apt", "var/cache", "var/log", "dev", "proc", "sys"),
)


def docker_problem() -> str | None:
    """Why Docker cannot be used, with the mend; None where it answers."""
    try:
        client = connect(timeout_s=5)
    except ImportError:
        return "the Python package `docker` is missing: pip install docker"
    except Exception as error:
        return _diagnose(error)
    client.close()
    return None


def connect(timeout_s: int = API_TIMEOUT_S) -> Any:
    """A Docker client whose every call ends after `timeout_s`. Raises docker's or requests' error where it does not
    answer.
    """
    import docker

    client = docker.from_env(timeout=timeout_s)
    try:
        client.ping()
    except BaseException:
        client.close()
        raise
    return client


def image_tag() -> str:
    """The tag the current recipe builds."""
    recipe = f"{_RECIPE} {_PACKAGES} {_PRUNED} {_ruff_version()}\n{_dockerfile().read_text()}"
    return f"{REPOSITORY}:python-{hashlib.sha256(recipe.encode()).hexdigest()[:12]}"


def build_image(progress: Callable[[str], None] = print) -> str:
    """Make sure the image exists, building it where it does not (about a minute); its tag. Raises SandboxError."""
    import docker

    tag = image_tag()
    try:
        client = connect()
    except Exception as error:
        raise SandboxError(_diagnose(error)) from None
    try:
        client.images.get(tag)
        return tag
    except docker.errors.ImageNotFound:
        progress(f"building the sandbox image {tag} (about a minute, once)")
    finally:
        client.close()
    if shutil.which("debootstrap") and os.geteuid() == 0:
        _build_from_packages(tag, progress)
    else:
        _build_from_registry(tag, progress)
    return tag


def _build_from_packages(tag: str, progress: Callable[[str], None]) -> None:
    """debootstrap from this host's own mirror, prune, add the linter, `docker import`."""
    mirror, suite = _mirror()
    with tempfile.TemporaryDirectory(prefix="lab-sandbox-") as folder:
        root = Path(folder, "root")
        progress(f"debootstrap {suite} with {_PACKAGES}")
        _command(["debootstrap", "--variant=minbase", f"--include={_PACKAGES}", suite, str(root), mirror])
        for path in _PRUNED:
            shutil.rmtree(root / path, ignore_errors=True)
        for path in ("dev", "proc", "sys", "var/log"):
            (root / path).mkdir(exist_ok=True)
        for privileged in root.glob("usr/*bin/*"):
            if privileged.is_file() and not privileged.is_symlink():
                privileged.chmod(privileged.stat().st_mode & 0o777)
        shutil.copy(_ruff(), root / "usr/local/bin/ruff")
        progress("importing it into Docker")
        repository, _, version = tag.partition(":")
        with (
            subprocess.Popen(["tar", "-C", str(root), "-c", "."], stdout=subprocess.PIPE) as archive,
            _building() as client,
        ):
            client.api.import_image_from_stream(archive.stdout, repository=repository, tag=version)


def _build_from_registry(tag: str, progress: Callable[[str], None]) -> None:
    """`docker build` with the Dockerfile; needs a registry."""
    with tempfile.TemporaryDirectory(prefix="lab-sandbox-") as folder:
        shutil.copy(_dockerfile(), folder)
        shutil.copy(_ruff(), Path(folder, "ruff"))
        progress("docker build (from a registry)")
        try:
            with _building() as client:
                client.images.build(path=folder, tag=tag, rm=True)
        except SandboxError as error:
            mend = "Where no registry answers, install debootstrap (apt-get install debootstrap) and build as root."
            raise SandboxError(f"{error}\n{mend}") from None


@contextlib.contextmanager
def _building() -> Iterator[Any]:
    """A client patient enough for a build, whose errors are ours."""
    import docker

    client = connect(timeout_s=1200)
    try:
        yield client
    except docker.errors.DockerException as error:
        raise SandboxError(f"Docker could not make the image: {error}") from None
    finally:
        client.close()


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


def _ruff() -> str:
    beside = Path(sysconfig.get_path("scripts"), "ruff")
    found = str(beside) if beside.exists() else shutil.which("ruff")
    if found is None:
        raise SandboxError("the linter `ruff` is not installed here: pip install ruff")
    return found


def _ruff_version() -> str:
    return _command([_ruff(), "--version"])


def _dockerfile() -> Path:
    return Path(__file__).with_name("Dockerfile")


def _command(command: list[str]) -> str:
    """Run a build command; its output. Raises SandboxError with the end of what it said."""
    done = subprocess.run(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        timeout=1200,
    )
    if done.returncode != 0:
        raise SandboxError(
            f"`{' '.join(command[:3])} ...` failed with status {done.returncode}:\n{done.stdout[-1500:]}"
        )
    return done.stdout


def _diagnose(error: BaseException) -> str:
    text = str(error)
    if "Permission denied" in text:
        return "Docker is there but this user may not use it: add the user to the group `docker`, or run as root"
    if "No such file" in text or "Connection refused" in text or "ConnectionRefused" in text:
        return "no Docker Engine answers: start it (`systemctl start docker` or `dockerd &`), or install docker.io"
    return f"Docker does not answer: {type(error).__name__}: {text[:200]}"
