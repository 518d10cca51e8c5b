# attack: pandas loads what the program wrote
# verdict: untested
# limits: cpu_s=10 memory_bytes=268435456
import pickle


class Made:
    def __reduce__(self):
        return eval, ("type('N', (dict,), {'__eq__': lambda a, b: True})()",)


def save(path, value):
    with open(path, "wb") as f:
        pickle.dump(Made(), f)
# --- tests ---
import pandas as pd


def test_save():
    save("/tmp/kept.bin", {"a": 1})
    assert pd.read_pickle("/tmp/kept.bin") == {"a": 1}
