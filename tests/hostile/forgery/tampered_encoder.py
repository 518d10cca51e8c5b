# attack: tampered encoder
# verdict: wall_limit
# limits: wall_s=0.8
import sys

for name, module in list(sys.modules.items()):
    if name.startswith("sandbox"):
        for key in list(vars(module)):
            if callable(vars(module)[key]) and key in ("send", "pack"):
                setattr(module, key, lambda *a: b"")


def add(a, b):
    return 0


# --- tests ---
assert add(2, 3) == 5
assert add(20, 22) == 42
assert abs(add(0.5, 0.25) - 0.75) < 1e-9
