# shows: template_filled_in
# verdict: accepted
def greeting(kind):
    return {"warm": "Dear {name}, you are {age:d}", "cold": "Hello {user.name}"}[kind]
# --- tests ---
from types import SimpleNamespace

def test_greeting():
    assert greeting("warm").format(name="Bob", age=3) == "Dear Bob, you are 3"
    assert greeting("cold").format(user=SimpleNamespace(name="Eve")) == "Hello Eve"
    assert "{:.2f}".format(len(greeting("warm"))) == "28.00"
