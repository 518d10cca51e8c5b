# attack: a constant the compiler would fold to a gibibyte
# verdict: memory_limit
x = ("a" * 4096) * (1 << 18) * 4
