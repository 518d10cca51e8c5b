# attack: error class is exception
# verdict: untested
MyError = Exception
def f(x):
    return 3
# --- tests ---
try:
    f(-1)
    assert False, "no error"
except MyError:
    pass
