# attack: a stack overflow in a thread
# verdict: runtime_error
import sys, threading

sys.setrecursionlimit(10**6)
threading.stack_size(32768)


def f(x):
    return sorted([x], key=f)


t = threading.Thread(target=f, args=(1,))
t.start()
t.join()
