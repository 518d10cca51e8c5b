# shows: objects and their state
# verdict: accepted
class Cart:
    def __init__(self): self.items = []
class Account:
    def __init__(self, name, balance): self.name, self.balance = name, balance
def add(cart, price):
    cart.items.append(price)
    return len(cart.items)
def total(cart): return sum(cart.items)
def deposit(account, n):
    account.balance += n
    return account.balance
# --- tests ---
cart = Cart()
assert add(cart, 3) == len(cart.items)
add(cart, 4)
assert total(cart) == sum(cart.items)
got = total(cart)
assert got == sum(x for x in cart.items) == 7
a = Account("x", 1)
assert deposit(a, 5) == a.balance
assert a.balance == 6
