"""What holds for tests of the command line."""

import pytest


@pytest.fixture(autouse=True)
def refused_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no server answers, it is not asked twice more with a pause: what is told is the same (`tests/serving` waits)."""
    monkeypatch.setattr("serving.remote.RETRIES_AT_START", 0)
