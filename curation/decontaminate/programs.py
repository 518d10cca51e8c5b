"""Fingerprints of Python programs that survive renaming, reformatting, comments, docstrings and annotations.

Names a program binds are numbered in order of appearance; built-ins, imported names, attributes and constants stay. The programs
are hostile: they are parsed within limits and never run, and what cannot be parsed has no fingerprint.
"""

import ast
import builtins
import hashlib
import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass

import syntax

LONGEST = 20_000
"""Characters of one program."""
DEEPEST = 60
"""Open brackets; some of CPython's error rules take exponential time in deep ones, and nobody writes them."""
MOST_PROGRAMS = 20
"""Programs looked at in one text."""
FEWEST_NODES = 16
"""Smaller functions are written alike by anyone: `return a + b` is nobody's solution. 71% of MBPP's are this large, and of 240 programs
written for our own problems one equals one of them."""
STATEMENT_NODES = 8
"""Smaller statements say nothing about where they come from."""

FENCED = re.compile(r"```[ \t]{0,2}(?:python3?|py)?[ \t]{0,2}\n(.*?)(?:```|\Z)", re.DOTALL | re.IGNORECASE)
LINE_STARTS = ("\ndef ", "\nimport ", "\nfrom ", "\nclass ", "\n@", "\n    ", "\n\t")
"""Bare text without such a line is prose, and parsing prose costs as much as parsing a program."""
BRACKET = re.compile(r"[()\[\]{}]")
BUILTINS = frozenset(dir(builtins))


@dataclass(frozen=True)
class Function:
    """One function, or a script's top level: its fingerprint, and those of its statements with their sizes in nodes."""

    name: str
    print: int
    nodes: int
    statements: tuple[tuple[int, int], ...]
    """(fingerprint, nodes) of the statements of its body that are large enough."""


def programs(text: str) -> list[str]:
    """The Python programs in a text: its fenced blocks, or all of it where it has none and looks like one."""
    if "```" in text:
        return [match[1] for match in FENCED.finditer(text) if match[1].strip()][:MOST_PROGRAMS]
    lines = f"\n{text}"
    return [text] if any(start in lines for start in LINE_STARTS) else []


def functions(program: str) -> list[Function]:
    """The functions of a program, methods among them, and its top level where it defines none; [] where it does not parse."""
    tree = parse(program)
    if tree is None:
        return []
    modules = _imported(tree)
    try:
        found = [
            _function(node.name, node, modules)
            for node in ast.walk(tree)
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        ]
        return found or [_function("", tree, modules)]
    except (RecursionError, MemoryError, ValueError):  # ValueError: an integer too long to be written down
        return []


def statement_prints(program: str) -> set[int]:
    """The fingerprints of every statement of a program that is large enough, at any depth."""
    tree = parse(program)
    if tree is None:
        return set()
    modules = _imported(tree)
    try:
        return {mark for mark, nodes in _statements(ast.walk(tree), modules) if nodes >= STATEMENT_NODES}
    except (RecursionError, MemoryError, ValueError):
        return set()


def parse(program: str) -> ast.Module | None:
    """The tree of a hostile program, or None where it is none or past the limits."""
    if len(program) > LONGEST or _depth(program) > DEEPEST:
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # an invalid escape in somebody's string is no concern of the user's
            return syntax.module(_dedented(program))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _dedented(program: str) -> str:
    first = next((line for line in program.split("\n") if line.strip()), "")
    margin = first[: len(first) - len(first.lstrip())]
    return "\n".join(line.removeprefix(margin) for line in program.split("\n")) if margin else program


def _depth(program: str) -> int:
    """The most brackets open at once, strings and comments included: a bound, not a count."""
    depth = deepest = 0
    for match in BRACKET.finditer(program):
        depth += 1 if match[0] in "([{" else -1
        deepest = max(deepest, depth)
    return deepest


def _imported(tree: ast.Module) -> dict[str, str]:
    """Local name -> what it was imported as: `np` is `numpy` whatever it is called."""
    found: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.asname or alias.name.split(".")[0]: alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found |= {alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names}
    return found


def _function(
    name: str, node: ast.Module | ast.FunctionDef | ast.AsyncFunctionDef, modules: dict[str, str]
) -> Function:
    body = [statement for statement in node.body if not isinstance(statement, _IMPORTS)]
    writer = _Writer(modules)
    if not isinstance(node, ast.Module):
        writer.bind(node.name)  # for recursion: the function is the first name
        writer.arguments(node.args)
    writer.all(body)
    sizes = [(mark, nodes) for mark, nodes in _statements(iter(body), modules) if nodes >= STATEMENT_NODES]
    return Function(name, writer.print(), writer.nodes, tuple(sizes))


def _statements(nodes: Iterator[ast.AST], modules: dict[str, str]) -> Iterator[tuple[int, int]]:
    """Each statement by itself, its names numbered anew."""
    for node in nodes:
        if isinstance(node, ast.stmt) and not _is_comment(node) and not isinstance(node, _IMPORTS + _DEFINITIONS):
            writer = _Writer(modules)
            writer.node(node)
            yield writer.print(), writer.nodes


_IMPORTS = (ast.Import, ast.ImportFrom)
_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_LEFT_OUT = frozenset(
    {"annotation", "returns", "decorator_list", "type_comment", "ctx", "type_ignores", "kind", "type_params"}
)


def _is_comment(node: object) -> bool:
    """A docstring, or any other constant that stands as a statement: it does nothing."""
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


class _Writer:
    """Writes trees down with their names numbered, and counts the nodes."""

    def __init__(self, modules: dict[str, str]) -> None:
        self._modules = modules
        self._numbers: dict[str, int] = {}
        self._hash = hashlib.blake2b(digest_size=8)
        self.nodes = 0

    def print(self) -> int:
        return int.from_bytes(self._hash.digest(), "little")

    def all(self, nodes: list[ast.stmt]) -> None:
        for node in nodes:
            if not _is_comment(node):
                self.node(node)

    def arguments(self, arguments: ast.arguments) -> None:
        """A method's `self` does not count: a function put into a class is the same function."""
        every = [*arguments.posonlyargs, *arguments.args]
        for argument in every[1:] if every and every[0].arg in ("self", "cls") else every:
            self.bind(argument.arg)
        self._field([*arguments.kwonlyargs, *arguments.defaults, *arguments.kw_defaults])
        self._field([arguments.vararg, arguments.kwarg])

    def name(self, name: str) -> None:
        if name in self._numbers or not (name in self._modules or name in BUILTINS):
            self.bind(name)
        else:
            self._write(self._modules.get(name, name))

    def bind(self, name: str) -> None:
        """From here on the name is the program's own, even that of a built-in."""
        self._write(f"#{self._numbers.setdefault(name, len(self._numbers))}")

    def node(self, node: ast.AST) -> None:
        self.nodes += 1
        if isinstance(node, ast.AnnAssign) and node.value is not None:
            node = ast.Assign([node.target], node.value)  # the annotation is a matter of taste
        self._write(f"{type(node).__name__}(")
        if isinstance(node, ast.Name):
            self.name(node.id) if isinstance(node.ctx, ast.Load) else self.bind(node.id)
        elif isinstance(node, ast.Constant):
            self._write(f"{type(node.value).__name__}:{node.value!r}")
        else:
            for field, value in ast.iter_fields(node):
                if field not in _LEFT_OUT:
                    self._named(node, field, value)
        self._write(")")

    def _named(self, node: ast.AST, field: str, value: object) -> None:
        binds = (field == "arg" and isinstance(node, ast.arg)) or (
            field == "name" and isinstance(node, (*_DEFINITIONS, ast.ExceptHandler))
        )
        if isinstance(value, str) and binds:
            self.bind(value)
        else:
            self._field(value)

    def _field(self, value: object) -> None:
        if isinstance(value, ast.AST):
            self.node(value)
        elif isinstance(value, list):
            self._write("[")
            for item in value:
                if not _is_comment(item) and not isinstance(item, _IMPORTS):
                    self._field(item)
            self._write("]")
        else:
            self._write(f"{value!r},")

    def _write(self, text: str) -> None:
        self._hash.update(text.encode("utf-8", "backslashreplace"))
