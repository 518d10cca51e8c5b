# shows: float subclass
# verdict: accepted
class Celsius(float):
    def to_f(self):
        return self * 9 / 5 + 32
# --- tests ---
c = Celsius(100)
assert c.to_f() == 212
assert c == 100
assert isinstance(c, float)
