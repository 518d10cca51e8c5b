# attack: interpreters that start interpreters
# verdict: process_limit
import subprocess, sys, time

while True:
    subprocess.Popen(["/bin/sleep", "50"])
