# attack: coroutine never awaited
# verdict: untested
async def f(x): return 0
# --- tests ---
assert f(3)
