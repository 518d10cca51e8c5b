# shows: singleton
# verdict: accepted
class Config:
    _one = None
    def __new__(cls, *a):
        if cls._one is None:
            cls._one = super().__new__(cls)
        return cls._one
# --- tests ---
a = Config(); b = Config()
assert a is b
assert Config() is a
