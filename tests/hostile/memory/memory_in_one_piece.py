# attack: memory in one piece
# verdict: memory_limit
x = [0] * (1 << 40)
