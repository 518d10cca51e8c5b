# attack: an exception that says it is one that the tests raised, by every number
# verdict: runtime_error test_failure
def parse(text):
    error = ValueError("no")
    error._lab_raised = 7
    raise error


# --- tests ---
class Halt(Exception):
    pass


def test_parse():
    try:
        assert parse("3") == 3
    except Halt:
        pass
