# attack: a script that tests nothing, so that nothing can fail
# verdict: untested
def add(a, b):
    return 0


# --- tests ---
add(2, 3)
print("3 passed")
