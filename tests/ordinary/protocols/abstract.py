# shows: abstract
# verdict: accepted
from abc import ABC, abstractmethod
class Shape(ABC):
    @abstractmethod
    def area(self): ...
class Sq(Shape):
    def __init__(self, a): self.a = a
    def area(self): return self.a ** 2
# --- tests ---
import pytest
from abc import ABC
with pytest.raises(TypeError):
    Shape()
assert Sq(3).area() == 9
assert isinstance(Sq(1), Shape) and issubclass(Sq, Shape)
