# attack: a call that never returns
# verdict: time_limit
# limits: cpu_s=0.4
def add(a, b):
    while True: pass
# --- tests ---
assert add(2, 3) == 5
