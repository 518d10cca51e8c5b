# shows: errors_of_a_hierarchy
# verdict: accepted
class BankError(Exception):
    pass

class Insufficient(BankError, ValueError):
    def __init__(self, need):
        super().__init__(f"need {need}")
        self.need = need

class Account:
    def __init__(self, balance=0):
        self.balance = balance
    def withdraw(self, amount):
        if amount <= 0:
            raise ValueError("amount must be positive")
        if amount > self.balance:
            raise Insufficient(amount - self.balance)
        self.balance -= amount
        return self.balance
# --- tests ---
import pytest

def test_account():
    account = Account(10)
    with pytest.raises(ValueError):
        account.withdraw(-1)
    with pytest.raises(Insufficient) as caught:
        account.withdraw(25)
    assert caught.value.need == 15
    with pytest.raises(BankError):
        account.withdraw(11)
    try:
        account.withdraw(100)
    except BankError as error:
        assert str(error) == "need 90"
    else:
        assert False
    assert account.withdraw(4) == 6
