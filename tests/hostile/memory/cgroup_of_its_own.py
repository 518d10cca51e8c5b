# attack: moving to another cgroup, raising this one's limit
# verdict: forbidden disk_limit runtime_error
import glob

refused = None
for path in (
    glob.glob("/sys/fs/cgroup/**/*limit_in_bytes", recursive=True)
    + glob.glob("/sys/fs/cgroup/**/cgroup.procs", recursive=True)
    + glob.glob("/sys/fs/cgroup/memory.max")
):
    try:
        open(path, "w").write("-1")
    except OSError as error:
        refused = error
raise refused
