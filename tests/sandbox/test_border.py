"""Where the sandbox's border runs, and that what decides a report is part of what a report is recorded under."""

from __future__ import annotations

import ast
import shutil
import sys
from pathlib import Path

import pytest

import sandbox
from sandbox import Sandbox, identity
from sandbox.containers.container import INSIDE

PACKAGE = Path(sandbox.__file__).parent
FOLDER = PACKAGE / "inside"


def imports(path: Path) -> set[str]:
    """The modules a file imports, in full."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0
            inner = (
                str(node.module).startswith("sandbox.inside")
                and (PACKAGE.parent / str(node.module).replace(".", "/")).is_dir()
            )
            found |= {f"{node.module}.{alias.name}" for alias in node.names} if inner else {str(node.module)}
    return found


def test_what_is_sent_into_the_container_is_the_folder_inside_and_nothing_else() -> None:
    files = (path.relative_to(FOLDER).with_suffix("") for path in FOLDER.rglob("*.py") if path.stem != "__init__")
    assert sorted(INSIDE) == sorted(".".join(file.parts) for file in files)


def test_modules_inside_import_only_the_standard_library_and_each_other_in_their_order() -> None:
    for number, name in enumerate(INSIDE):
        for module in imports(FOLDER / f"{name.replace('.', '/')}.py"):
            if module.startswith("sandbox"):
                known = [at for at in INSIDE[:number] if f"{module}.".startswith(f"sandbox.inside.{at}.")]
                assert known, f"{name}: {module}"
            else:
                assert module.partition(".")[0] in sys.stdlib_module_names, f"{name}: {module}"


def test_of_what_runs_inside_the_host_uses_the_wire_alone() -> None:
    for path in PACKAGE.rglob("*.py"):
        if FOLDER not in path.parents:
            assert {name for name in imports(path) if name.startswith("sandbox.inside")} <= {"sandbox.inside.wire"}, (
                path
            )


def test_sandbox_imports_no_other_room_but_the_one_that_reads_python() -> None:
    rooms = {path.name for path in PACKAGE.parent.iterdir() if (path / "__init__.py").is_file()} - {"sandbox", "syntax"}
    for path in PACKAGE.rglob("*.py"):
        assert not {name.partition(".")[0] for name in imports(path)} & rooms, path


@pytest.mark.parametrize(
    "file",
    ["judge/rules.py", "judge/facts.py", "inside/driver.py", "languages/compiled/rust.py", "course.py", "pool.py"],
)
def test_changing_code_that_decides_changes_the_identity_that_verdicts_are_recorded_under(
    file: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = tmp_path / "sandbox"
    shutil.copytree(PACKAGE, copy, ignore=shutil.ignore_patterns("__pycache__"))
    box = Sandbox()
    before = box.identity(), box.identity("rust")
    monkeypatch.setattr(identity, "ROOT", copy)
    assert (box.identity(), box.identity("rust")) == before
    with (copy / file).open("a", encoding="utf-8") as text:
        text.write("\n# mended\n")
    identity.hash_of.cache_clear()
    assert box.identity() != before[0] and box.identity("rust") != before[1]
    identity.hash_of.cache_clear()


def test_every_file_that_decides_is_there() -> None:
    assert [name for name in identity.DECIDES if not (PACKAGE / name).exists()] == []
