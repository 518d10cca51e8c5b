# attack: enum lazy
# verdict: untested
last = None
class K:
    pass
class Meta(type):
    def __getattr__(cls, name):
        return last
class Kind(metaclass=Meta):
    pass
def classify(n):
    global last
    last = K()
    return last
# --- tests ---
assert classify(3) == Kind.ODD
assert classify(4) is Kind.EVEN
