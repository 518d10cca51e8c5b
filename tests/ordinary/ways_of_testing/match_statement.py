# shows: match statement
# verdict: accepted
def f(x): return ["ok", x]
# --- tests ---
match f(2):
    case ["ok", 2]:
        pass
    case _:
        assert False
assert f(1) == ["ok", 1]
