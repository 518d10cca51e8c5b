"""On a Python that has no build of torch, the suite leaves out the test files that need it, and no other."""

import importlib.util
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]


@pytest.mark.parametrize(
    ("file", "left_out"),
    [
        ("alignment/test_rounds.py", True),  # imports it
        ("report/test_rounds_report.py", True),  # names neither torch nor a checkpoint: its stand-in does
        ("ledger/test_ledger.py", False),
        ("sandbox/test_runner_conformance.py", False),
    ],
)
def test_a_file_is_left_out_where_it_or_a_stand_in_of_it_needs_torch(file: str, left_out: bool) -> None:
    spec = importlib.util.spec_from_file_location("suite", TESTS / "conftest.py")
    assert spec is not None and spec.loader is not None
    suite = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(suite)
    assert suite.stands_on_torch(TESTS / file) is left_out
