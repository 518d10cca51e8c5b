"""A program and its tests in one process, as whoever has no sandbox runs them. Runs in the container, in the program's
process, once the tests have passed apart from it (`judge/one_process.py` says when).

What the program does to its own process it can do to these tests too. So what is needed of the interpreter and of
pytest is taken before the program is executed, and no exit but this one's has the status asked for.
"""

import ast
import builtins
import importlib.util
import inspect
import linecache
import os
import sys
import types
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sandbox.inside.instrument import called, is_guard, unguarded

FOLDER = Path("/tmp/tests")
FILE = str(FOLDER / "test_of_it.py")
OPTIONS = ("-q", "-x", "--no-header", "--noconftest", "-c", "/dev/null", "-p", "no:cacheprovider")
NONE_COLLECTED = 5


def run(code: str, tests: str, entry_point: str | None, status: int) -> None:
    """Execute the program, then its tests; exit with `status` where they pass."""
    tree = ast.parse(tests)
    started = "test" in tests.lower()
    pytest = importlib.import_module("pytest") if started else None
    main = getattr(pytest, "main", None)
    body = _body(tree, entry_point, started)
    leave, unparse = sys.exit, ast.unparse
    solution = _importable(code)
    sys.modules["solution"], sys.modules["__main__"] = solution, types.ModuleType("__main__")
    sys.argv = ["pytest", "-q", FILE] if started else [FILE]
    linecache.cache["solution.py"] = (len(code), None, code.splitlines(keepends=True), "solution.py")
    compiled, unhurt = compile, _watched()
    exec(compile(code.encode(), "solution.py", "exec", dont_inherit=True), solution.__dict__)
    names = Names(solution.__dict__, entry_point, _imports_it(tree))
    if main is None:
        exec(compiled(unparse(ast.Module(body, [])), "tests.py", "exec", dont_inherit=True), names, names)
        leave(status if unhurt() else 1)
    os.environ.pop("PYTEST_ADDOPTS", None)
    _write(body, _given(tree, names), unparse)
    ended = int(main([*OPTIONS, FILE], [Functions(pytest)]))
    if not unhurt():
        leave(1)
    nothing_to_collect = not any(getattr(node, "name", "").startswith("test") for node in body)
    leave(status if ended == 0 or (ended == NONE_COLLECTED and nothing_to_collect) else 1)


def _importable(code: str) -> types.ModuleType:
    """The module, not executed yet, as an import from the folder of the tests makes it: with a file and a spec."""
    FOLDER.mkdir()
    place = FOLDER / "solution.py"
    place.write_text(code, encoding="utf-8", errors="surrogatepass")
    spec = importlib.util.spec_from_file_location("solution", place)
    assert spec is not None
    return importlib.util.module_from_spec(spec)


def _watched() -> Callable[[], bool]:
    """Whether what decides is later still what it is now: the interpreter's compiler, and the classes of pytest."""
    classes = [
        kind
        for name, module in list(sys.modules.items())
        if name.partition(".")[0] in ("pytest", "_pytest", "pluggy")
        for kind in list(vars(module).values())
        if isinstance(kind, type)
    ]
    held: list[tuple[Any, str, Any]] = [
        (kind, name, value) for kind in classes for name, value in vars(kind).items() if callable(value)
    ]
    held.append((Path, "write_text", Path.write_text))
    held += [(builtins, name, getattr(builtins, name)) for name in ("compile", "exec", "__build_class__")]
    same = vars  # the program may take this name for its own
    return lambda: all(same(kind).get(name) is value for kind, name, value in held)


class Names(dict[str, Any]):
    """The tests' globals: of the program's names what they stand for now. Where the tests import from it, built-in names
    are the real ones.
    """

    def __init__(self, held: dict[str, Any], entry_point: str | None, imports: bool) -> None:
        super().__init__(__name__="tests")
        self.held, self.entry_point, self.imports = held, entry_point, imports

    def __missing__(self, name: str) -> Any:
        real = vars(builtins)
        own = name in self.held and not name.startswith("__")
        if own and (name == self.entry_point or not self.imports or name not in real):
            return self.held[name]
        return real[name]


class Functions:
    """A plugin that calls test functions: also those that are coroutines, which pytest has no runner of its own for. One
    that returns False has failed, as it has apart.
    """

    def __init__(self, pytest: Any) -> None:
        hook = pytest.hookimpl(tryfirst=True)
        self.pytest_pyfunc_call = hook(self._call)

    @staticmethod
    def _call(pyfuncitem: Any) -> bool:
        wanted = pyfuncitem._fixtureinfo.argnames
        said = pyfuncitem.obj(**{name: pyfuncitem.funcargs[name] for name in wanted})
        if inspect.iscoroutine(said):
            import asyncio  # not in every process that is forked

            said = asyncio.run(said)
        if said is False:
            raise AssertionError("the test returned False")
        return True


def _body(tree: ast.Module, entry_point: str | None, started: bool) -> list[ast.stmt]:
    """The script's statements, without what starts a runner or, where pytest does, a test; with what starts `check`."""
    body = unguarded(tree.body)
    body += [other for node in tree.body if isinstance(node, ast.If) and is_guard(node) for other in node.orelse]
    calls = called(body)
    if entry_point is not None and "check" not in calls and any(getattr(node, "name", "") == "check" for node in body):
        body += ast.parse(f"check({entry_point})").body
    return [node for node in body if not (started and _starts_a_test(node))]


def _starts_a_test(node: ast.stmt) -> bool:
    return any(name.startswith("test") for name in called([node])) and not node.value.args  # type: ignore[attr-defined]


def _imports_it(tree: ast.Module) -> bool:
    return any(isinstance(node, ast.ImportFrom) and node.module == "solution" for node in ast.walk(tree))


def _given(tree: ast.Module, names: Names) -> str:
    """What the test module begins with. Its functions look a name up when they read it; its own lines find in the built-in
    names, or where these have it already in the module, what it stood for at the start.
    """
    builtins._lab_names = names  # type: ignore[attr-defined]
    lines = ["__builtins__ = __import__('builtins')._lab_names"]
    for name in {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)} | {names.entry_point}:
        if name not in names.held:
            continue
        if not hasattr(builtins, name):
            setattr(builtins, name, names[name])
        elif names[name] is not getattr(builtins, name):
            lines.append(f"{name} = __import__('solution').{name}")
    return "\n".join(lines)


def _write(body: list[ast.stmt], given: str, unparse: Any) -> None:
    first: list[ast.stmt] = [node for node in body if isinstance(node, ast.ImportFrom) and node.module == "__future__"]
    rest = [node for node in body if node not in first]
    text = "\n".join([unparse(ast.Module(first, [])), given, unparse(ast.Module(rest, [])), ""])
    Path(FILE).write_text(text, encoding="utf-8", errors="surrogatepass")
