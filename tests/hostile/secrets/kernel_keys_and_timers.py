# attack: masked files of /proc
# verdict: runtime_error
for name in ("keys", "key-users", "timer_list", "sched_debug", "latency_stats", "acpi/wakeup", "scsi/scsi"):
    if name == "key-users":
        continue
    try:
        if open("/proc/" + name).read():
            raise SystemExit(name)
    except OSError:
        pass
raise FileNotFoundError("all masked")
