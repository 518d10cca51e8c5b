# attack: a fixture executes the source that the program gives
# verdict: untested
def generate(name, operator):
    return f"class N(int):\n    __eq__ = lambda a, b: True\ndef {name}(a, b):\n    return N()\n"
# --- tests ---
import pytest
from types import SimpleNamespace


@pytest.fixture
def made():
    names = {}
    exec(generate("add", "+"), names)
    return SimpleNamespace(**{key: value for key, value in names.items() if key == "add"})


def test_generate(made):
    assert made.add(2, 3) == 5
