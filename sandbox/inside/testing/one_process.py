"""A program and its tests in one process, as whoever has no sandbox runs them: `pytest` of a file beside `solution.py`, or
the file as a script where pytest finds no tests in it. Runs in the container, in a new interpreter, once the tests have
run apart from the program (`judge/one_process.py` says when).

What the program does to its own process it can do to these tests too. So pytest is loaded before the program is, no exit
but this one's has the status asked for, and what decides may not be another at the end (`started.py`).
"""

import ast
import builtins
import os
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from sandbox.inside.instrument import called, is_guard, unguarded
from sandbox.inside.testing.started import STATUS

HOME, FOLDER = Path("/tmp/home/user"), Path("/tmp/project")
FILE = "test_solution.py"
SEED = "1"
"""The first run's is 0: an order of a set of texts that is right by chance is right in one of them."""
PYTEST = """\
#!/usr/bin/python3
import sys
from _pytest.config import _console_main
if __name__ == '__main__':
    sys.argv[0] = sys.argv[0].removesuffix('.exe')
    sys.exit(_console_main())
"""
COROUTINES = """\
import asyncio
import inspect
import pytest


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem):
    if not inspect.iscoroutinefunction(pyfuncitem.obj):
        return None
    names = pyfuncitem._fixtureinfo.argnames
    asyncio.run(pyfuncitem.obj(**{name: pyfuncitem.funcargs[name] for name in names}))
    return True
"""
"""A `conftest.py` for tests that are coroutines, which pytest has no runner of its own for."""


def run(code: str, tests: str, entry_point: str | None, status: int, script: str) -> None:
    """Become a new interpreter that runs the tests with the program and exits with `status` where they pass; `script`: the
    source of `started.py`.
    """
    tree = ast.parse(tests)
    under_pytest = _is_for_pytest(tree)
    bin_folder = HOME / ".local" / "bin"
    for folder in (FOLDER, bin_folder):
        folder.mkdir(parents=True)
    os.chdir(FOLDER)
    text = _script(tree, tests, code, entry_point, under_pytest)
    begun = bin_folder / "pytest" if under_pytest else Path(FILE)
    _write(Path("solution.py"), code)
    _write(Path(FILE), text)
    _write(begun.with_name(f"{begun.name}~"), PYTEST if under_pytest else text)
    # Its own frame is to look like the module's.
    named = "lead.__code__ = lead.__code__.replace(co_name='<module>', co_qualname='<module>')"
    _write(begun, f"{script}\n{named}\nlead(globals(), {under_pytest})\n")
    if under_pytest and any(isinstance(node, ast.AsyncFunctionDef) for node in ast.walk(tree)):
        _write(Path("conftest.py"), COROUTINES)
    read, write = os.pipe()
    os.write(write, bytes([status]))
    os.close(write)
    if read != STATUS:
        os.dup2(read, STATUS)
    os.set_inheritable(STATUS, True)
    argv = [sys.executable, str(begun), *(["-q", FILE] if under_pytest else [])]
    os.execve(sys.executable, argv, {**os.environ, "HOME": str(HOME), "PYTHONHASHSEED": SEED})


def _write(path: Path, text: str) -> None:
    path.write_bytes(text.encode("utf-8", "surrogatepass"))


def _is_for_pytest(tree: ast.Module) -> bool:
    """Whether the script has tests that pytest finds and it does not start all of itself."""
    bound = {name for name in _bound(tree.body) if name.startswith(("test", "Test"))}
    cases = any(
        isinstance(node, ast.ClassDef) and "TestCase'" in "".join(map(ast.dump, node.bases)) for node in tree.body
    )
    return cases or bool(bound - called(tree.body))


def _script(tree: ast.Module, tests: str, code: str, entry_point: str | None, under_pytest: bool) -> str:
    """The test file: the script as it was written, without what starts a runner; before it what it takes from the program
    without an import, after it what starts `check`.
    """
    started = [node for node in tree.body if is_guard(node) or unguarded([node])]
    body = started if under_pytest else unguarded(tree.body)
    calls = called(body)
    given, changing = _given(tree, code, entry_point)
    if changing or len(body) != len(tree.body) or any(a is not b for a, b in zip(body, tree.body, strict=True)):
        tests = ast.unparse(_Asked(changing).visit(ast.Module(body, [])))
        tree = ast.parse(tests)
    lines = tests.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    first = tree.body[0] if tree.body else None
    words = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
    before = [first] if words else []
    before += [node for node in tree.body if isinstance(node, ast.ImportFrom) and node.module == "__future__"]
    at = max((node.end_lineno or 0 for node in before if node), default=0)
    lines[at:at] = given
    if entry_point is not None and "check" not in calls and any(getattr(node, "name", "") == "check" for node in body):
        lines += ["import solution", f"check(solution.{entry_point})"]  # which may itself be called `check`
    return "\n".join([*lines, ""])


def _given(tree: ast.Module, code: str, entry_point: str | None) -> tuple[list[str], set[str]]:
    """The lines that import what the script uses of the program, where it imports nothing of it itself, and which of these
    names the program gives other meanings while it runs.
    """
    nodes = list(ast.walk(tree))
    imports = any(isinstance(node, ast.ImportFrom) and node.module == "solution" for node in nodes)
    used = {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}
    used = {name for name in used if not imports and not name.startswith("__")} | (
        {entry_point} if entry_point else set()
    )
    wanted = used - set(_bound(tree.body))
    program = ast.parse(code)
    of_it = set(_bound(program.body))
    local = {node.id for node in nodes if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load)}
    local |= {node.arg for node in nodes if isinstance(node, ast.arg)}
    declared = {name for node in ast.walk(program) if isinstance(node, ast.Global) for name in node.names}
    changing = (wanted & declared) - local
    lines = ["import solution"] if changing else []
    if any(not hasattr(builtins, name) for name in wanted - of_it - local):
        lines.append("from solution import *")
    named = sorted((wanted & of_it) - changing)
    if named:
        lines.append(f"from solution import {', '.join(named)}")
    return (lines or ["import solution"] * (not imports)), changing


class _Asked(ast.NodeTransformer):
    """Asks the module for a name each time it is read."""

    def __init__(self, names: set[str]) -> None:
        self.names = names

    def visit_Name(self, node: ast.Name) -> ast.AST:
        if node.id not in self.names:
            return node
        return ast.copy_location(ast.Attribute(ast.Name("solution", ast.Load()), node.id, node.ctx), node)


def _bound(nodes: Iterable[ast.AST]) -> Iterator[str]:
    """The names that statements of a module give a meaning to, also those that functions say are the module's."""
    for node in nodes:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name
            yield from (name for inner in ast.walk(node) if isinstance(inner, ast.Global) for name in inner.names)
            continue
        if isinstance(node, ast.alias) and node.name != "*":
            yield (node.asname or node.name).partition(".")[0]
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
        if not isinstance(node, ast.Lambda | ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp):
            yield from _bound(ast.iter_child_nodes(node))
