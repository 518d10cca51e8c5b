# shows: dicts that are merged into the first
# verdict: accepted
def merge(base, extra):
    for key, value in extra.items():
        if isinstance(value, dict) and isinstance(base.get(key), dict):
            merge(base[key], value)
        else:
            base[key] = value
    return base
# --- tests ---
def test_merge():
    base = {"a": 1, "b": {"c": 2}}
    extra = {"b": {"d": 3}, "e": 4}
    merged = merge(base, extra)
    assert merged == {"a": 1, "b": {"c": 2, "d": 3}, "e": 4}
    assert base["b"] == {"c": 2, "d": 3}
    assert extra == {"b": {"d": 3}, "e": 4}
    assert merged is base
