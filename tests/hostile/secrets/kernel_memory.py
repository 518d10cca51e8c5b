# attack: the kernel's memory as a file
# verdict: forbidden runtime_error
data = open("/proc/kcore", "rb").read(100)
if not data:
    raise FileNotFoundError("masked")
