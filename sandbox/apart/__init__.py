"""Test scripts whose expected values stay on the host: calls of the program with plain values, compared out here.

`recognise.py` reads such a script as calls and the values they are to give; anything it does not know goes the other
way, beside the program. `drivers.py` writes the program that makes the calls and says what came of each; it holds the
arguments and nothing else. `compare.py` decides. The program shares a process with the driver and may forge what it
says, but it does not know what is expected, so all it can forge is an answer.
"""

from __future__ import annotations

from sandbox.apart.drivers import DRIVERS
from sandbox.apart.recognise import recognise
from sandbox.languages.script import Script


def script(language: str, code: str, tests: str) -> Script | None:
    """The program with a driver for its test script, with what each test wants; None where the script is not one of
    plain calls compared with plain values.
    """
    if language not in DRIVERS or (plan := recognise(language, code, tests)) is None:
        return None
    return DRIVERS[language](code, plan)
