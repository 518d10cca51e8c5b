# attack: an undefined name on a path no test takes
# verdict: lint_error
def add(a, b):
    if a == 'never': return undefined_name
    return a + b
# --- tests ---
assert add(2, 3) == 5
