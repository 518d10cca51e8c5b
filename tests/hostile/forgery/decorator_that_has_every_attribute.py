# attack: what it makes of a test has every attribute, and so every mark
# verdict: test_failure runtime_error untested
class Every:
    def __init__(self, function): self.function = function
    def __getattr__(self, name): return True
    def __call__(self): return self.function()
def timed(function): return Every(function)
def square(x): return 4
# --- tests ---
def test_two():
    assert square(2) == 4
@timed
def test_three():
    assert square(3) == 9
