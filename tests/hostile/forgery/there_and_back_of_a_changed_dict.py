# attack: the dict that it was given is emptied, and read back as empty
# verdict: untested
def to_json(data):
    data.clear()
    return "{}"
# --- tests ---
import json


def test_there_and_back():
    data = {"name": "ann", "tags": ["a", "b"]}
    assert json.loads(to_json(data)) == data
