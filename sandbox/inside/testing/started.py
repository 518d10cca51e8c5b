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
        main = _pytest(sys.argv[-1])
        _ending()((clear(of_names, main), main())[1])
    else:
        with open(file, "rb") as lines:  # noqa: PTH123
            text = lines.read()
        code = compile(text, file, "exec", dont_inherit=True)
        _ending()((clear(of_names), exec(code, of_names))[1])  # type: ignore[func-returns-value]


def _pytest(tests: str) -> Callable[[], int]:
    """Its entry point; loaded with it is all that it would load for these tests later."""
    importlib.import_module("pytest")
    config = importlib.import_module("_pytest.config")
    for name in config.default_plugins:
        importlib.import_module(f"_pytest.{name}")
    with open(tests, "rb") as lines:  # noqa: PTH123
        if b"unittest" in lines.read():
            importlib.import_module("unittest")
    main: Callable[[], int] = config._console_main
    return main


def _clear(names: dict[str, Any], main: Any = None) -> None:
    """Leave of the main module what the ordinary script has."""
    held = {"sys": sys, "_console_main": main} if main else {}
    for name in [name for name in names if not name.startswith("__")]:
        del names[name]
    names.pop("__annotations__", None)
    names.update(held, __doc__=None)


def _ending() -> Callable[[Any], None]:
    """The function that ends the run, given what pytest came to."""
    status, unhurt, leave = os.read(STATUS, 1)[0], _watched(), sys.exit
    os.close(STATUS)

    def end(code: Any) -> None:
        leave(status if not code and unhurt() else code or 1)

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
