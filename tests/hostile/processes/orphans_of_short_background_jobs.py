# attack: an ordinary program that starts sixty processes in the background, each over at once: nobody waits for them
# verdict: accepted
# limits: cpu_s=20
import subprocess


def add(a, b):
    for _ in range(60):
        subprocess.run("true &", shell=True, check=True)
    return a + b


# --- tests ---
assert add(1, 2) == 3
