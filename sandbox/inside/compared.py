"""What a rewritten test script calls in the place of comparisons, loops and what takes values together: they give what the
real ones give, and tell where that holds for nothing; and which names of a script stand for the program. Runs in the
container, in the tests' own process.
"""

import ast
import builtins
import contextlib
import itertools
import math
import operator
from collections.abc import Callable, Iterator
from typing import Any

COMPARISONS: dict[str, tuple[str, Callable[[Any, Any], Any]]] = {
    "Eq": ("", operator.eq),
    "NotEq": ("anything but ", operator.ne),
    "Lt": ("less than ", operator.lt),
    "LtE": ("at most ", operator.le),
    "Gt": ("more than ", operator.gt),
    "GtE": ("at least ", operator.ge),
    "Is": ("the very object ", operator.is_),
    "IsNot": ("another object than ", operator.is_not),
    "In": ("one of ", lambda a, b: a in b),
    "NotIn": ("none of ", lambda a, b: a not in b),
}
OPPOSITE = {"Lt": "Gt", "Gt": "Lt", "LtE": "GtE", "GtE": "LtE"}


def watches(session: Any) -> dict[str, Callable[..., Any]]:
    """What the rewritten script calls, by name; `session` is told where what passes holds for nothing."""
    judge = session.judge

    def sides(left: Any, right: Any) -> None:
        """`not abs(a - b) > eps` holds for a NaN, and `inf <= eps * inf` holds."""
        for side in (left, right):
            if type(side).__module__ == "numpy":
                if side.dtype.kind in "fc" and (side != side).any():
                    judge("it asks for the order of an array that holds a NaN")
                    continue
                side = side.item() if side.size == 1 else None
            if (isinstance(side, float) or type(side).__name__ == "Decimal") and (
                side != side or (math.isinf(side) and left == right)
            ):
                judge(f"it asks for the order of {left!r} and {right!r}")

    def order(sign: str, left: Any, right: Any) -> Any:
        sides(left, right)
        lesser = left if sign[:2] == "Lt" else right
        if isinstance(lesser, set | frozenset) and not lesser:
            judge("it asks what the empty set is a part of")
        return COMPARISONS[sign][1](left, right)

    def chain(signs: tuple[str, ...], *items: Any) -> Any:
        """`a < b <= c`, of which all is known before."""
        outcome: Any = True
        for sign, left, right in zip(signs, items, items[1:], strict=False):
            outcome = outcome and order(sign, left, right)
        return outcome

    def near(function: Any, *items: Any, **keywords: Any) -> Any:
        """`assertLessEqual(abs(a - b), eps * abs(a))`, and `assertAlmostEqual` with such a `delta`."""
        sides(*items[:2])
        delta = keywords.get("delta")
        if isinstance(delta, float) and not math.isfinite(delta):
            judge(f"it is content with a difference of {delta!r}")
        return function(*items, **keywords)

    def pairs(function: Any, *items: Any, **keywords: Any) -> Any:
        """`zip` of an empty answer and what is expected gives no pair to compare."""
        if function is map and len(items) > 2 and not keywords:
            return itertools.starmap(items[0], pairs(zip, *items[1:]))
        if function is not zip or len(items) < 2 or keywords:
            return function(*items, **keywords)
        iterators = [iter(item) for item in items]
        nothing = object()
        firsts = [next(iterator, nothing) for iterator in iterators]
        if all(first is not nothing for first in firsts):
            return itertools.chain([tuple(firsts)], zip(*iterators, strict=False))
        if any(first is not nothing for first in firsts):
            judge("it zips something with nothing")
        return iter(())

    def some(items: Any) -> Any:
        """What is asked of every element, or of those that are wrong, holds for no element."""
        iterator = iter(items)
        for first in iterator:
            return itertools.chain([first], iterator)
        judge("it looks for something in an empty answer")
        return iter(())

    def less(left: Any, right: Any) -> Any:
        if isinstance(left, set | frozenset) and not left:
            judge("it takes something from an empty set")
        return left - right

    def most(function: Any, *items: Any, **keywords: Any) -> Any:
        """The greatest of 0 and a NaN is 0."""
        given = [list(items[0])] if len(items) == 1 else list(items)
        if any(_is_nan(item) for item in (given[0] if len(items) == 1 else given)):
            judge("it asks for the greatest or least beside a NaN")
        return function(*given, **keywords)

    def arrays(function: Any, *items: Any, **keywords: Any) -> Any:
        owner = getattr(function, "__self__", None)
        given = [*([owner] if _size(owner) is not None else []), *items[:2], *map(keywords.get, _ARRAYS_NAMED)]
        sizes = [size for size in map(_size, given) if size is not None]
        if 0 in sizes and (len(sizes) == 1 or any(sizes)):
            judge("it compares an empty array")
        return function(*items, **keywords)

    def fixed(value: Any, again: Callable[[], Any]) -> Any:
        """What is expected, as `sorted(xs)`, where the program was given `xs`: the same of what it was before."""
        altered = [item for item in session.changed.values() if same(contents(item[0]), item[2])]
        if not altered or isinstance(value, Iterator):
            return value
        try:
            for container, before, _ in altered:
                put(container, before)
            meant = again()
            shown = repr(meant)
        except Exception:
            meant, shown = judge, ""
        for container, _, after in altered:
            put(container, after)
        if shown != repr(value) and not _equal(meant, value):
            judge("the program changed what its answer is compared with")
        return value

    @contextlib.contextmanager
    def suppressed(function: Any, *kinds: Any) -> Iterator[None]:
        try:
            yield
        except BaseException as error:
            if function is not contextlib.suppress or not isinstance(error, kinds):
                raise
            judge("what it compares is given up where the program raises")

    return {
        **{"_lab_order": order, "_lab_chain": chain, "_lab_near": near, "_lab_zip": pairs, "_lab_some": some},
        **{"_lab_less": less, "_lab_most": most, "_lab_arrays": arrays, "_lab_fixed": fixed},
        **{"_lab_suppress": suppressed, "_lab_own": _own},
    }


def _own(error: Any) -> Any:
    """What the tests raise themselves, so that it can be told from what came of an answer."""
    error = error() if isinstance(error, type) else error
    if isinstance(error, BaseException):
        error.__dict__["_lab_own"] = True
    return error


def contents(container: Any) -> list[Any]:
    """What a list, dict, set, deque or bytearray holds now."""
    return list(container.items() if isinstance(container, dict) else container)


def put(container: Any, items: list[Any]) -> None:
    """Have it hold that again."""
    container.clear()
    if isinstance(container, dict):
        for key, value in items:
            container[key] = value
    else:
        container.update(items) if isinstance(container, set) else container.extend(items)


def same(old: list[Any], new: list[Any]) -> bool:
    """Whether two lists of contents hold the very same objects."""
    pairs = zip(old, new, strict=False)
    return len(old) == len(new) and all(
        a is b or (type(a) is type(b) is tuple and len(a) == len(b) == 2 and a[0] is b[0] and a[1] is b[1])
        for a, b in pairs
    )


def _equal(left: Any, right: Any) -> bool:
    try:
        return bool(left == right)
    except Exception:
        return False


def _is_nan(value: Any) -> bool:
    if type(value).__module__ == "numpy":
        return bool(value.dtype.kind in "fc" and value.size == 1 and value != value)
    return isinstance(value, float) and value != value


_ARRAYS_NAMED = ("actual", "desired", "x", "y", "a", "b")


def _size(value: Any) -> int | None:
    """How many numbers it holds; None for what is neither a number nor an array nor a list."""
    if isinstance(value, int | float | complex):
        return 1
    if isinstance(value, list | tuple):
        return len(value)
    size = getattr(value, "size", None) if type(value).__module__ == "numpy" else None
    return size if isinstance(size, int) else None


BUILTINS = frozenset(dir(builtins))


def names_of_the_program(tree: ast.Module) -> set[str]:
    """Names that stand for the program, or for what came of it: those that the script does not bind, `candidate`, what is
    imported from `solution`, and, wherever in the script, what is made of these.
    """
    bound = set(BUILTINS) | {"np", "pd", "pytest", "unittest", "math"}
    found, loaded = {"candidate"}, set[str]()
    made: list[tuple[ast.AST | None, list[ast.AST]]] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            names = {(alias.asname or alias.name).partition(".")[0] for alias in node.names}
            program = getattr(node, "module", None) == "solution" or "solution" in names
            (found if program else bound).update(names)
        elif isinstance(node, ast.Name):
            (loaded if isinstance(node.ctx, ast.Load) else bound).add(node.id)
        elif isinstance(node, ast.arg):
            bound.add(node.arg)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            bound.add(node.name)
            made.append((ast.Name(node.name, ast.Store()), list(node.body)))
        elif isinstance(node, ast.ExceptHandler) and node.name:
            bound.add(node.name)
        if isinstance(node, ast.Assign):
            made += [(target, [node.value]) for target in node.targets]
        elif isinstance(node, ast.AnnAssign | ast.AugAssign | ast.NamedExpr) and node.value is not None:
            made.append((node.target, [node.value]))
        elif isinstance(node, ast.For | ast.AsyncFor | ast.comprehension):
            made.append((node.target, [node.iter]))
        elif isinstance(node, ast.withitem):
            made.append((node.optional_vars, [node.context_expr]))
    found |= loaded - bound
    names_in = [(_names(to), _names(*of)) for to, of in made if to is not None]
    while True:
        more = {name for to, of in names_in if of & found for name in to} - found
        if not more:
            return found
        found |= more


def _names(*nodes: ast.AST) -> set[str]:
    return {inner.id for node in nodes for inner in ast.walk(node) if isinstance(inner, ast.Name)}
