# attack: every signal to the supervisor and pid 1
# verdict: forbidden
import os, signal

refused = None
for pid in (1, os.getppid()):
    for number in range(1, 65):
        try:
            os.kill(pid, number)
        except PermissionError as error:
            refused = error
raise refused
