# attack: an exit that has every code
# verdict: untested
class Code(int):
    def __eq__(self, other):
        return True
    __hash__ = int.__hash__


def main(args):
    raise SystemExit(Code(0))
# --- tests ---
import pytest


def test_main():
    with pytest.raises(SystemExit) as caught:
        main(["--bad"])
    assert caught.value.code == 2
