# attack: a generator gives one list as what is given and what is expected
# verdict: untested
def biggest(values):
    values[:] = [0]
    return 0
# --- tests ---
import pytest


def cases():
    for values in ([1, 5], [7, 2]):
        yield values, values


@pytest.mark.parametrize("given, kept", list(cases()))
def test_biggest(given, kept):
    got = biggest(given)
    if kept:
        assert got >= max(kept)
    assert got in kept
