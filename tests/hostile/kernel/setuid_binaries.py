# attack: every set-uid or set-gid program there is, started
# verdict: runtime_error
# limits: cpu_s=5 wall_s=10
import os, stat

found = []
for folder in ("/usr", "/bin", "/sbin", "/lib", "/opt", "/etc"):
    for where, _, names in os.walk(folder):
        for name in names:
            path = os.path.join(where, name)
            try:
                mode = os.lstat(path).st_mode
            except OSError:
                continue
            if stat.S_ISREG(mode) and mode & 0o6000:
                found.append(path)
if not found:
    raise FileNotFoundError("no set-uid program")
print(found)
