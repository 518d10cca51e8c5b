# shows: exception as value
# verdict: accepted
def parse(s):
    try: return int(s)
    except ValueError as e: return e
# --- tests ---
assert parse("3") == 3
assert isinstance(parse("x"), ValueError)
assert "invalid literal" in str(parse("x"))
