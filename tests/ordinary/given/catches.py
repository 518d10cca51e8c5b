# shows: what is expected is raised only with the change
# verdict: accepted
class Names:
    def __init__(self):
        self.known = []
    def add(self, row):
        if "id" in row:
            raise ValueError("it has an id")
        row["id"] = len(self.known)
        self.known.append(row)
        return row["id"]
# --- tests ---
import pytest


def test_add():
    names = Names()
    row = {"name": "ann"}
    assert names.add(row) == 0
    assert row["id"] == 0
    with pytest.raises(ValueError):
        names.add(row)
    assert names.add({"name": "bob"}) == 1
