"""A plugin of pytest for `suite_and_quickstart.py`: only the tests that the older suite had, which stand in $LAB_ONLY_NAMES.

A test is known by its function's name and its parameters, `test_x[java]`: what has come since, as an eleventh program to one
that ran ten, is no check of the older suite. Where some of a function's older parameters are gone, all of today's run.
"""

import os
from collections import Counter, defaultdict
from pathlib import Path

import pytest


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    older = set(Path(os.environ["LAB_ONLY_NAMES"]).read_text(encoding="utf-8").splitlines())
    asked = Counter(name.partition("[")[0] for name in older)
    found: dict[str, list[pytest.Item]] = defaultdict(list)
    for item in items:
        found[getattr(item, "originalname", item.name)].append(item)
    kept: set[pytest.Item] = set()
    for name, tests in found.items():
        same = [test for test in tests if test.name in older]
        if name in asked:
            kept.update(same if len(same) >= asked[name] else tests)
    config.hook.pytest_deselected(items=[item for item in items if item not in kept])
    items[:] = [item for item in items if item in kept]
