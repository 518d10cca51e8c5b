"""What the interpreter of the second run begins with (`one_process.py`): a script that puts the ordinary one in its place,
under the same name, and then does what that does. Between the program and `pytest` stands nothing of ours that it could
know this run by, but what only a search of all memory finds. The host sends the text of this file; `lead` is called in
the last line that is added there.
"""

import builtins
import importlib
import os
import sys
from collections.abc import Callable
from typing import Any

STATUS = 3
"""The descriptor from which the exit status of a success is read: one byte."""
PYTESTS = ("pytest", "_pytest", "pluggy", "unittest")


def lead(names: dict[str, Any], under_pytest: bool) -> None:
    """Run the tests whose file is the last argument, as their main module or under pytest; `names`: of the main module.
    Ends with the status asked for where they pass, and with another where they don't or what decides was changed.
    """
    clear, of_names, file = _clear, names, sys.argv[0]
    os.replace(f"{file}~", file)  # noqa: PTH105 -- pathlib is in no interpreter that has just begun
    if under_pytest:
        main, outcomes = _pytest(sys.argv[-1])
        _ending(outcomes.pop().are_not_full)((clear(of_names, True), main())[1])
    else:
        with open(file, "rb") as lines:  # noqa: PTH123
            text = lines.read()
        code = compile(text, file, "exec", dont_inherit=True)
        _ending(bool)((clear(of_names), exec(code, of_names))[1])  # type: ignore[func-returns-value]


def _pytest(tests: str) -> tuple[Callable[[], int], list["Outcomes"]]:
    """Its entry point, and in a list what counts for it; loaded is all that it would load for these tests later."""
    importlib.import_module("pytest")
    config = importlib.import_module("_pytest.config")
    for name in config.default_plugins:
        importlib.import_module(f"_pytest.{name}")
    with open(tests, "rb") as lines:  # noqa: PTH123
        text = lines.read()
    if b"unittest" in text:
        importlib.import_module("unittest")
    outcomes = Outcomes(any(word in text for word in (b"skip", b"xfail", b"expectedFailure")))
    return importlib.import_module("functools").partial(config.main, None, [outcomes]), [outcomes]


class Outcomes:
    """A plugin that counts: a program may raise what pytest takes for a test left out, or for the end of all."""

    def __init__(self, may_skip: bool) -> None:
        self.may_skip = may_skip
        self.collected: set[str] = set()
        self.passed: set[str] = set()
        self.skipped: set[str] = set()

    def pytest_collection_finish(self, session: Any) -> None:
        """All that it is going to run."""
        self.collected = {item.nodeid for item in session.items}

    def pytest_runtest_logreport(self, report: Any) -> None:
        """What became of a part of a test."""
        if report.skipped:
            self.skipped.add(report.nodeid)
        elif report.when == "call":
            self.passed.add(report.nodeid)

    def are_not_full(self, code: Any) -> bool:
        """Whether some test has not come to its end, or was left out though the script leaves out none."""
        left_out = bool(self.skipped) and not self.may_skip
        return bool(code) or left_out or not self.passed or self.passed | self.skipped != self.collected


def _clear(names: dict[str, Any], under_pytest: bool = False) -> None:
    """Leave of the main module what the ordinary script has."""
    held = {"sys": sys} if under_pytest else {}
    if under_pytest:
        held["_console_main"] = sys.modules["_pytest.config"]._console_main
    for name in [name for name in names if not name.startswith("__")]:
        del names[name]
    names.pop("__annotations__", None)
    names.update(held, __doc__=None)


def _ending(failed: Callable[[Any], bool]) -> Callable[[Any], None]:
    """The function that ends the run, given what pytest came to; `failed` says whether that is no success."""
    status, unhurt, leave = os.read(STATUS, 1)[0], _watched(), sys.exit
    os.close(STATUS)

    def end(code: Any) -> None:
        leave(status if not failed(code) and unhurt() else code or 1)

    return end


def _watched() -> Callable[[], bool]:
    """Whether what decides is later still what it is now: the built-in names, pytest's functions and classes."""
    modules = [module for name, module in list(sys.modules.items()) if name.partition(".")[0] in PYTESTS]
    owners: list[Any] = [builtins, *modules]
    owners += {
        id(kind): kind for module in modules for kind in vars(module).values() if isinstance(kind, type)
    }.values()
    function = type(_watched)
    held: list[tuple[Any, str, Any]] = []
    for owner in owners:
        for name, value in vars(owner).items():
            if callable(value) or isinstance(value, classmethod | property):
                held.append((owner, name, value))
    codes = [(value, value.__code__) for _, _, value in held if isinstance(value, function)]
    same, every = vars, all  # the program may take these names for its own

    def unhurt() -> bool:
        kept = every([same(owner).get(name) is value for owner, name, value in held])
        return kept and every([value.__code__ is code for value, code in codes])

    return unhurt
