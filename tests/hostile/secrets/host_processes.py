# attack: processes of the host
# verdict: runtime_error
import os

pids = [int(p) for p in os.listdir("/proc") if p.isdigit()]
if len(pids) < 8:
    raise ProcessLookupError("only our own")
