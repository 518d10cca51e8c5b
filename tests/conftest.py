"""What holds for the whole suite: bytecode is kept, and files are shared out among processes (`pytest -n 2`)."""

import functools
import gc
import importlib.util
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

# Before torch and numpy are imported: a thread that spins while it waits takes its core from the other process's tests.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
os.environ.setdefault("GOMP_SPINCOUNT", "0")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # its threads spin too: 20 s for what one does in 0.1 s

if os.environ.pop("PYTHONDONTWRITEBYTECODE", ""):
    # Half of what each of our many processes costs would be compiling torch and vLLM again. Not beside the sources, though.
    os.environ["PYTHONPYCACHEPREFIX"] = sys.pycache_prefix = str(Path(__file__).parents[1] / "build" / "bytecode")
    sys.dont_write_bytecode = False

gc.set_threshold(10_000, 10, 10)  # as `lab` does: torch and transformers are a million objects, none of them garbage

settings.register_profile("lab", deadline=None)  # an example that waits for its core is no failure
settings.load_profile("lab")

LONGEST_FIRST = (
    *("test_end_to_end.py", "test_hostile.py", "test_service.py", "test_resuming.py", "test_translation.py"),
    *("test_backtranslation.py", "test_frameworks.py", "test_prompts_try.py", "test_ordinary.py", "test_dialects.py"),
    *("test_runner_conformance.py", "test_parallel.py", "test_training.py", "test_apart_shape.py"),
    *("test_kernels_gpu.py", "test_prompts_ui.py", "test_odd_disks.py", "test_working_directory.py"),
)
"""A long file that starts last keeps one process busy while the others have ended."""


STAND_INS = Path(__file__).parent / "stand_ins"
NO_TORCH = importlib.util.find_spec("torch") is None
STANDS_ON_TORCH = (
    "import torch",
    "tiny_checkpoint",
    "from torch",
    "transformers",
    "trl",
    "pretrain",
    "train_sft",
    "alignment",
    "accelerate",
)


def pytest_ignore_collect(collection_path: Path) -> bool | None:
    """Without torch, which some Pythons have no build of, the files that need it are left out; None asks the others."""
    if not NO_TORCH or collection_path.suffix != ".py":
        return None
    return stands_on_torch(collection_path) or None


def stands_on_torch(file: Path) -> bool:
    """Whether a test file needs torch, itself or by a stand-in that it imports."""
    text = file.read_text(encoding="utf-8")
    if any(word in text for word in STANDS_ON_TORCH):
        return True
    named = (STAND_INS / f"{name}.py" for name in re.findall(r"^\s*(?:from|import) (\w+)", text, re.MULTILINE))
    return any(stand_in.exists() and stands_on_torch(stand_in) for stand_in in named)


def pytest_report_header() -> list[str]:
    return ["torch: none here; the test files that need it are left out"] if NO_TORCH else []


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    order = {name: place for place, name in enumerate(LONGEST_FIRST)}
    items.sort(key=lambda item: order.get(item.path.name, len(order)))  # stable: the order within a file stays


def pytest_collection_finish() -> None:
    gc.freeze()  # what was imported and collected stays: tests that collect garbage need not look through it


def pytest_unconfigure() -> None:
    gc.unfreeze()  # or extension modules complain at the end of what was never collected


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """`--dist loadgroup` would say this by a mark, which pytest-xdist 3.8 does not see under pytest 9.2."""
    from xdist.scheduler import LoadScopeScheduling

    class OneEngineAtATime(LoadScopeScheduling):  # each takes all cores and some gigabytes
        def _split_scope(self, nodeid: str) -> str:
            file = nodeid.partition("::")[0]
            return "vllm" if _starts_vllm(config.rootpath / file) else file

    return OneEngineAtATime(config, log)


@functools.cache
def _starts_vllm(file: Path) -> bool:
    return "pytest.mark.vllm" in file.read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def _copied_children() -> Iterator[Any]:
    from warm_children import warm_process

    with warm_process() as copied:
        yield copied


@pytest.fixture
def warm_children(_copied_children: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The child processes of trainings have imported already what they need: eight seconds of a core for each."""
    monkeypatch.setattr("alignment.child.subprocess", _copied_children)
