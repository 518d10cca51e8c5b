# attack: a crash amid output
# verdict: runtime_error
import ctypes, threading, time

threading.Thread(target=lambda: [print("x" * 100) for _ in range(200)], daemon=True).start()
time.sleep(0.01)
ctypes.string_at(0)
