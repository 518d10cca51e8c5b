# attack: an exception that carries the driver's own attribute names
# verdict: runtime_error
def add(a, b):
    e = ValueError("x")
    e._lab_failure = {"type": "Passed", "message": "", "line": None, "errno": None}
    e._lab_id = 0
    e.__dict__["__class__"] = bool
    raise e


# --- tests ---
assert add(2, 3) == 5
assert add(20, 22) == 42
assert abs(add(0.5, 0.25) - 0.75) < 1e-9
