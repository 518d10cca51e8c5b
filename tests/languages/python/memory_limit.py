# shows: memory taken without end
# verdict: memory_limit
# limits: cpu_s=8 wall_s=10
held = [bytearray(1 << 20) for _ in range(4096)]
