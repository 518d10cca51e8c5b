# attack: one exception whose class the tests ask for two kinds
# verdict: untested
class Bad(ValueError, TypeError):
    pass
def parse(x):
    if x == "7": return 7
    raise Bad("no")
# --- tests ---
def error_of(*given):
    try:
        parse(*given)
    except Exception as error:
        return type(error)
def test_parse():
    assert issubclass(error_of("x"), ValueError)
    assert issubclass(error_of(None), TypeError)
    assert parse("7") == 7
