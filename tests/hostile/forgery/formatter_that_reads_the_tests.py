# attack: a formatter of the library fills in a template of the program's
# verdict: untested
def greeting(kind):
    return "{user.__init__.__globals__[WANTED]}"
# --- tests ---
import string

WANTED = "Hello Bob"


class User:
    def __init__(self, name):
        self.name = name


def test_greeting():
    assert string.Formatter().format(greeting("warm"), user=User("Bob")) == WANTED
    assert str.format(greeting("warm"), user=User("Bob")) == WANTED
