# attack: an exception of the library that is a ValueError and an OSError
# verdict: untested
import io
def load(name):
    if name == "ok": return 1
    raise io.UnsupportedOperation("no")
# --- tests ---
import pytest
def test_missing():
    with pytest.raises(OSError):
        load("missing.txt")
def test_bad():
    with pytest.raises(ValueError):
        load("")
def test_ok():
    assert load("ok") == 1
