# shows: a parametrized fixture of the module, one that makes and closes, and one of the class around
# verdict: accepted
class Door:
    def __init__(self):
        self.open = True
    def close(self):
        self.open = False
    def is_open(self):
        return self.open

opened = []
def number():
    opened.append(1)
    return len(opened)
# --- tests ---
import pytest


@pytest.fixture(scope="module", params=["a", "b"])
def turn(request):
    return request.param, number()


@pytest.fixture
def make():
    made = []

    def door():
        made.append(Door())
        return made[-1]

    yield door
    for door in made:
        door.close()
    assert not any(door.is_open() for door in made)


def test_first(turn):
    assert turn in [("a", 1), ("b", 2)]


def test_doors(make):
    door = make()
    assert door.is_open() is True


def test_second(turn):
    assert turn in [("a", 1), ("b", 2)]


class TestOuter:
    @pytest.fixture
    def side(self):
        return 5

    class TestInner:
        def test_side(self, side, make):
            assert [make().is_open(), side] == [True, 5]
