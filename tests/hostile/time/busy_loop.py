# attack: busy loop
# verdict: time_limit
# limits: cpu_s=0.4
while True: pass
