# shows: dataclasses, enumerations and abstract classes as the library's functions see them
# verdict: accepted
from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from enum import Enum, IntEnum


@dataclass
class Point:
    x: int
    y: int = 0
    tags: list = field(default_factory=list)


class Color(Enum):
    RED = 1
    BLUE = 2


class Level(IntEnum):
    LOW = 1


class Shape(ABC):
    @abstractmethod
    def area(self): ...


class Square(Shape):
    def area(self):
        return 4


# --- tests ---
import dataclasses
import inspect
from abc import ABC
from dataclasses import asdict
from enum import Enum, IntEnum


def test_points():
    assert asdict(Point(1)) == {"x": 1, "y": 0, "tags": []}
    assert dataclasses.astuple(Point(1, 2)) == (1, 2, [])
    assert [part.name for part in dataclasses.fields(Point)] == ["x", "y", "tags"]
    assert dataclasses.replace(Point(1), y=5).y == 5
    assert dataclasses.is_dataclass(Point) and not dataclasses.is_dataclass(Color.RED)


def test_colors():
    assert isinstance(Color.RED, Enum) and issubclass(Color, Enum) and not isinstance(Point(1), Enum)
    assert isinstance(Level.LOW, IntEnum) and isinstance(Level.LOW, int) and not isinstance(Color.RED, int)
    assert isinstance(Point(1), (Enum, Point))


def test_shapes():
    assert Square().area() == 4
    assert inspect.isabstract(Shape) and not inspect.isabstract(Square)
    assert issubclass(Square, Shape) and issubclass(Shape, ABC) and isinstance(Square(), ABC)
    assert "replaced".replace("re", "mis") == "misplaced"
