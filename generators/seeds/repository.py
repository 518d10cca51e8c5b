"""The functions of a user's repository that can stand alone, read as syntax trees: no file is imported or run on the host.

A function is taken with whatever of its own module it leads to (other functions, classes, constants) and the imports of the standard
library it uses, so that its code runs by itself in the sandbox. What reads files, the clock, chance or the network is left out: its
answers would prove nothing.
"""

import ast
import builtins
import functools
import symtable
import sys
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import syntax
from generators.seeds.found import SeedError, Seeds, licence_of_card, not_their_own
from rows.places import files_in, open_regular
from verification.python_source import LONGEST

LARGEST_FILE = 400_000
"""Bytes; a longer file is generated or data."""
LONGEST_CODE = 6_000
"""Characters of a function with all it needs: what a prompt has room for."""
MOST_ARGUMENTS = 6
MOST_OF_A_FILE, MOST_FUNCTIONS = 500, 20_000
"""Functions looked at, of one file and of all: a folder of strangers' code may be made to be looked at for ever."""
OUTSIDE = frozenset(
    {
        *(
            "asyncio",
            "concurrent",
            "ctypes",
            "datetime",
            "fcntl",
            "getpass",
            "glob",
            "http",
            "importlib",
            "io",
            "locale",
            "logging",
        ),
        *(
            "mmap",
            "multiprocessing",
            "os",
            "pathlib",
            "pickle",
            "platform",
            "pwd",
            "random",
            "resource",
            "secrets",
            "select",
        ),
        *(
            "shutil",
            "signal",
            "socket",
            "sqlite3",
            "ssl",
            "subprocess",
            "sys",
            "tempfile",
            "threading",
            "time",
            "urllib",
            "uuid",
        ),
    }
)
"""Modules of the standard library whose answers depend on more than their arguments."""
EFFECTS = frozenset(
    {
        *("open", "input", "print", "exec", "eval", "compile", "__import__", "exit", "quit"),
        *("globals", "locals", "breakpoint", "id"),
    }
)
"""Builtins that do something beside returning a value, or answer differently each time."""
UNREADABLE = (ValueError, SyntaxError, RecursionError, MemoryError)
"""What Python's own parser raises on code that was made to be too much for it."""
Definition = ast.FunctionDef | ast.ClassDef | ast.Assign | ast.AnnAssign


@dataclass(frozen=True)
class SourceFunction:
    """A function of a repository, self-contained."""

    id: str
    """`path:name`, relative to the repository."""
    code: str
    """Imports, what it needs of its module, then the function itself."""
    entry_point: str
    docstring: str
    place: str
    """`path:line`."""
    topic: str = ""
    """The folder it is in."""
    split: str = ""


def survey(path: Path) -> tuple[list[SourceFunction], list[tuple[str, str]]]:
    """(functions taken, (`path:line`, why) of each function or file that was not). Raises SeedError where there is no folder."""
    if not path.is_dir():
        raise SeedError(f"{path}: no such folder; name the root of a repository of Python code")
    functions: dict[str, SourceFunction] = {}
    skipped: list[tuple[str, str]] = []
    there = files_in(path, (".py",), not_their_own)
    skipped += [(f"{link.relative_to(path)}:1", why) for link, why in there.left_out]
    left = MOST_FUNCTIONS
    for file in there.files:
        name = file.relative_to(path)
        if name.name.startswith("."):
            continue
        try:
            module = _Module(file, name.as_posix())
        except (OSError, *UNREADABLE) as error:
            skipped.append((f"{name}:1", f"cannot be read: {type(error).__name__}"))
            continue
        for found in module.functions():
            if left == 0:
                skipped.append((f"{name}:1", f"more than the first {MOST_FUNCTIONS:,} functions are not looked at"))
                return list(functions.values()), skipped
            left -= 1
            if not isinstance(found, SourceFunction):
                skipped.append(found)
                continue
            try:
                functions.setdefault(_shape(found), found)
            except UNREADABLE as error:
                skipped.append((found.place, f"cannot be read: {type(error).__name__}"))
    return list(functions.values()), skipped


def functions_of(path: Path) -> Seeds[SourceFunction]:
    """The functions of a repository as seeds; those left out are told with their places. Raises SeedError where none is left."""
    functions, left_out = survey(path)
    if not functions:
        shown = "; ".join(f"{place}: {why}" for place, why in left_out[:3])
        raise SeedError(f"{path}: no function here can stand alone ({shown}); see docs/make-data/from-source.md")
    return Seeds(
        path, functions, left_out, {licence_of_card(path): len(functions)}, unit="functions that cannot stand alone"
    )


class _LeftOut(Exception):
    """The function cannot be used; the message says why."""


class _Module:
    """One file: its definitions by name, its imports by the names they bind."""

    def __init__(self, file: Path, name: str) -> None:
        with open_regular(file) as opened:
            content = opened.read(LARGEST_FILE + 1)
        if len(content) > LARGEST_FILE:
            raise ValueError("too large")
        self.name, self.source = name, content.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
        self.lines = self.source.split("\n")
        self.free = functools.cache(lambda name: sorted(_free_names(self._text(self.definitions[name]))))
        """What a definition takes from around it, looked up once however many functions lead to it."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            self.tree = syntax.module(self.source)
        self.definitions: dict[str, Definition] = {}
        self.imports: dict[str, str] = {}
        self.unstable: set[str] = set()
        """Names that are set twice, or from within a function: what they hold depends on when one looks."""
        self.future = (
            "from __future__ import annotations\n" if "from __future__ import annotations" in self.source else ""
        )
        for node in self.tree.body:
            self._read(node)
        self.unstable |= {n for node in ast.walk(self.tree) if isinstance(node, ast.Global) for n in node.names}

    def functions(self) -> Iterator[SourceFunction | tuple[str, str]]:
        """Each public function of the module, or its place and why it is left out."""
        public = [
            node
            for node in self.tree.body
            if isinstance(node, ast.FunctionDef) and not node.name.startswith(("_", "test"))
        ]
        for number, node in enumerate(public):
            if number == MOST_OF_A_FILE:
                yield f"{self.name}:{node.lineno}", f"more than the file's first {number} functions are not looked at"
                return
            place = f"{self.name}:{node.lineno}"
            folder, docstring = self.name.rpartition("/")[0], ast.get_docstring(node) or ""
            try:
                _check(node)
                code = self._alone(node)
            except _LeftOut as why:
                yield place, str(why)
            except UNREADABLE as error:
                yield place, f"cannot be read: {type(error).__name__}"
            else:
                yield SourceFunction(f"{self.name}:{node.name}", code, node.name, docstring, place, folder)

    def _read(self, node: ast.stmt) -> None:
        if isinstance(node, ast.Import | ast.ImportFrom):
            for alias in node.names:
                if isinstance(node, ast.ImportFrom):
                    line = f"from {'.' * node.level}{node.module or ''} import {alias.name}"
                else:
                    line = f"import {alias.name}"
                bound = alias.asname or alias.name.partition(".")[0]
                self.imports[bound] = line + (f" as {alias.asname}" if alias.asname else "")
            return
        for name in _names_set(node):
            if name in self.definitions or not isinstance(node, Definition):
                self.unstable.add(name)
            elif isinstance(node, Definition):
                self.definitions[name] = node

    def _alone(self, function: ast.FunctionDef) -> str:
        """The function with all it needs, in the order of the file. Raises _LeftOut."""
        wanted, needed = [function.name], set()
        length, imports = 0, dict[str, str]()
        texts: dict[Definition, str] = {}
        while wanted:
            name = wanted.pop()
            if name in needed or name in imports:
                continue
            if name in self.unstable:
                raise _LeftOut(f"{name} changes")
            if name in self.definitions:
                needed.add(name)
                node = self.definitions[name]  # of several names, where one statement sets them
                if node not in texts:
                    texts[node] = self._text(node)
                    length += len(texts[node])
                if length > LONGEST_CODE:
                    raise _LeftOut("is too long")
                wanted += self.free(name)
            elif name in self.imports:
                module = self.imports[name].split()[1].partition(".")[0]
                if module not in sys.stdlib_module_names or module in OUTSIDE:
                    raise _LeftOut(f"needs {module or 'a module of its package'}")
                imports[name] = self.imports[name]
            elif name in EFFECTS:
                raise _LeftOut(f"calls {name}")
            elif not hasattr(builtins, name):
                raise _LeftOut(f"{name} comes from elsewhere")
        pieces = [texts[node] for node in sorted(texts, key=lambda node: node.lineno)]
        lines = sorted(line for line in set(imports.values()) if line.split()[1] != "__future__")
        head = self.future + "".join(f"{line}\n" for line in lines)
        code = (f"{head}\n\n" if head else "") + "\n\n\n".join(pieces) + "\n"
        if len(code) > min(LONGEST_CODE, LONGEST):
            raise _LeftOut("is too long")
        return code

    def _text(self, node: Definition) -> str:
        first = min([node.lineno, *(decorator.lineno for decorator in getattr(node, "decorator_list", []))])
        return "\n".join(self.lines[first - 1 : node.end_lineno])


def _check(function: ast.FunctionDef) -> None:
    """Raises _LeftOut for a function that cannot be asked, or would teach nothing."""
    arguments = function.args
    count = len(arguments.posonlyargs) + len(arguments.args)
    if not count or count > MOST_ARGUMENTS:
        raise _LeftOut(f"takes {count} arguments")
    if arguments.vararg or any(default is None for default in arguments.kw_defaults):
        raise _LeftOut("takes arguments that cannot be listed")
    inner = [node for statement in function.body for node in ast.walk(statement)]
    if any(isinstance(node, ast.Yield | ast.YieldFrom | ast.Await) for node in inner):
        raise _LeftOut("is a generator")
    if not any(isinstance(node, ast.Return) and node.value is not None for node in inner):
        raise _LeftOut("returns nothing")
    body = function.body[1:] if ast.get_docstring(function) is not None else function.body
    if not body or (
        len(body) == 1 and isinstance(body[0], ast.Return) and isinstance(body[0].value, ast.Name | ast.Constant)
    ):
        raise _LeftOut("does nothing")


def _names_set(node: ast.stmt) -> list[str]:
    """The names that a statement of the module binds."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return [node.name]
    return [name.id for name in ast.walk(node) if isinstance(name, ast.Name) and isinstance(name.ctx, ast.Store)]


def _free_names(text: str) -> set[str]:
    """The names a definition takes from around it, by the interpreter's own rules of scope. Nothing is run."""
    waiting = [symtable.symtable(text, "definition", "exec")]
    top, free = waiting[0], set()
    while waiting:
        table = waiting.pop()
        for symbol in table.get_symbols():
            if symbol.is_referenced() and (symbol.is_global() or (table is top and not symbol.is_assigned())):
                free.add(symbol.get_name())
        waiting += table.get_children()
    return free


def _shape(function: SourceFunction) -> str:
    """Equal for copies of a function under one name, whatever their layout."""
    return ast.dump(syntax.module(function.code))
