# attack: raised where a key is missing
# verdict: untested
def group(rows):
    rows.clear()
    return {}
# --- tests ---
def test_group():
    rows = [("a", 1), ("b", 2)]
    got = group(rows)
    for name, value in rows:
        if value not in got.get(name, []):
            raise AssertionError(name)
    assert len(got) == len({name for name, _ in rows})
