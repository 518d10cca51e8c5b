"""What the program gives for both sides of a comparison, the answer and what it is compared with: one object for all, one
value for all constants, a class that forgets what it is given. Then it judges. Runs in the container, in the tests' own
process.
"""

from collections.abc import Callable, Iterator
from typing import Any

from sandbox.inside.crossing.alike import is_equal, twin
from sandbox.inside.handles import Handle, HandleClass, Valued, own
from sandbox.inside.values import codec

_MOST = 10_000


def found_by(session: Any, owner: Any, given: Any, key: str) -> Any:
    """An object of the program gave this one for a key, as `graph["a"]`."""
    if type(given) is Handle or not isinstance(given, Handle):
        return given
    return _given_for(session, given, (("key of", own(owner, "_lab_id")), key))


def given_by(session: Any, function: Any, given: Any, arguments: str) -> Any:
    """A function of the program gave this object. Where it gave it before, for other arguments, the two may well be meant
    to differ: then the tests get another, if they are to be told apart.
    """
    method, of = own(function, "_lab_method"), own(function, "_lab_of")
    if type(given) is Handle or not isinstance(given, Handle) or (method is not None and of is None):
        return given
    number, call = own(given, "_lab_id"), (own(function, "_lab_id") if of is None else (of, method), arguments)
    if type(of) is int and (number == of or number in session.made):
        return given  # a method that gives back its own object, or one that the tests built
    return _given_for(session, given, call)


def _given_for(session: Any, given: Any, call: tuple[Any, str]) -> Any:
    number = own(given, "_lab_id")
    first = session.first.setdefault(number, call)
    if first[0] != call[0] or first[1] == call[1] or _is_known(session, given):
        return given
    session.several.add(number)
    session.alike.seen = True
    return twin(given) if session.alike.apart else given


def one_for_both(session: Any, left: Any, right: Any, seen: int) -> None:
    """Whether both sides hold one object that a function gave for several arguments, as `reverse(build([1, 2])) ==
    build([2, 1])`, or that was given for the first time here, when `seen` objects were known. Members of an enum, what stands
    under the program's own names and what the tests built by its class are such objects by right.
    """
    if not session.several and len(session.handles) <= seen:
        return
    ours = {own(item, "_lab_id") for item in _objects(left)}
    for item in _objects(right) if ours else ():
        number = own(item, "_lab_id")
        late = own(item, "_lab_serial") >= seen and number not in session.made and type(item) is not Handle
        if number in ours and (late or number in session.several) and not _is_known(session, item):
            how = "for the first time" if late else "for several arguments"
            session.judge(f"both sides are one object that the program gives {how}")


def _objects(value: Any) -> Iterator[Handle]:
    left = [value]
    for _ in range(_MOST):
        if not left:
            return
        part = left.pop()
        if isinstance(part, Handle):
            yield part
        elif isinstance(part, list | tuple | set | frozenset):
            left += part
        elif isinstance(part, dict):
            left += [*part, *part.values()]


def _is_known(session: Any, item: Any) -> bool:
    number = own(item, "_lab_id")
    classes = [kind.__dict__ for kind in session.classes.values()]
    held = [session.globals, *(kind.get("_lab_members", {}) for kind in classes)]
    return any(number in kind.get("_lab_values", ()) for kind in classes) or any(
        item is other for members in held for other in members.values()
    )


def same_under(session: Any, members: dict[str, Any], name: str, value: Any, known: int) -> None:
    """An object that stands under a name of the program is the one that stood there before the first call: one that is
    put there later, after it was an answer, would be what its answer is compared with. `known`: objects seen before.
    """
    if isinstance(value, Valued) and name not in members:
        object.__setattr__(value, "_lab_shown", own(value, "_lab_shown") or False)
    settled = members.get(name)
    if type(value) is Handle or not isinstance(value, Handle):
        plain = type(settled) in (int, float, str, bytes)
        if plain and settled != value and repr(settled) != repr(value):  # a NaN equals nothing
            session.judge(f"the program gives {name[:100]!r} another value than before")
        return
    if settled is value:
        return
    if name in members or own(value, "_lab_serial") < known:
        session.judge(f"the program puts another object under the name {name[:100]!r}")


def found_under(session: Any, kind: Any, key: Any, value: Any) -> Any:
    """What a class of the program gives for a key, as `Level["HIGH"]`: of two keys one object, or one value, is none of them."""
    if not isinstance(value, Handle | Valued) or not isinstance(key, str | int):
        return value
    members = kind.__dict__.get("_lab_members", {})
    found = session.found.setdefault(kind.__dict__.get("_lab_id"), {})
    found[key] = value
    for other, item in [*found.items(), *members.items()]:
        if other != key and _is_one(item, value):
            session.judge(f"the program gives one object two names, {str(key)[:100]!r} the second")
    return value


def _is_one(one: Any, other: Any) -> bool:
    if one is other or any(isinstance(item, Handle | HandleClass) or callable(item) for item in (one, other)):
        return one is other
    return is_equal(one, other)


def both_sides(session: Any) -> dict[str, Callable[..., Any]]:
    """What the rewritten script calls, by name."""

    def now() -> int:
        return len(session.handles)

    def sides(seen: int, left: Any, right: Any) -> tuple[Any, Any]:
        one_for_both(session, left, right, seen)
        return left, right

    def same(seen: int, left: Any, right: Any) -> Any:
        one_for_both(session, left, right, seen)
        return left == right

    def stands(where: str, name: str, value: Any) -> Any:
        """For what a name of the test `where` stands, which is called again with no name when it begins."""
        if not name:
            session.standing = {key: one for key, one in session.standing.items() if key[0] != where}
        elif isinstance(value, Handle) or type(value) is HandleClass:
            number = value.__dict__.get("_lab_id") if isinstance(value, type) else own(value, "_lab_id")
            first = session.standing.setdefault((where, number), name)
            known = isinstance(value, Handle) and _is_known(session, value)
            if first != name and not known:
                first, name = (one.rpartition(" ")[2][:100] for one in (first, name))
                session.judge(f"its names {first!r} and {name!r} stand for one object of the program")
        return value

    def constant(answer: str, name: str, value: Any) -> Any:
        """What stands under a name of the program's, and an answer is compared with; `answer`: by what that was had."""
        kept = session.constants
        if not _is_one(kept.setdefault(name, value), value):
            kept[name] = value  # of an object, `settings.limit`, it may change
            if "." not in name or not name[:1].islower():
                session.judge(f"the program gives {name[:100]!r} another value than before")
        session.compared.add((answer, name))
        if any(by == answer and other != name and _is_one(kept[other], value) for by, other in session.compared):
            session.judge(f"the program gives two names one value, {name[:100]!r} is the second")
        return value

    def item(answer: str, of: str, items: Any, key: Any) -> Any:
        """`CODES["bad"]`, of what the program has under the name of `CODES`."""
        return constant(answer, f"{of}.{key}" if isinstance(items, HandleClass) else f"{of}[{key!r}]", items[key])

    def attribute(answer: str, function: Any, kind: Any, *names: Any) -> Any:
        """`getattr(Status, name)`."""
        value = function(kind, *names)
        return constant(answer, f"{kind.__name__}.{names[0]}", value) if isinstance(kind, HandleClass) else value

    def left_out(value: Any) -> Any:
        session.judge("the program says which tests are left out")
        return value

    def showing(function: Any, *items: Any, **keywords: Any) -> Any:
        """What is called by a name with a capital, as a class, shows what it was given: as an object, or as that itself."""
        value = function(*items, **keywords)
        plain = not isinstance(value, Handle | Valued | HandleClass | BaseException)
        plain = plain and not (type(function) is type and function.__module__ != "builtins")  # `Decimal`, `Counter`
        if plain and (items or keywords) and not codec.shows(value, type(value), items, keywords):
            session.judge("the program makes a plain value of what the tests build as an object")
        return value

    named: dict[str, Callable[..., Any]] = {
        "_lab_constant": constant,
        "_lab_stands": stands,
        "_lab_item": item,
        "_lab_attribute": attribute,
        "_lab_showing": showing,
    }
    return {**named, "_lab_sides": sides, "_lab_same": same, "_lab_now": now, "_lab_left_out": left_out}
