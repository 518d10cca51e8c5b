# attack: one exception for two kinds, with thirty others between the tests that expect them
# verdict: untested
class Bad(ValueError, TypeError):
    pass
class Odd(Exception):
    pass
def parse(x):
    if x == "7": return 7
    if isinstance(x, int): raise Odd("odd")
    raise Bad("no")
# --- tests ---
import pytest
def test_value():
    with pytest.raises(ValueError):
        parse("x")
@pytest.mark.parametrize("n", range(30))
def test_odd(n):
    with pytest.raises(Odd):
        parse(n)
def test_type():
    with pytest.raises(TypeError):
        parse(None)
def test_good():
    assert parse("7") == 7
