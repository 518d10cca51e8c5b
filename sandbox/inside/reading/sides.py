"""Which names of a test script stand for the program, and what the two sides of a comparison are made of. Runs in the
container, in the tests' own process.
"""

import ast
import builtins
from collections.abc import Iterator, Mapping, Sequence, Set
from typing import Any

BUILTINS = frozenset(dir(builtins))


def walk(node: ast.AST) -> Iterator[ast.AST]:
    """`ast.walk` in half its time, without what only says whether a name is read: a script is walked for each question."""
    found = [node]
    for node in found:
        fields = node.__dict__
        for name in node._fields:
            value = fields.get(name)
            if type(value) is list:
                found += [part for part in value if isinstance(part, ast.AST)]
            elif name != "ctx" and isinstance(value, ast.AST):
                found.append(value)
        yield node


def names_of_the_program(tree: ast.Module) -> set[str]:
    """Names that stand for the program, or for what came of it: those that the script does not bind, `candidate`, what is
    imported from `solution`, and, wherever in the script, what is made of these.
    """
    bound = set(BUILTINS) | {"np", "pd", "pytest", "unittest", "math"}
    found, loaded = {"candidate"}, set[str]()
    for node in walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            names = {(alias.asname or alias.name).partition(".")[0] for alias in node.names}
            program = getattr(node, "module", None) == "solution" or "solution" in names
            (found if program else bound).update(names)
        elif isinstance(node, ast.Name):
            (loaded if isinstance(node.ctx, ast.Load) else bound).add(node.id)
        elif isinstance(node, ast.arg):
            bound.add(node.arg)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.ExceptHandler):
            bound.add(node.name or "_")
    return _with_what_is_made(tree, found | loaded - bound)


def names_in_a_function(node: ast.AST, theirs: set[str]) -> set[str]:
    """The same within a function, whose own names are none of those that are written alike elsewhere."""
    stored = {inner.id for inner in walk(node) if isinstance(inner, ast.Name) and isinstance(inner.ctx, ast.Store)}
    return _with_what_is_made(node, theirs - stored | {"candidate"})


def _with_what_is_made(tree: ast.AST, found: set[str]) -> set[str]:
    made: list[tuple[set[str], Set[str]]] = []
    for node in walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            made.append(({node.name}, names_read(node)))
        elif isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign | ast.NamedExpr):
            made += [(names_in(target), names_read(value)) for target, value in assigned(node)]
        elif isinstance(node, ast.For | ast.AsyncFor | ast.comprehension):
            made.append((names_in(node.target), names_read(node.iter)))
        elif isinstance(node, ast.Call):
            made += _gathered(node)
        elif isinstance(node, ast.withitem) and node.optional_vars is not None:
            made.append((names_in(node.optional_vars), names_read(node.context_expr)))
    while True:
        more = {name for to, of in made if of & found for name in to} - found
        if not more:
            return found
        found = found | more


def assigned(node: Any) -> list[tuple[ast.expr, ast.expr]]:
    """Each target with what is assigned to it: of `got, want = f(xs), sorted(xs)` two; of `a = b = c` one, of both."""
    if node.value is None:
        return []
    targets: list[Any] = node.targets if isinstance(node, ast.Assign) else [node.target]
    sides = [getattr(side, "elts", ()) for side in (targets[0], node.value)]
    starred = any(isinstance(part, ast.Starred) for side in sides for part in side)
    if len(targets) == 1 and len(sides[0]) == len(sides[1]) > 1 and not starred and not isinstance(node.value, ast.Set):
        return list(zip(*sides, strict=True))
    return [(targets[0] if len(targets) == 1 else ast.Tuple(targets, ast.Store()), node.value)]


def truths(nodes: list[ast.AST]) -> set[str]:
    """Names of which the script asserts no more than that they are true, or not."""
    found = set[str]()
    for node in nodes:
        if isinstance(node, ast.Assert):
            test: Any = node.test
        elif (
            isinstance(node, ast.Call) and getattr(node.func, "attr", "") in ("assertTrue", "assertFalse") and node.args
        ):
            test = node.args[0]
        else:
            continue
        test = test.operand if isinstance(test, ast.UnaryOp) else test
        found |= {test.id} if isinstance(test, ast.Name) else set()
    return found


def said_to_be_nothing(pairs: list[list[ast.expr]]) -> set[str]:
    """Names that a script compares with what is empty, or true or not: `assert wrong == []`, `assertEqual(len(extra), 0)`."""
    found = set[str]()
    for pair in pairs:
        for side, other in (pair, pair[::-1]):
            counted = isinstance(side, ast.Call) and getattr(side.func, "id", "") == "len" and side.args
            of = side.args[0] if counted else side  # type: ignore[attr-defined]
            if isinstance(of, ast.Name) and _is_nothing(other):
                found.add(of.id)
    return found


def _is_nothing(node: ast.expr) -> bool:
    if isinstance(node, ast.Constant):
        return isinstance(node.value, bool) or node.value in (0, "", b"", ())
    if isinstance(node, ast.Call):
        return getattr(node.func, "id", "") in ("set", "list", "dict", "tuple") and not node.args
    return not getattr(node, "elts", getattr(node, "keys", [0]))


def meant_once(nodes: list[ast.AST]) -> dict[str, ast.expr]:
    """By name what it means, where the script gives it one meaning."""
    stored = [node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)]
    found: dict[str, ast.expr] = {}
    for node in nodes:
        if isinstance(node, ast.Assign):
            for target, value in assigned(node):
                if isinstance(target, ast.Name) and stored.count(target.id) == 1:
                    found[target.id] = value
    return found


_GATHERS = ("append", "appendleft", "extend", "insert", "add", "update")
"""By these an answer is put into a list of the script."""


def _gathered(node: ast.Call) -> list[tuple[set[str], Set[str]]]:
    if isinstance(node.func, ast.Attribute) and node.func.attr in _GATHERS:
        return [(names_in(node.func.value), set[str]().union(*map(names_read, node.args)))]
    return []


def names_written(nodes: list[ast.AST]) -> set[str]:
    """The names to which a script gives a meaning, but by an import."""
    found = {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    found |= {node.arg for node in nodes if isinstance(node, ast.arg)}
    defined = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.ExceptHandler)
    return found | {node.name for node in nodes if isinstance(node, defined) and node.name}


def names_in(*nodes: ast.AST) -> set[str]:
    return set[str]().union(*[loaded | bound for loaded, bound in map(_names, nodes)])


def names_read(node: ast.AST) -> frozenset[str]:
    """The names that it reads and does not bind itself, as a comprehension or a function does."""
    loaded, bound = _names(node)
    return loaded - bound if bound else loaded


_NONE: frozenset[str] = frozenset()


def _names(node: ast.AST) -> tuple[frozenset[str], frozenset[str]]:
    """What it reads and what it binds, as the script is written; kept at the node, which is asked often."""
    known: tuple[frozenset[str], frozenset[str]] | None = node.__dict__.get("_lab_names")
    if known is not None:
        return known
    loaded = bound = _NONE
    if isinstance(node, ast.Name):
        only = frozenset((node.id,))
        loaded, bound = (only, _NONE) if isinstance(node.ctx, ast.Load) else (_NONE, only)
    else:
        bound = frozenset((node.arg,)) if isinstance(node, ast.arg) else _NONE
        for name in node._fields:
            value = getattr(node, name, None)
            for part in value if type(value) is list else (value,):
                if isinstance(part, ast.AST) and name not in _NO_NAMES:
                    more, less = _names(part)
                    loaded, bound = loaded | more if more else loaded, bound | less if less else bound
    node.__dict__["_lab_names"] = (loaded, bound)
    return loaded, bound


_NO_NAMES = ("ctx", "op", "ops")


def is_of_itself(part: ast.expr, whole: ast.expr, theirs: set[str] | None) -> bool:
    """`r == sorted(r)`, which holds of nothing: `whole` is made of `part`, and of nothing else that the program gives.
    `theirs` is None in a function of the script, of whose arguments nobody knows whose they are.
    """
    if isinstance(part, ast.Constant) or type(part) is type(whole) is ast.Name:
        return False
    text = ast.dump(part)
    found = False
    left: list[ast.AST] = [whole]
    while left:
        node = left.pop()
        if type(node) is type(part) and node is not whole and ast.dump(node) == text:
            found = True
            continue
        if theirs is not None and isinstance(node, ast.Name) and node.id in theirs:
            return False
        left += ast.iter_child_nodes(node)
    return found


def searched(call: ast.Call, name: str, theirs: set[str]) -> int | None:
    """Which argument of a call of a regular expression's is the answer that is searched; None for another call."""
    if name in ("assertRegex", "assertNotRegex"):
        at = 0
    elif name in ("match", "fullmatch", "search", "findall", "finditer") and not names_in(call.func) & theirs:
        compiled = isinstance(call.func, ast.Attribute) and getattr(call.func.value, "id", "") not in ("re", "regex")
        at = 0 if compiled else 1
    else:
        return None
    return at if len(call.args) > at and names_read(call.args[at]) & theirs else None


def compared(nodes: list[ast.AST]) -> list[list[ast.expr]]:
    """The two sides of what is compared in a script."""
    pairs: list[list[ast.expr]] = []
    for node in nodes:
        if isinstance(node, ast.Compare):
            pairs.append([node.left, node.comparators[0]])
        elif isinstance(node, ast.Call) and len(node.args) > 1:
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            if name == "_lab_compare" or name.startswith("assert"):
                pairs.append(node.args[2:4] if name == "_lab_compare" else node.args[:2])
    return pairs


def states_compared(pairs: list[list[ast.expr]], theirs: set[str]) -> dict[str, ast.expr]:
    """By the name of an answer what it is compared with, where that is made of other answers or of their attributes."""
    found: dict[str, ast.expr] = {}
    for pair in pairs:
        for answer, made in (pair, pair[::-1]):
            if isinstance(answer, ast.Name) and answer.id in theirs and any(_owners(made, theirs)):
                found[answer.id] = made
    return found


def both_answers(pairs: list[list[ast.expr]], theirs: set[str]) -> set[str]:
    """Names of answers that are compared with another answer."""
    found = set[str]()
    for pair in pairs:
        if all(names_read(side) & theirs for side in pair):
            found |= {side.id for side in pair if isinstance(side, ast.Name)}
    return found


def _owners(made: ast.expr, theirs: set[str]) -> tuple[set[str], set[str]]:
    """Of which attributes, and of which answers themselves, an expression computes something, without a call of the
    program. To read `account.balance` or `len(stack.items)` is to look at the answer itself.
    """
    read = names_read(made) & theirs
    if not read:
        return set(), set()
    reads = made.args[0] if isinstance(made, ast.Call) and getattr(made.func, "id", "") == "len" and made.args else made
    calls = any(isinstance(inner, ast.Call) and names_read(inner.func) & theirs for inner in walk(made))
    if isinstance(reads, ast.Attribute | ast.Subscript | ast.Name) or calls or not can_be_made_again(made):
        return set(), set()
    parts = [inner.value for inner in walk(made) if isinstance(inner, ast.Attribute | ast.Subscript)]
    owners = {path for path in map(path_of, parts) if path.partition(" ")[0] in theirs}
    return owners, set(read - owners)


def path_of(node: ast.expr) -> str:
    """`self rect` of `self.rect`, `shapes 0` of `shapes[0]`; empty for what is no such path."""
    steps: list[str] = []
    while isinstance(node, ast.Attribute | ast.Subscript):
        steps.insert(0, node.attr if isinstance(node, ast.Attribute) else ast.dump(node.slice).replace(" ", ""))
        node = node.value
    return " ".join([node.id, *steps]) if isinstance(node, ast.Name) else ""


def given_what_is_read(answer: ast.expr, made: ast.expr, theirs: set[str]) -> list[str] | None:
    """`double(b)`, or `round(b.doubled())`, beside `[2 * x for x in b.xs]`: no names; `double(xs)` beside `[2 * x for x in
    xs]`: `xs`, an answer too. None where nothing that is read is given.
    """
    given = set[str]()
    for inner in walk(answer):
        owner: Any = getattr(inner.func, "value", inner.func) if isinstance(inner, ast.Call) else None
        if isinstance(inner, ast.Call) and path_of(owner).partition(" ")[0] in theirs:
            items = (owner, *inner.args, *(word.value for word in inner.keywords))
            given |= {path_of(item) for item in items} - {"", "self"}
    if not given or not can_be_made_again(answer):
        return None
    attributes, answers = _owners(made, theirs)
    if given & attributes:
        return []
    return sorted(given & answers) or None


_TAKES = frozenset(
    (
        *("pop", "popleft", "popitem", "next", "read", "readline", "readlines", "send", "append"),
        *("extend", "insert", "add", "update", "remove", "discard", "clear", "setdefault", "sort"),
        *("reverse", "shuffle", "seed", "write", "get_nowait"),
    )
)
"""What is not done twice."""
_NEW = frozenset(
    ("iter", "filter", "map", "zip", "reversed", "enumerate", "list", "sorted", "dict", "set", "copy", "deque")
)


def can_be_made_again(node: ast.AST) -> bool:
    """Whether it is an expression that gives the same when it is asked twice, and changes nothing."""
    for inner in walk(node):
        if isinstance(inner, ast.NamedExpr | ast.Await | ast.Yield | ast.YieldFrom):
            return False
        if not isinstance(inner, ast.Call):
            continue
        name = getattr(inner.func, "id", getattr(inner.func, "attr", ""))
        of = inner.args[0] if name == "next" and inner.args else getattr(inner.func, "value", inner.func)
        if name in _TAKES and not _is_new(of):
            return False
    return True


def _is_new(node: ast.expr) -> bool:
    """Whether what something is taken of is made for that: `next(x for x in xs if x > 1)`, `sorted(xs).pop()`."""
    if isinstance(node, ast.GeneratorExp):
        return True
    name = getattr(node.func, "id", getattr(node.func, "attr", "")) if isinstance(node, ast.Call) else ""
    return name in _NEW


def ends_at_once(nodes: list[ast.stmt], functions: Mapping[str, Any]) -> ast.Raise | None:
    """The `raise` that a body is sure to come to, by itself or in one of `functions`, where nothing before it leaves."""
    for node in nodes:
        if isinstance(node, ast.Raise):
            return node
        called = node.value if isinstance(node, ast.Expr) else None
        if isinstance(called, ast.Call) and getattr(called.func, "id", "") in functions:
            found = ends_at_once(functions[called.func.id].body, {})  # type: ignore[attr-defined]
            if found is not None:
                return found
        if any(isinstance(inner, ast.Return | ast.Break | ast.Continue) for inner in walk(node)):
            return None
    return None


def runs(test: ast.AST) -> str:
    """The function whose coroutine is run: `asyncio.run(go())`, `await go()`, or the function that is called."""
    while True:
        if isinstance(test, ast.Await):
            test = test.value
        elif not isinstance(test, ast.Call):
            return ""
        elif test.args and getattr(test.func, "attr", getattr(test.func, "id", "")) in _RUN:
            test = test.args[0]
        else:
            return getattr(test.func, "id", "")


_RUN = ("run", "run_until_complete", "wait_for", "gather")


def is_bare_return(node: ast.stmt) -> bool:
    return isinstance(node, ast.Return) and (node.value is None or getattr(node.value, "value", 0) is None)


def is_content_with_nothing(node: ast.If) -> bool:
    """`if not xs: return True`, `if len(xs) == 0: return True`."""
    said = node.body[0] if len(node.body) == 1 else None
    if not isinstance(said, ast.Return) or not isinstance(said.value, ast.Constant) or said.value.value is not True:
        return False
    test = node.test
    if isinstance(test, ast.Compare) and isinstance(test.ops[0], ast.Eq) and _is_nothing(test.comparators[0]):
        test = ast.UnaryOp(ast.Not(), test.left)
    of = test.operand if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not) else None
    return isinstance(of.args[0] if isinstance(of, ast.Call) and of.args else of, ast.Name)


def is_failure(node: ast.AST) -> bool:
    """`assert False`, `raise ...`, `self.fail()`, `pytest.fail()`."""
    if isinstance(node, ast.Assert):
        return isinstance(node.test, ast.Constant) and not node.test.value
    called = node.value.func if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call) else None
    return isinstance(node, ast.Raise) or getattr(called, "attr", getattr(called, "id", "")) == "fail"


def is_harmless(node: ast.expr) -> bool:
    """Whether it may as well be read where a comparison before it has failed."""
    return not any(
        isinstance(inner, ast.Subscript | ast.NamedExpr | ast.Await | ast.Div | ast.Mod | ast.FloorDiv)
        or (
            isinstance(inner, ast.Call)
            and getattr(inner.func, "id", "")
            not in ("abs", "len", "max", "min", "float", "_lab_computed", "_lab_number")
        )
        for inner in walk(node)
    )


def tells(nodes: Sequence[ast.stmt]) -> bool:
    """Whether anything in it asserts."""
    return any(
        isinstance(inner, ast.Assert) or getattr(inner, "attr", "").startswith("assert")
        for node in nodes
        for inner in walk(node)
    )


def is_truth(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, bool)


def sliced(node: ast.Call) -> bool:
    """Whether it takes a part of something: `zip(values, values[1:])` may well be empty."""
    return any(isinstance(inner, ast.Slice) for item in node.args for inner in walk(item))
