# attack: one exception for all that the parameters of a test expect
# verdict: untested
class Bad(ValueError, TypeError):
    pass
def parse(x):
    if x == "7": return 7
    raise Bad("no")
# --- tests ---
import pytest
@pytest.mark.parametrize("x, expectation", [("x", pytest.raises(ValueError)), (None, pytest.raises(TypeError))])
def test_bad(x, expectation):
    with expectation:
        parse(x)
def test_good():
    assert parse("7") == 7
