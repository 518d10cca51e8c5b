"""A plugin of pytest for `suite_and_quickstart.py`: only tests whose function's name stands in the file $LAB_ONLY_NAMES."""

import os
from pathlib import Path

import pytest


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    names = set(Path(os.environ["LAB_ONLY_NAMES"]).read_text(encoding="utf-8").split())
    other = [item for item in items if getattr(item, "originalname", item.name) not in names]
    config.hook.pytest_deselected(items=other)
    items[:] = [item for item in items if getattr(item, "originalname", item.name) in names]
