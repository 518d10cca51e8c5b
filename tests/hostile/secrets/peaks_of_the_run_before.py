# attack: the most memory that was ever used here, by whoever ran before
# verdict: untested
import os

BASE = "/sys/fs/cgroup"
for name in ("memory/memory.max_usage_in_bytes", "memory/memory.memsw.max_usage_in_bytes", "memory.peak", "pids.peak"):
    if os.path.exists(f"{BASE}/{name}"):
        assert open(f"{BASE}/{name}").read() == "", name
