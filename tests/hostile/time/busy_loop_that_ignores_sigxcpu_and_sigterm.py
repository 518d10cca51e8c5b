# attack: busy loop that ignores SIGXCPU and SIGTERM
# verdict: time_limit
import signal
for s in (signal.SIGXCPU, signal.SIGTERM): signal.signal(s, signal.SIG_IGN)
while True: pass
