"""The images programs run in, one a language: built here where no registry answers, with `docker build` where one does.

A tag carries a hash of what its image is made of, so a change there is a new image and a second build finds the first.
The image of any language but Python is one layer on Python's, whose interpreter the supervisor in the container needs.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from sandbox.containers import rootfs
from sandbox.languages.language import Language
from sandbox.languages.table import LANGUAGES, find
from sandbox.report import SandboxError

REPOSITORY = "lab-sandbox"
API_TIMEOUT_S = 30
_STEPS = 3
"""Raise it when the steps here or in `rootfs.py` change what an image holds."""


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


def image_tag(language: str = "python") -> str:
    """The tag of a language's image as it would be built now. Raises SandboxError for an unknown language."""
    row = find(language)
    made_of = f"{_STEPS} {rootfs.PYTHON} {rootfs.PRUNED} {rootfs.ruff_version()} {_packages(LANGUAGES['python'])}"
    if row.name != "python":
        made_of += f" {row.name} {_packages(row)}"
    return f"{REPOSITORY}:{row.name}-{hashlib.sha256(made_of.encode()).hexdigest()[:12]}"


class NotBuilt(SandboxError):
    """A language has no image here, and will have none until somebody builds it."""


def image_id(language: str = "python") -> str:
    """The id of a language's image. Raises NotBuilt with the mend where there is none."""
    import docker

    with _client() as client:
        try:
            return str(client.images.get(image_tag(language)).id)
        except docker.errors.ImageNotFound:
            name = find(language).name
            raise NotBuilt(f"there is no image for {name}; build it: lab sandbox build --languages {name}") from None


def built_languages() -> list[str]:
    """The languages whose images are there. Raises SandboxError where Docker does not answer."""
    with _client() as client:
        there = {tag for image in client.images.list(REPOSITORY) for tag in image.tags}
    return [name for name in LANGUAGES if image_tag(name) in there]


def build_image(progress: Callable[[str], None] = print, languages: Iterable[str] = ("python",)) -> list[str]:
    """Make sure the images of `languages` exist, building those that do not (about a minute each); their tags. Raises
    SandboxError.
    """
    rows = [find(name) for name in languages]
    wanted = {row.name for row in rows} | {"python"}  # every image is a layer on Python's, the first of LANGUAGES
    with _one_builder():
        there = built_languages()
        missing = [row for row in LANGUAGES.values() if row.name in wanted - set(there)]
        if missing:
            names = ", ".join(row.name for row in missing)
            progress(f"building the sandbox image for {names} (about a minute each, once)")
            if shutil.which("debootstrap") and os.geteuid() == 0:
                _build_from_packages(missing, progress)
            else:
                for row in missing:
                    _build_from_registry(row, progress)
    return [image_tag(row.name) for row in rows]


@contextlib.contextmanager
def _one_builder() -> Iterator[None]:
    """Whoever comes while another process builds waits for it, and finds what it made."""
    path = Path(tempfile.gettempdir(), f"lab-sandbox-build-{os.geteuid()}.lock")
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _packages(language: Language) -> tuple[tuple[str, ...], ...]:
    return language.packages, language.pip, language.npm


def _build_from_packages(missing: list[Language], progress: Callable[[str], None]) -> None:
    """debootstrap from this host's own mirror; each further language is what apt and npm add."""
    with tempfile.TemporaryDirectory(prefix="lab-sandbox-") as folder:
        base = rootfs.bootstrap(Path(folder, "base"), progress)

        def build(language: Language) -> None:
            added = ", ".join((*language.packages, *language.pip, *language.npm)) or "nothing more"
            progress(f"{language.name}: installing {added}")
            own = Path(folder, language.name)  # Docker is sent this folder whole
            own.mkdir()
            archive = rootfs.root_of(base, own / language.name, language)
            progress(f"{language.name}: importing it into Docker")
            below = "scratch" if language.name == "python" else image_tag()
            _build(archive.parent, f"FROM {below}\nADD {archive.name} /\n", image_tag(language.name))
            shutil.rmtree(own, ignore_errors=True)

        first = [language for language in missing if language.name == "python"]
        for language in first:
            build(language)
        with ThreadPoolExecutor(2) as side_by_side:  # mostly waiting: for packages, for Docker
            list(side_by_side.map(build, [language for language in missing if language not in first]))


def _build_from_registry(language: Language, progress: Callable[[str], None]) -> None:
    """`docker build` with a Dockerfile; needs a registry."""
    with tempfile.TemporaryDirectory(prefix="lab-sandbox-") as folder:
        shutil.copy(rootfs.ruff(), Path(folder, "ruff"))
        progress(f"{language.name}: docker build (from a registry)")
        try:
            _build(Path(folder), dockerfile(language), image_tag(language.name))
        except SandboxError as error:
            mend = "Where no registry answers, install debootstrap (apt-get install debootstrap) and build as root."
            raise SandboxError(f"{error}\n{mend}") from None


def dockerfile(language: Language) -> str:
    """The Dockerfile that builds a language's image where a registry answers. Its context holds `ruff`."""
    first = language.name == "python"
    packages = " ".join((*((rootfs.PYTHON, "python3-pip") if first else ()), *language.packages))
    lines = [f"FROM {'debian:bookworm-slim' if first else image_tag()}"]
    if packages:
        lines.append(f"RUN apt-get update && apt-get install --yes --no-install-recommends {packages}")
    if language.pip:
        lines.append(f"RUN pip install --break-system-packages --no-cache-dir {' '.join(language.pip)}")
    if language.npm:
        lines.append(
            f"RUN apt-get install --yes --no-install-recommends npm && npm install --prefix {rootfs.NPM_PREFIX}"
            f" {' '.join(language.npm)}"
        )
    lines.append("RUN rm -rf /var/lib/apt/lists/* && find / -xdev -perm /6000 -type f -exec chmod a-s {} +")
    if first:
        lines.append("COPY --chmod=755 ruff /usr/local/bin/ruff")
    return "\n".join(lines) + "\n"


def _build(folder: Path, dockerfile: str, tag: str) -> None:
    Path(folder, "Dockerfile").write_text(dockerfile)
    Path(folder, ".dockerignore").write_text("*\n!ruff\n!*.tar\n!Dockerfile\n")
    with _building() as client:
        client.images.build(path=str(folder), tag=tag, rm=True)


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


@contextlib.contextmanager
def _client() -> Iterator[Any]:
    try:
        client = connect()
    except Exception as error:
        raise SandboxError(_diagnose(error)) from None
    try:
        yield client
    finally:
        client.close()


def _diagnose(error: BaseException) -> str:
    text = str(error)
    if "Permission denied" in text:
        return "Docker is there but this user may not use it: add the user to the group `docker`, or run as root"
    if "No such file" in text or "Connection refused" in text or "ConnectionRefused" in text:
        return "no Docker Engine answers: start it (`systemctl start docker` or `dockerd &`), or install docker.io"
    return f"Docker does not answer: {type(error).__name__}: {text[:200]}"
