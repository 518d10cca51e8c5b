"""What a rewritten test script calls in the place of comparisons, loops and what takes values together: they give what the
real ones give, and tell where that holds for nothing. Runs in the container, in the tests' own process.
"""

import abc
import collections
import contextlib
import itertools
import math
import operator
import sys
import types
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

from sandbox.inside.crossing.errors import ErrorClass
from sandbox.inside.handles import Handle, HandleClass, Valued, held_by, is_made, own
from sandbox.inside.values.arrays import is_array
from sandbox.inside.values.contents import copied
from sandbox.inside.values.entrusted import UNHEARD, of_class, taken_for

_EMPTY = "it asks something of an empty answer that holds for whatever is empty"
_CUT = "it zips an answer with more than that holds"
FILE = "tests.py"
"""The name under which the script is compiled."""
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
WATCHED = frozenset((*OPPOSITE, "In"))
"""Those that may hold of what is empty, or of no number."""


_SETS: tuple[type, ...] = (set, frozenset, type({}.keys()), type({}.items()))
HOLDERS: tuple[type, ...] = (*_SETS, list, tuple, dict, str, bytes, bytearray, range)


def kind_of(value: Any) -> Any:
    """The class that a script means: of plain data of a class of the program's, that one."""
    return value.__dict__.get("_lab_kind", value) if issubclass(type(value), type) else value


def idle(session: Any) -> str | None:
    """Why what passed since this was last called holds for nothing: at some place of the script all that was looked at was
    empty. Of the answers to several cases one may well be.
    """
    why = next((why for why in session.asked.values() if why), None)
    session.asked.clear()
    return why


def watches(session: Any) -> dict[str, Callable[..., Any]]:
    """What the rewritten script calls, by name; `session` is told where what passes holds for nothing."""
    judge, asked = session.judge, session.asked

    def asks(empty: bool, why: str) -> None:
        """Something is asked of what may be empty, at the place of the script that is running."""
        frame: Any = sys._getframe(1)
        while frame.f_code.co_filename != FILE and frame.f_back is not None:
            frame = frame.f_back
        place = (id(frame.f_code), frame.f_lasti)
        asked[place] = asked.get(place, why) if empty else None

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

    def within(*several: Any) -> None:
        held = [one for one in several if isinstance(one, (*_SETS, collections.Counter))]
        if held:
            asks(not all(held), "it asks what the empty set is a part of")

    def order(sign: str, left: Any, right: Any) -> Any:
        if sign == "In":
            if any(isinstance(left, kind) and isinstance(right, kind) for kind in (str, bytes)):
                asks(not left, "it looks for the empty text in another")
            return COMPARISONS[sign][1](left, right)
        sides(left, right)
        lesser = left if sign[:2] == "Lt" else right
        within(lesser)
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
        within(*items[:2])
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

    def zipped(function: Any, at: int, *items: Any) -> Any:
        """`zip` of an answer, which stands there, and of a list of the tests': what an answer lacks is compared with nothing."""
        pair = list(items)
        if type(items[1 - at]) not in (list, tuple):
            return pairs(function, *pair)
        if function is zip and type(items[at]) in HOLDERS and len(items[at]) < len(items[1 - at]):
            judge(_CUT)
        elif function is zip and type(items[at]) not in HOLDERS:
            pair[at] = counted(items[at], len(items[1 - at]))
        return pairs(function, *pair)

    def counted(items: Any, most: int) -> Iterator[Any]:
        """What the program yields, and whether it ends before so many."""
        number = 0
        for item in items:
            number += 1
            yield item
        if number < most:
            judge(_CUT)

    def some(items: Any) -> Any:
        """What is asked of every element, or of those that are wrong, holds for no element."""
        iterator = iter(items)
        for first in iterator:
            asks(False, "")
            return itertools.chain([first], iterator)
        asks(True, "it looks for something in an empty answer")
        return iter(())

    async def stream(items: Any) -> AsyncIterator[Any]:
        empty = True
        async for item in items:
            empty = False
            yield item
        asks(empty, "it looks for something in an empty stream")

    def broad(at: int, *pair: Any) -> tuple[Any, ...]:
        """An answer, which stands there, and an array of more numbers than it has: numpy takes it several times."""
        answer, several = pair[at], _size(pair[1 - at])
        if several is not None and not isinstance(answer, Handle | Valued) and (_size(answer) or 1) < several:
            judge("numpy takes an answer several times, as what it is compared with has another shape")
        return pair

    def held(value: Any) -> bool:
        """What is asserted. Where it does not hold and the test goes on, as with a task that nobody awaits, nobody was told."""
        if value:
            return True
        judge(UNHEARD)
        return False

    def failed(error: Any) -> Any:
        judge(UNHEARD)
        return error

    def beside(value: Any, answer: Any) -> Any:
        """`sorted(r)`, which is compared with what is made of `r` as well."""
        filled(answer)
        return value

    def filled(value: Any) -> Any:
        """A text that is searched, or an answer that is compared with what is made of it."""
        if isinstance(value, Handle) and own(value, "_lab_shape") in ("list", "dict", "set", "bytearray", "deque"):
            asks(not held_by(value), _EMPTY)
        elif isinstance(value, (*HOLDERS, collections.deque)) or is_array(value):
            asks(len(value) == 0, _EMPTY)
        return value

    def part(function: Any, *items: Any, **keywords: Any) -> Any:
        """`a.issubset(b)` and its kin."""
        owner = getattr(function, "__self__", None)
        if isinstance(owner, _SETS) and len(items) == 1 and not keywords:
            other = items[0] if isinstance(items[0], HOLDERS) else list(items[0])
            lesser: list[Any] = {"issubset": [owner], "issuperset": [other]}.get(function.__name__, [owner, other])
            asks(not all(lesser), "it asks what the empty set is a part of")
            return function(other)
        return function(*items, **keywords)

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
        if getattr(function, "__name__", "") in ("nansum", "nanprod") and any(map(_is_no_number, items)):
            judge("it sums all but what is no number (NaN), and there is nothing else")
        return function(*items, **keywords)

    def lent(answer: Callable[[], Any], make: Callable[[], Any], *names: Any) -> Any:
        """An answer that is compared with what is made of an object which the program is given for it, or of one of the
        lists `names`.
        """
        made: list[Any] = []
        if names and not any(isinstance(item, list | dict | set | bytearray | collections.deque) for item in names):
            return answer()
        with contextlib.suppress(Exception):
            made.append(copied(make()))
        given = answer()
        with contextlib.suppress(Exception):
            made.append(make())
        if len(made) == 2 and not _alike(*made):
            judge("the program changed what its answer is compared with")
        return given

    @contextlib.contextmanager
    def suppressed(function: Any, *kinds: Any) -> Iterator[None]:
        try:
            yield
        except BaseException as error:
            if function is not contextlib.suppress or not isinstance(error, kinds):
                raise
            judge("what it compares is given up where the program raises")

    def whether(answer: Any) -> Any:
        """What an object is, is no answer of the program's: tests that ask no more leave it untested."""
        session.calls -= isinstance(answer, bool)
        return answer

    def several(value: Any, kinds: tuple[Any, ...]) -> None:
        """An object that the tests did not build is of a class of all that they ask for, none of which is the other's."""
        if isinstance(value, Handle) and is_made(value):
            return
        of = own(value, "_lab_class") if isinstance(value, Handle) else type(value)
        if isinstance(of, ErrorClass):
            for found in [kind for kind in kinds if isinstance(kind, type) and issubclass(of, kind)]:
                taken_for(session, of, found)
            return
        for kind in kinds:
            if type(kind) is type(value):  # else its class has noted it when it was asked
                of_class(session, kind, kind)

    def descends(of: Any, kinds: Any, note: Callable[[Any, type, type], None]) -> None:
        """A class that the tests have from the program, and not by its name, is asked of which it is."""
        for kind in (kinds if isinstance(kinds, tuple) else (kinds,)) if "_lab_named" not in of.__dict__ else ():
            if isinstance(kind, type) and issubclass(of, kind) and kind not in (Exception, BaseException):
                note(session, of, kind)

    def has(function: Any, *items: Any, **keywords: Any) -> Any:
        """What an object of the program is and can do: its stub can do everything, and is of no class of Python's."""
        stub: Any = type(items[0]) if items else type
        if stub is HandleClass and "_lab_id" in items[0].__dict__:
            stub = items[0]
        elif isinstance(stub, ErrorClass) and function is isinstance:
            several(items[0], items[1] if isinstance(items[1], tuple) else (items[1],))
            return isinstance(*items)
        elif function is issubclass and isinstance(items[0], type) and issubclass(items[0], BaseException):
            descends(items[0], items[1], taken_for)
            return issubclass(*items)
        elif Handle not in stub.__mro__ and Valued not in stub.__mro__:
            return function(*items, **keywords)
        if isinstance(function, types.FunctionType) and function.__module__ in _INSPECTING:
            return whether(session.ask(function.__name__, *items, **keywords))
        if (function is callable and stub is not items[0]) or (function is hasattr and str(items[1])[:2] == "__"):
            return whether(session.ask(function.__name__, *items)) is True
        if function is issubclass or function is isinstance:
            kinds = items[1] if isinstance(items[1], tuple) else (items[1],)
            if function is isinstance and (stub is not Handle or own(items[0], "_lab_class")):
                several(items[0], kinds)
            elif function is issubclass and stub is items[0]:
                descends(stub, tuple(kind for kind in kinds if type(kind) is HandleClass), of_class)
            return any(
                function(items[0], kind) if stub is not Handle else _is_a(items[0], kind) for kind in kinds
            ) or any(_descends(stub, kind) for kind in kinds)
        return function(*items, **keywords)

    return {
        "_lab_has": has,
        **{"_lab_order": order, "_lab_chain": chain, "_lab_near": near, "_lab_zip": pairs, "_lab_some": some},
        "_lab_zipped": zipped,
        **{"_lab_most": most, "_lab_arrays": arrays, "_lab_lent": lent, "_lab_stream": stream},
        **{"_lab_suppress": suppressed, "_lab_own": _own, "_lab_part": part, "_lab_filled": filled},
        **{"_lab_beside": beside, "_lab_broad": broad, "_lab_held": held, "_lab_failed": failed},
    }


def plainly(encode: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    """What JSON is made of an object that holds a dict or a list: as of these. `encode`: for any other."""

    def default(encoder: Any, value: Any) -> Any:
        held = isinstance(value, Handle) and own(value, "_lab_shape") in ("dict", "list")
        return held_by(value) if held else encode(encoder, value)

    return default


_INSPECTING = ("inspect", "asyncio.coroutines", "dataclasses")


def _descends(stub: Any, kind: Any) -> bool:
    """Whether the class of a stub has this class of the standard library among its own."""
    real = getattr(kind, "__module__", None), getattr(kind, "__name__", None)
    bases = stub.__dict__.get("_lab_kind", stub).__mro__
    return any(base.__dict__.get("_lab_real") == real for base in bases)


def _is_a(handle: Any, kind: Any) -> bool:
    """Whether a function, a generator or another object of no class of the program's is of a class, or of an abstract one."""
    if not isinstance(kind, abc.ABCMeta):
        return isinstance(handle, kind)
    real = handle.__class__
    return issubclass(types.FunctionType if real is Handle else real, kind)


def _own(error: Any) -> Any:
    """What the tests raise themselves, so that it can be told from what came of an answer."""
    error = error() if isinstance(error, type) else error
    if isinstance(error, BaseException):
        error.__dict__["_lab_own"] = True
    return error


def _shown(value: Any) -> str:
    try:
        return repr(value)
    except Exception:
        return f"a {type(value).__name__}"


def _alike(left: Any, right: Any) -> bool:
    if is_array(left) and is_array(right):
        return bool(left.shape == right.shape and left.tobytes() == right.tobytes())
    with contextlib.suppress(Exception):
        if left == right:
            return True
    return _shown(left) == _shown(right)


def _is_nan(value: Any) -> bool:
    if type(value).__module__ == "numpy":
        return bool(value.dtype.kind in "fc" and value.size == 1 and value != value)
    return isinstance(value, float) and value != value


def _is_no_number(value: Any) -> bool:
    """Whether all in an array, or a list, is NaN."""
    return is_array(value) and value.dtype.kind in "fc" and bool((value != value).all())


_ARRAYS_NAMED = ("actual", "desired", "x", "y", "a", "b")


def _size(value: Any) -> int | None:
    """How many numbers it holds; None for what is neither a number nor an array nor a list."""
    if isinstance(value, int | float | complex):
        return 1
    if isinstance(value, list | tuple):
        return len(value)
    size = getattr(value, "size", None) if type(value).__module__ == "numpy" else None
    return size if isinstance(size, int) else None
