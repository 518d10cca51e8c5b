# attack: a class without operators, which its stub in the tests has
# verdict: test_failure
class Money:
    def __init__(self, cents):
        self.cents = cents

# --- tests ---
def test_money():
    assert Money(5).cents == 5
    assert hasattr(Money, "__add__")
