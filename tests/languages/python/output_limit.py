# shows: output without end
# verdict: output_limit
# limits: cpu_s=8 wall_s=10
while True:
    print("x" * 1000)
