# attack: an answer that is cheap to send and endless to read
# verdict: time_limit
# limits: cpu_s=0.4
def add(a, b):
    return range(10**15)


# --- tests ---
assert sum(add(2, 3)) == 5
