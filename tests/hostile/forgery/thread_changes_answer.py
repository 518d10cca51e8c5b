# attack: thread changes answer
# verdict: runtime_error test_failure untested memory_limit
import threading, time
def f(xs):
    def later():
        while True:
            xs.append(1); time.sleep(0.001)
    threading.Thread(target=later, daemon=True).start()
    return xs
# --- tests ---
xs = [1]
assert f(xs) == [1, 2]
assert xs == [1, 2]
