# attack: another run's source in its own memory
# verdict: runtime_error
# limits: cpu_s=3 wall_s=6
import ctypes, re

ctypes.CDLL(None).prctl(4, 1)  # dumpable again, so that it may read itself
found = []
maps = [line.split()[0].split("-") for line in open("/proc/self/maps") if "rw-p" in line]
memory = open("/proc/self/mem", "rb", 0)
for start, end in maps:
    try:
        memory.seek(int(start, 16))
        data = memory.read(min(int(end, 16) - int(start, 16), 1 << 24))
    except (OSError, ValueError, OverflowError):
        continue
    if re.search(b"assert [a]dd", data):  # a pattern that does not find itself
        found.append(start)
if not found:
    raise LookupError("nothing")
