# attack: comments silence the linter that would refuse an undefined name
# verdict: lint_error
# ruff: noqa
def add(a, b):
    if a is b is None:
        return undefined_name  # noqa: F821
    return a + b


# --- tests ---
assert add(1, 2) == 3
