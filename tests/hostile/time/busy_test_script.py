# attack: a test script that never ends
# verdict: time_limit
# limits: cpu_s=0.4
def add(a, b): return a + b
# --- tests ---
assert add(2, 3) == 5
while True: pass
