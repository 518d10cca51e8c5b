# attack: recursion without end
# verdict: runtime_error
def f():
    f()


f()
