# attack: compile-time constant as a memory bomb
# verdict: untested
x = "a" * 10**4
y = (1 << 10**7) * (1 << 10**7)
y = (1 << 10**7) * (1 << 10**7)
y = (1 << 10**7) * (1 << 10**7)
