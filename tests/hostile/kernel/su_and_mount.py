# attack: su, mount and unshare as commands
# verdict: runtime_error
import subprocess

worked = []
for command in (
    ["su", "-c", "id"],
    ["mount", "-t", "tmpfs", "x", "/tmp"],
    ["unshare", "-Ur", "id"],
    ["chroot", "/tmp"],
    ["nsenter", "-t", "1", "-m", "id"],
):
    try:
        done = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    except OSError:
        continue
    if done.returncode == 0:
        worked.append(command)
if not worked:
    raise ChildProcessError("each was refused")
print(worked)
