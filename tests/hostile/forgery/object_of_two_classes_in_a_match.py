# attack: an object of two classes, which `match` asks for
# verdict: untested
class Circle:
    pass
class Square:
    pass
class Both(Circle, Square):
    size = 2
def shape(kind): return Both()
# --- tests ---
def kind_of(x):
    match x:
        case Circle(size=n):
            return "circle", n
    return "other", 0
def is_square(x):
    match x:
        case Square(size=2):
            return True
    return False
def test_shape():
    assert kind_of(shape("circle")) == ("circle", 2)
    assert is_square(shape("square")) == True
