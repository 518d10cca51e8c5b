# shows: pytest fixtures
# verdict: accepted
class Stack:
    def __init__(self): self.a = []
    def push(self, x): self.a.append(x)
    def pop(self): return self.a.pop()
    def size(self): return len(self.a)
# --- tests ---
import pytest
from solution import Stack
@pytest.fixture
def stack():
    s = Stack()
    s.push(1)
    yield s
@pytest.fixture()
def full(stack):
    stack.push(2)
    return stack
def test_pop(stack):
    assert stack.pop() == 1
def test_full(full):
    assert full.size() == 2
class TestStack:
    def setup_method(self):
        self.s = Stack()
    def test_push(self):
        self.s.push(5)
        assert self.s.pop() == 5
    def test_empty(self, stack):
        assert stack.size() == 1
        with pytest.raises(IndexError) as info:
            self.s.pop()
        assert info.type is IndexError
@pytest.mark.parametrize("a,b", [(1, 1), (2, 2)], ids=["x", "y"])
def test_p(a, b):
    s = Stack(); s.push(a)
    assert s.pop() == b
@pytest.mark.parametrize("a", [1, pytest.param(2)])
@pytest.mark.parametrize("b", [3, 4])
def test_q(a, b, stack):
    stack.push(a + b)
    assert stack.pop() == a + b
