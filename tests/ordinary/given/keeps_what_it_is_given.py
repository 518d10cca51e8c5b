# shows: a stack over the list of the tests, which it changes
# verdict: accepted
class Stack:
    def __init__(self, items=None):
        self.items = items if items is not None else []

    def push(self, item):
        self.items.append(item)
        return self

    def pop(self):
        return self.items.pop()

    def __len__(self):
        return len(self.items)
# --- tests ---
def test_stack():
    items = [1, 2]
    stack = Stack(items)
    stack.push(3).push(4)
    assert len(stack) == 4
    assert stack.pop() == 4
    assert stack.pop() == 3
    assert items == [1, 2]
    assert stack.items == [1, 2]
