# shows: setup and teardown of functions, classes and modules, scopes and parameters of fixtures
# verdict: accepted
class Stack:
    def __init__(self):
        self.items = []
    def push(self, item):
        self.items.append(item)
        return len(self.items)
    def pop(self):
        return self.items.pop()

def square(x):
    return x * x
# --- tests ---
import pytest
from unittest.mock import ANY, Mock, call

mod = Mock()
log = []


def setup_module(module):
    module.base = Stack()
    base.push(0)


def teardown_module():
    assert base.pop() == 0
    assert log == ["up", "down"]


def setup_function(function):
    global fresh
    fresh = Stack()


def teardown_function():
    assert fresh.pop() == 7


@pytest.fixture(scope="module")
def once():
    log.append("up")
    yield Stack()
    log.append("down")


@pytest.fixture(params=[2, pytest.param(3, id="three"), pytest.param("x", marks=pytest.mark.skip)], name="side")
def make_side(request):
    request.addfinalizer(lambda: None)
    return request.param


def test_first(once):
    assert once.push(1) == 1
    fresh.push(7)


def test_again(once):
    assert once.push(2) == 2
    assert fresh.push(7) == 1


def test_side(side):
    assert square(side) == side**2
    fresh.push(7)


@pytest.mark.parametrize("side", [4], indirect=True)
@pytest.mark.usefixtures("once")
def test_through_the_fixture(side):
    assert square(side) == 16
    fresh.push(7)


@pytest.mark.xfail(False, reason="there by now")
def test_by_now():
    fresh.push(7)
    assert square(2) == 4


@pytest.mark.parametrize("x, want", [(1, 1), (2, 4)])
class TestClass:
    @classmethod
    def setup_class(cls):
        cls.seen = []
        cls.stack = Stack()

    @classmethod
    def teardown_class(cls):
        assert cls.seen == [1, 2]
        assert cls.stack.pop() == 2

    def setup_method(self, method):
        self.own = Stack()

    def teardown_method(self):
        assert self.own.pop() == "own"

    @pytest.fixture
    def once(self, once):
        return [once, "wrapped"]

    def test_square(self, x, want, once):
        self.own.push("own")
        self.seen.append(x)
        assert self.stack.push(x) == x
        assert square(x) == want
        assert once[1] == "wrapped"


def test_what_is_called():
    seen = Mock()
    [seen(square(x)) for x in (1, 2)]
    fresh.push(7)
    assert seen.call_args_list == [call(1), call(4)]
