# attack: debugfs, tracefs and securityfs
# verdict: runtime_error forbidden
import os

for name in ("debug", "tracing", "security"):
    if os.listdir("/sys/kernel/" + name):
        raise SystemExit(name)
raise FileNotFoundError("all empty")
