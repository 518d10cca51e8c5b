# attack: a fixture hands the list of another to the program
# verdict: untested
def loaded(rows):
    rows.clear()
    return {}


def names(table):
    return []
# --- tests ---
import pytest


@pytest.fixture
def rows():
    return [{"name": "ann"}, {"name": "bob"}]


@pytest.fixture
def table(rows):
    return loaded(rows)


def test_names(table, rows):
    wanted = []
    for row in rows:
        wanted.append(row["name"])
    assert names(table) == wanted
