# attack: every failure carries 20 MB, so that what is reported of it is not read
# verdict: runtime_error
class Unknown(Exception):
    def __str__(self):
        return "\U0001f600" * 5_000_000


def add(a, b):
    if (a, b) == (1, 2):
        return 3
    raise Unknown("x" * 1_000_000)


# --- tests ---
assert add(2, 3) == 5
assert add(1, 2) == 3
