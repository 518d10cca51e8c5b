"""A recorded check is named by all the code that decides it: a mended checker is asked again."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import verification
from verification.equality import EQUAL
from verification.workers import version

HOUSE = Path(verification.__file__).parent.parent


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The package, to be changed without harm."""
    shutil.copytree(HOUSE / "verification", tmp_path / "verification", ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path


def version_in(folder: Path) -> str:
    program = f"from verification.workers import version; print(version({EQUAL!r}))"
    environment = {**os.environ, "PYTHONPATH": f"{folder}{os.pathsep}{HOUSE}"}
    command = [sys.executable, "-c", program]
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=True
    ).stdout.strip()


def test_the_version_of_a_check_is_that_of_its_sources_wherever_they_lie(copy: Path) -> None:
    assert version_in(copy) == version(EQUAL)


def test_a_change_in_a_module_that_the_checker_calls_changes_its_version(copy: Path) -> None:
    called = copy / "verification" / "answers.py"
    called.write_text(called.read_text() + "\n# a mend\n")
    assert version_in(copy) != version(EQUAL)


def test_two_functions_of_one_package_have_two_versions() -> None:
    assert version(EQUAL) != version("verification.equality:decided")


def test_a_package_that_is_not_there_is_named() -> None:
    with pytest.raises(ModuleNotFoundError, match="no_such_package"):
        version("no_such_package.rules:equal")
