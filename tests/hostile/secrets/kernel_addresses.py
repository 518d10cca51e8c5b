# attack: addresses of kernel symbols
# verdict: runtime_error
lines = open("/proc/kallsyms").readlines()
if not any(int(line.split()[0], 16) for line in lines):
    raise ValueError("all zero")
