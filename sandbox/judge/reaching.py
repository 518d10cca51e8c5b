"""Tests of Python that reach into the program's process, which is another one: what they replace there has no effect.

A stub passes such tests and the right program fails them, so neither counts.
"""

from __future__ import annotations

import ast
import functools

import syntax

LONGEST = 1 << 20
"""Characters of a test script; a longer one is not looked at."""
REPLACED = {
    "patch": "replace something with `patch`",
    "monkeypatch": "replace something with `monkeypatch`",
    "redirect_stdout": "redirect what is printed",
    "redirect_stderr": "redirect what is printed",
    "capsys": "read what is printed",
    "capfd": "read what is printed",
    "caplog": "read what is logged",
    "assertLogs": "read what is logged",
    "assertNoLogs": "read what is logged",
    "warns": "look for a warning",
    "deprecated_call": "look for a warning",
    "recwarn": "look for a warning",
    "catch_warnings": "look for a warning",
    "simplefilter": "make an error of a warning",
    "filterwarnings": "make an error of a warning",
    "errstate": "make an error of what numpy warns of",
    "seterr": "make an error of what numpy warns of",
    "assertWarns": "look for a warning",
    "assertWarnsRegex": "look for a warning",
    "os.environ": "change the environment",
    "os.putenv": "change the environment",
    "os.chdir": "change the working directory",
    "sys.argv": "change sys.argv",
    "sys.stdin": "change sys.stdin",
    "sys.stdout": "change sys.stdout",
    "sys.stderr": "change sys.stderr",
    "sys.modules": "change sys.modules",
    "module.name": "replace something in a module",
    "tracemalloc": "measure what the process uses",
    "getrusage": "measure what the process uses",
    "setrecursionlimit": "limit or trace the process",
    "setrlimit": "limit or trace the process",
    "settrace": "limit or trace the process",
    "setprofile": "limit or trace the process",
    "addHandler": "read what is logged",
}
"""What a test does that the program cannot see; of the names with a dot, where it is assigned or called for that."""
SEEDED = {
    "seed": "seed a random generator",
    "tempfile": "make files of their own",
    "tmp_path": "make files of their own",
}
"""What may be for the tests alone: it says why a program failed, and nothing where it passed."""
CHANGES = {"setdefault", "update", "pop", "clear", "append", "extend", "insert", "remove", "popitem"}


def reaches(tests: str, *, passed: bool) -> str:
    """What the test script does that its program cannot see, in words; empty where nothing or where it cannot be read."""
    always, failed = _found(tests)
    return always or ("" if passed else failed)


@functools.lru_cache(maxsize=256)  # controls, audits and samples of one problem have the same tests
def _found(tests: str) -> tuple[str, str]:
    if len(tests) > LONGEST:
        return "", ""
    try:
        tree = syntax.module(tests)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return "", ""
    always = failed = ""
    nodes = list(ast.walk(tree))
    modules = {
        (alias.asname or alias.name).partition(".")[0]
        for node in nodes
        if isinstance(node, ast.Import)
        for alias in node.names
    }
    for node in nodes:
        name = _replaces(node) or ("module.name" if _sets_in(node, modules) else "")
        always = always or REPLACED.get(name, "")
        failed = failed or SEEDED.get(name, "")
    return always, failed


def _sets_in(node: ast.AST, modules: set[str]) -> bool:
    """`time.sleep = naps.append`, `setattr(builtins, "input", ask)`: in the program's process that module is another one."""
    if isinstance(node, ast.Assign | ast.AugAssign | ast.Delete):
        targets = node.targets if isinstance(node, ast.Assign | ast.Delete) else [node.target]
        return any(isinstance(target, ast.Attribute) and _dotted(target.value) in modules for target in targets)
    name = getattr(node.func, "id", "") if isinstance(node, ast.Call) else ""
    return name in ("setattr", "delattr") and bool(node.args) and _dotted(node.args[0]) in modules  # type: ignore[attr-defined]


def _replaces(node: ast.AST) -> str:
    """The name under which `REPLACED` or `SEEDED` has what the node does; empty for nothing."""
    if isinstance(node, ast.Assign | ast.AugAssign | ast.Delete):
        targets = node.targets if isinstance(node, ast.Assign | ast.Delete) else [node.target]
        held = [target.value if isinstance(target, ast.Subscript) else target for target in targets]
        return next((name for target in held if "." in (name := _dotted(target)) and name in REPLACED), "")
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        return next((argument.arg for argument in node.args.args if argument.arg in REPLACED | SEEDED), "")
    if not isinstance(node, ast.Call):
        return ""
    path = _dotted(node.func)
    owner, _, last = path.rpartition(".")
    if last in CHANGES and owner in REPLACED:
        return owner
    if last in ("catch_warnings", "simplefilter", "filterwarnings", "errstate", "seterr"):
        given = [*node.args, *(word.value for word in node.keywords)]
        actions = [inner for part in given for inner in ast.walk(part) if isinstance(inner, ast.Constant)]
        if any(word.arg == "record" and getattr(word.value, "value", True) for word in node.keywords):
            return "catch_warnings"
        if any(str(action.value).split(":")[0] in ("error", "raise", "call") for action in actions):
            return "simplefilter" if last == "catch_warnings" else last
        return ""
    called = getattr(node.func, "attr", last)
    if called == "setrecursionlimit":  # a higher one is for a program that recurses
        most = getattr(node.args[0], "value", None) if node.args else None
        return called if isinstance(most, int) and most < 1000 else ""
    if owner == "tracemalloc" or called in ("getrusage", "setrlimit", "settrace", "setprofile", "addHandler"):
        return owner if owner == "tracemalloc" else called
    if path in ("os.putenv", "os.chdir") or last in (
        "deprecated_call",
        "warns",
        "assertWarns",
        "assertWarnsRegex",
        "assertLogs",
        "assertNoLogs",
        "redirect_stdout",
        "redirect_stderr",
    ):
        return path if path in REPLACED else last
    if last == "patch" or owner.rpartition(".")[2] == "patch":  # patch(...), mock.patch(...), patch.object(...)
        return "patch"
    if last == "seed" and owner in ("random", "np.random", "numpy.random"):
        return "seed"
    return (
        "tempfile"
        if owner == "tempfile" or last in ("NamedTemporaryFile", "TemporaryDirectory", "mkstemp", "mkdtemp")
        else ""
    )


def _dotted(node: ast.AST) -> str:
    """`a.b.c` of an attribute of a name; empty for anything else."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    return ".".join([node.id, *reversed(parts)]) if isinstance(node, ast.Name) else ""
