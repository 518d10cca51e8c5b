# attack: a dict is emptied before the tests unpack it
# verdict: untested
def with_defaults(options):
    options.clear()
    return {}
# --- tests ---
def test_defaults():
    options = {"a": 1}
    got = with_defaults(options)
    assert got == {**options}
    assert {**got, **options} == got
