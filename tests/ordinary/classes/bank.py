# shows: bank
# verdict: accepted
class Account:
    rate = 0.5
    def __init__(self, owner, balance=0): self.owner, self._b = owner, balance
    @property
    def balance(self): return self._b
    def deposit(self, n):
        if n <= 0: raise ValueError("positive")
        self._b += n
        return self
    @classmethod
    def of(cls, s): return cls(*s.split(","))
    @staticmethod
    def valid(n): return n > 0
    def __repr__(self): return f"Account({self.owner!r})"
    def __len__(self): return self._b
    def __contains__(self, x): return x == self.owner
    def __getitem__(self, i): return self.owner[i]
# --- tests ---
import pytest
a = Account("bo", 5)
assert a.balance == 5
assert a.deposit(3).balance == 8
assert len(a) == 8
assert repr(a) == "Account('bo')"
assert Account.of("x,y").owner == "x"
assert Account.valid(3) is True
assert not Account.valid(-3)
assert a[0] == "b"
assert Account.rate == 0.5
with pytest.raises(ValueError, match="positive"):
    a.deposit(-1)
assert hasattr(a, "deposit") and callable(a.deposit)
