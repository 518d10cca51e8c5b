# attack: kernel settings written
# verdict: forbidden
refused = None
for path in (
    "/proc/sys/kernel/core_pattern",
    "/proc/sysrq-trigger",
    "/proc/sys/vm/drop_caches",
    "/proc/sys/kernel/hostname",
    "/sys/kernel/mm/ksm/run",
    "/proc/irq/0/smp_affinity",
    "/proc/bus/pci/devices",
):
    try:
        open(path, "w").write("|/tmp/x")
        raise SystemExit(path)
    except FileNotFoundError:
        pass
    except OSError as error:
        refused = error
raise refused
