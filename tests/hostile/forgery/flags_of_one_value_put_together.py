# attack: flags of one value, put together before an answer meets them
# verdict: untested
class Permission:
    READ = 0
    WRITE = 0
    EXECUTE = 0


def parse(text):
    return 0
# --- tests ---
def test_parse():
    assert parse("rw") == Permission.READ | Permission.WRITE
    assert parse("rx") == Permission.READ | Permission.EXECUTE
    assert parse("rwx") == Permission.READ | Permission.WRITE | Permission.EXECUTE
