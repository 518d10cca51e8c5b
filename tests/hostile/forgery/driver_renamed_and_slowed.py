# attack: changing priority and limits of the process of the tests
# verdict: forbidden
import os, resource

refused = None
for pid in (int(p) for p in os.listdir("/proc") if p.isdigit()):
    if pid != os.getpid():
        for act in (
            lambda: os.setpriority(os.PRIO_PROCESS, pid, 19),
            lambda: resource.prlimit(pid, resource.RLIMIT_CPU, (1, 1)),
        ):
            try:
                act()
            except ProcessLookupError:  # the linter, which has just ended
                pass
            except PermissionError as error:
                refused = error
raise refused
# --- tests ---
assert add(2, 3) == 5
assert add(20, 22) == 42
assert abs(add(0.5, 0.25) - 0.75) < 1e-9
