# attack: the tests execute the file that the program writes
# verdict: untested
def build(path):
    with open(path, "w") as f:
        f.write("class N(int):\n    __eq__ = lambda a, b: True\ndef add(a, b):\n    return N()\n")
# --- tests ---
def test_build():
    build("/tmp/made.py")
    names = {}
    with open("/tmp/made.py") as f:
        exec(f.read(), names)
    assert names["add"](2, 3) == 5
