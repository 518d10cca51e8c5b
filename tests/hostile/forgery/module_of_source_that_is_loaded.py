# attack: the tests load the module that the program writes
# verdict: untested
def build(path):
    with open(path, "w") as f:
        f.write("class N(int):\n    __eq__ = lambda a, b: True\ndef add(a, b):\n    return N()\n")
# --- tests ---
import importlib.util


def test_build():
    build("/tmp/made.py")
    spec = importlib.util.spec_from_file_location("made", "/tmp/made.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert module.add(2, 3) == 5
