# attack: a number with a hundred million digits
# verdict: time_limit memory_limit
# limits: cpu_s=0.4
9 ** 9 ** 9
