"""What pytest does around a test function: fixtures and their scopes, `setup_...` and `teardown_...`. Runs in the container,
in the tests' own process.
"""

import contextlib
import functools
import itertools
import types
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from sandbox.inside.testing.marks import Parameters, holders, noted

SCOPES = ("session", "package", "module", "class", "function")
Key = tuple[tuple[str, int], ...]
"""What fixtures that are wider than a test are parametrized with in one of its runs: names and identities."""
_GENERATOR, _COROUTINE, _ASYNC_GENERATOR = 0x20, 0x80, 0x200
"""Flags of a function's code."""


class Fixture:
    """A function under `pytest.fixture`: the tests ask for it by its name."""

    def __init__(self, function: Any, scope: Any, autouse: bool, params: Any, name: str | None) -> None:
        self.function, self.autouse, self.name = function, autouse, name
        self.rank = SCOPES.index(scope) if scope in SCOPES else SCOPES.index("function")
        rows = [item for item in params or () if not (isinstance(item, Parameters) and item.left)]
        self.params = None if params is None else [item[0] if isinstance(item, Parameters) else item for item in rows]

        self.flags = getattr(getattr(holders(function)[-1], "__code__", None), "co_flags", 0)
        self.method = False
        """Whether it is a method of a test class."""

    @property
    def wants(self) -> list[str]:
        return needs(self.function)[self.method :]

    def __call__(self, *arguments: Any, **keywords: Any) -> Any:
        return self.function(*arguments, **keywords)


def fixture(
    function: Any = None,
    *,
    scope: Any = "function",
    autouse: bool = False,
    params: Any = None,
    name: Any = None,
    **_: Any,
) -> Any:
    """`pytest.fixture`, with and without arguments."""

    def decorate(function: Any) -> Any:
        return Fixture(function, scope, autouse, params, name)

    return decorate if function is None else decorate(function)


def needs(function: Any) -> list[str]:
    """The parameters of a function that have no default."""
    skip = isinstance(function, types.MethodType)
    function = holders(function)[-1]
    code = getattr(function, "__code__", None) if isinstance(function, types.FunctionType) else None
    if code is None:
        return []
    names = code.co_varnames[skip : code.co_argcount]
    only = code.co_varnames[code.co_argcount : code.co_argcount + code.co_kwonlyargcount]
    wanted = names[: len(names) - len(function.__defaults__ or ())]
    return [*wanted, *(name for name in only if name not in (function.__kwdefaults__ or {}))]


class Item:
    """A test that is to be run: a function of the script, or the method `name` of `case`; `takes`: it is given what its
    parameters ask for, as a method of unittest is not; `asked`: the fixtures that it
    needs, those of wider scope first; `missing`: a name that none is there for; `runs`: what each run is given, as
    direct values and as what fixtures are parametrized with.
    """

    def __init__(self, scopes: "Scopes", function: Any, case: type | None, name: str, takes: bool = True) -> None:
        self.scopes, self.function, self.case, self.name = scopes, function, case, name
        marks = [mark for holder in (function, case) if holder is not None for mark in noted(holder, "parametrize")]
        used = [name for holder in (case, function) if holder is not None for name in noted(holder, "usefixtures")]
        self.direct = {key for keys, through, _ in marks for key in keys if key not in through}
        self.wants = [item for item in needs(function) if takes and item not in self.direct]
        self.missing = ""
        self.runs: list[tuple[dict[str, Any], dict[str, Any]]] = [({}, {})]
        found: list[tuple[str, Fixture]] = []
        for item in [*scopes.automatic(case), *itertools.chain(*used), *self.wants]:
            self._close(item, found, -1)
        found.sort(key=lambda pair: pair[1].rank)
        self.asked = list(dict.fromkeys(name for name, _ in found))
        self.wider = [name for name, held in found if held.rank < SCOPES.index("class")]
        for _, through, given in reversed(marks):
            pairs = [
                ({k: v for k, v in row.items() if k not in through}, {k: v for k, v in row.items() if k in through})
                for row in given
            ]
            self.runs = [({**a, **c}, {**b, **d}) for c, d in pairs for a, b in self.runs]
        given_to = {key for _, keys, _ in marks for key in keys}
        for name, held in dict(found).items():
            if held.params is not None and name not in given_to:
                self.runs = [(a, {**b, name: value}) for a, b in self.runs for value in held.params]

    def key(self, params: Mapping[str, Any]) -> Key:
        return tuple((name, id(params[name])) for name in dict.fromkeys(self.wider) if name in params)

    def wide(self) -> list[Key]:
        """The keys of its runs, each once."""
        return list(dict.fromkeys(self.key(params) for _, params in self.runs))

    def _close(self, name: str, found: list[tuple[str, Fixture]], level: int) -> None:
        """Add a fixture and those that it needs; one may need another of its own name, which it hides."""
        if name == "request" or name in self.direct:
            return
        held = self.scopes.fixtures(name, self.case)
        if len(held) + level < 0:
            self.missing = self.missing or name
        elif (name, held[level]) not in found:
            found.append((name, held[level]))
            for inner in held[level].wants:
                self._close(inner, found, level - 1 if inner == name else -1)


class _Made:
    """What a fixture gave, what it was parametrized with, the fixtures it rests on, and what is done at its end."""

    def __init__(self, param: dict[str, Any]) -> None:
        self.param, self.under, self.ends = param, set[Fixture](), list[Callable[[], Any]]()
        self.ready, self.value = False, None


class _Module:
    """What `request.module` and `setup_module(module)` are given."""


class Scopes:
    """What the fixtures of one script gave, and what is torn down when their scope ends."""

    def __init__(self, names: dict[str, Any]) -> None:
        self.names = names
        self.module = _Module()
        """The script as a module: what is set on it is set in the script."""
        self.module.__dict__ = names
        self.outer: dict[type, type] = {}
        """In which class a class of the tests stands."""
        self.made: dict[Fixture, _Made] = {}
        """In the order of setting up."""
        self.around: dict[tuple[type | None, str], Fixture | None] = {}

    def fixtures(self, name: str, case: type | None) -> list[Fixture]:
        """The fixtures of a name; the last is the one that counts: of the script, of a class's bases, of the class."""
        return [known[name] for known in self._tables(case) if name in known]

    def automatic(self, case: type | None) -> list[str]:
        """The names of the fixtures that every test has, whether it asks or not."""
        return [name for known in self._tables(case) for name, item in known.items() if item.autouse]

    def _tables(self, case: type | None) -> list[dict[str, Fixture]]:
        found = [self._around(None, case is not None), _named(self.names, False)]
        if case is not None:
            if not any(kind.__module__.startswith("unittest") for kind in type.mro(case)):
                found.append(self._around(case, True))
            found += [_named(vars(kind), True) for held in self._holding(case) for kind in reversed(type.mro(held))]
        return found

    def _holding(self, case: type) -> list[type]:
        """The classes in which a class stands, and itself."""
        return [*(self._holding(self.outer[case]) if case in self.outer else ()), case]

    def _around(self, case: type | None, in_class: bool) -> dict[str, Fixture]:
        """`setup_...` and `teardown_...` as fixtures that every test has."""
        found = {}
        for scope, before, after in _OF_CLASSES if case is not None else _OF_MODULES[: 1 if in_class else None]:
            if (case, scope) not in self.around:
                pair = [self._hook(case, before), self._hook(case, after)]
                made = Fixture(_surround(scope, case, *pair), scope, True, None, None) if any(pair) else None
                self.around[case, scope] = made
            if (held := self.around[case, scope]) is not None:
                found[f"{scope} {before[0]}"] = held
        return found

    def _hook(self, case: type | None, names: Sequence[str]) -> Any:
        held = [self.names] if case is None else [vars(kind) for kind in type.mro(case)]
        found = [holders(known[name])[0] for name in names for known in held if name in known]
        return next((item for item in found if type(item) is types.FunctionType), None)

    def run(self, item: Item, key: Key | None = None) -> None:
        """Run a test once for each of its cases, or those of one key, with what goes before and after; raises what any
        of them raises.
        """
        for direct, params in item.runs:
            if key is not None and item.key(params) != key:
                continue
            owner = item.case() if item.case is not None else None
            function = item.function if item.case is None else getattr(owner, item.name)
            self.once(item, owner, function, direct, params)

    def once(self, item: Item, owner: Any, function: Any, direct: Mapping[str, Any], params: Mapping[str, Any]) -> None:
        """One run of a test: `function` is bound to `owner`, where there is one."""
        with contextlib.ExitStack() as stack:
            stack.callback(self.end, "class" if item.case is None else "function")
            giving = _Giving(self, item, owner, function, direct, params)
            for name in item.asked:
                giving.value(name)
            result = function(**direct, **{name: giving.value(name) for name in item.wants})
            if isinstance(result, types.CoroutineType):
                import asyncio  # it takes long to import, and few tests need it

                result = asyncio.run(result)
            if result is False:
                raise AssertionError("the test returned False")

    def end(self, scope: str) -> None:
        """Tear down what lives no longer than `scope`, the last first; raises what a teardown raises, after all."""
        self.drop([fixture for fixture in self.made if fixture.rank >= SCOPES.index(scope)])

    def drop(self, gone: Sequence[Fixture]) -> None:
        with contextlib.ExitStack() as stack:
            for fixture in gone:
                for end in self.made.pop(fixture).ends:
                    stack.callback(end)


class _Giving:
    """What the fixtures give in one run of a test."""

    def __init__(self, scopes: Scopes, item: Item, owner: Any, function: Any, direct: Any, params: Any) -> None:
        self.scopes, self.item, self.owner, self.function = scopes, item, owner, function
        self.direct, self.params = direct, params

    def value(self, name: str, level: int = -1, under: set[Fixture] | None = None) -> Any:
        """What the fixture of a name gives; `under`: what the one that asks for it rests on."""
        if name == "request":
            return Request(self, _TEST, self.scopes.made.setdefault(_TEST, _Made({})))
        if name in self.direct:
            return self.direct[name]
        held = self.scopes.fixtures(name, self.item.case)
        if len(held) + level < 0:
            raise LookupError(f"no fixture is called {name!r}")
        fixture, made = held[level], self.scopes.made
        param = {"param": self.params[name]} if name in self.params else {}
        known = made.get(fixture)
        if known is not None and not (
            known.ready and known.param.keys() == param.keys() and all(known.param[key] is param[key] for key in param)
        ):
            self.scopes.drop([other for other, kept in made.items() if other is fixture or fixture in kept.under])
        if fixture not in made:
            new = _Made(param)
            given = {
                inner: self.value(inner, level - 1 if inner == name else -1, new.under)
                for inner in fixture.wants
                if inner != "request"
            }
            made[fixture] = new
            if "request" in fixture.wants:
                given["request"] = Request(self, fixture, new)
            new.value, new.ready = self._set_up(fixture, new, given), True
        if under is not None:
            under.update((fixture, *made[fixture].under))
        return made[fixture].value

    def _set_up(self, fixture: Fixture, made: _Made, given: Mapping[str, Any]) -> Any:
        function: Any = fixture.function
        if fixture.method and self.item.case is not None:
            narrow = fixture.rank == len(SCOPES) - 1
            function = types.MethodType(function, self.owner if narrow else self.item.case())
        result = function(**given)
        if fixture.flags & _GENERATOR:
            made.ends.append(functools.partial(next, result, None))
            return next(result)
        if fixture.flags & (_COROUTINE | _ASYNC_GENERATOR):
            import asyncio

            loop = asyncio.new_event_loop()
            if fixture.flags & _COROUTINE:
                return loop.run_until_complete(result)
            made.ends.append(lambda: loop.run_until_complete(anext(result, None)))
            return loop.run_until_complete(anext(result))
        return result


class Request:
    """What a fixture is told of the test that asks for it."""

    def __init__(self, giving: _Giving, fixture: Fixture, made: _Made) -> None:
        self._giving, self._made = giving, made
        self.scope, self.fixturename = SCOPES[fixture.rank], fixture.name
        narrow = fixture.rank == len(SCOPES) - 1
        self.function = giving.function if narrow else None
        self.instance = giving.owner if narrow else None
        self.cls = giving.item.case
        self.module = giving.scopes.module
        self.fixturenames = list(giving.item.asked)
        self.node = types.SimpleNamespace(name=giving.item.name)
        if made.param:
            self.param = made.param["param"]

    def addfinalizer(self, finalizer: Callable[[], Any]) -> None:
        self._made.ends.append(finalizer)

    def getfixturevalue(self, name: str) -> Any:
        return self._giving.value(name, under=self._made.under)


_OF_MODULES = (
    ("module", ("setUpModule", "setup_module"), ("tearDownModule", "teardown_module")),
    ("function", ("setup_function",), ("teardown_function",)),
)
_OF_CLASSES = (
    ("class", ("setup_class",), ("teardown_class",)),
    ("function", ("setup_method", "setup", "setUp"), ("teardown_method", "teardown", "tearDown")),
)


def _surround(scope: str, case: type | None, before: Any, after: Any) -> Callable[[Request], Iterator[None]]:
    """A fixture of what is called before and what is called after."""

    def around(request: Request) -> Iterator[None]:
        own = [] if case is None else [request.instance] if scope == "function" else [case]
        told = [*own, *([] if scope == "class" else [request.function if scope == "function" else request.module])]
        for hook in (before, after):
            if hook is not None:
                hook(*told[: hook.__code__.co_argcount])
            if hook is before:
                yield

    return around


def _named(held: Mapping[str, Any], method: bool) -> dict[str, Fixture]:
    found = {name: item for name, item in list(held.items()) if type(item) is Fixture}
    for item in found.values():
        item.method = method
    return {item.name or name: item for name, item in found.items()}


_TEST = Fixture(lambda: None, "function", False, None, None)
"""Stands for the test itself, where that adds what is done at its end."""
