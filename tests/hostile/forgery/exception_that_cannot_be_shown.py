# attack: an exception whose text raises SystemExit(0)
# verdict: runtime_error
class Silent(Exception):
    def __str__(self):
        raise SystemExit(0)

    __repr__ = __str__


def add(a, b):
    raise Silent


# --- tests ---
assert add(2, 3) == 5
assert add(20, 22) == 42
assert abs(add(0.5, 0.25) - 0.75) < 1e-9
