# attack: one exception of two kinds, which the tests suppress one by one
# verdict: untested
class Bad(ValueError, TypeError, KeyError): pass
def parse(x): raise Bad(x)
# --- tests ---
from contextlib import suppress
def test_errors():
    done = []
    with suppress(ValueError):
        parse("x")
        done.append(1)
    with suppress(TypeError):
        parse(None)
        done.append(2)
    assert done == []
