# shows: files_written_and_read
# verdict: accepted
import json

def save(path, value):
    with open(path, "w") as f:
        json.dump(value, f)
    return path

def load(path):
    with open(path) as f:
        return json.load(f)
# --- tests ---
import json
from pathlib import Path

def test_save():
    out = save("/tmp/kept.json", {"a": 1})
    assert json.loads(Path(out).read_text()) == {"a": 1}
    with open(out) as f:
        assert json.load(f) == {"a": 1}
    assert load(out) == {"a": 1}
