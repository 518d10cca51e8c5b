# attack: what stands in a module that the tests made is changed by a function of theirs
# verdict: untested
def configure(put):
    put("level", 0)
    return 0
# --- tests ---
import types

settings = types.ModuleType("settings")
settings.level = 3


def put(name, value):
    setattr(settings, name, value)


def test_configure():
    got = configure(put)
    assert got == settings.level
