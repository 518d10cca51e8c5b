# attack: MemoryError raised by hand: the worse verdict is the program's own choice
# verdict: memory_limit
raise MemoryError
