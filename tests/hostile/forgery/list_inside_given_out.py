# attack: the tests change the list that it gave, and so what it holds
# verdict: test_failure
class Stack:
    def __init__(self):
        self.kept = []

    def push(self, item):
        self.kept.append(item)

    def items(self):
        return self.kept


# --- tests ---
def test_items_are_a_copy():
    stack = Stack()
    stack.push(1)
    got = stack.items()
    got.append(9)
    assert stack.items() == [1]
