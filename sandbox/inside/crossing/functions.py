"""Functions of the tests, as the program sees them: with their name, text and parameters. Runs in the container, on both
sides.
"""

import builtins
import functools
import keyword
import types
from collections.abc import Callable, Sequence
from typing import Any

_VARARGS, _KEYWORDS, _COROUTINE = 0x04, 0x08, 0x80


def described(function: Any, export: Callable[[Any], Any]) -> list[Any]:
    """What the program is told of a function that it is given. Of defaults only that there are some: they may hold what
    is expected.
    """
    bound = isinstance(function, types.MethodType)
    plain = _plain(function)
    if plain is None:
        return []
    code = plain.__code__
    names = list(code.co_varnames[: code.co_argcount])
    several = list(code.co_varnames[code.co_argcount : code.co_argcount + code.co_kwonlyargcount])
    rest = list(code.co_varnames[code.co_argcount + code.co_kwonlyargcount :])
    many = rest.pop(0) if code.co_flags & _VARARGS else None
    others = rest.pop(0) if code.co_flags & _KEYWORDS else None
    first = code.co_posonlyargcount
    if bound and names:
        names, first = names[1:], max(0, first - 1)
    optional = min(len(names), len(plain.__defaults__ or ()))
    by_name = sorted(plain.__kwdefaults__ or ())
    parameters = [first, names, optional, many, several, by_name, others]
    annotations = [[name, kind] for name, kind in plain.__annotations__.items() if kind is None or type(kind) is str]
    annotations += [[name, export(kind)] for name, kind in plain.__annotations__.items() if _crosses(kind)]
    text = plain.__doc__ if isinstance(plain.__doc__, str) else None
    return [plain.__name__, plain.__qualname__, text, is_coroutine(plain), parameters, annotations]


def is_coroutine(function: Any) -> bool:
    """Whether it stands in the program for one that is awaited."""
    plain = _plain(function)
    return plain is not None and bool(plain.__code__.co_flags & _COROUTINE)


def _plain(function: Any) -> types.FunctionType | None:
    plain = function.__func__ if isinstance(function, types.MethodType) else function
    return plain if isinstance(plain, types.FunctionType) else None


def _crosses(kind: Any) -> bool:
    return isinstance(kind, type) and (getattr(builtins, kind.__name__, None) is kind or "_lab_id" in kind.__dict__)


def made(ask: Callable[[list[Any], dict[str, Any]], Any], told: Sequence[Any], resolve: Callable[[Any], Any]) -> Any:
    """The function that stands for one of the tests': `ask` is called with what it is called with."""
    if not told:
        return lambda *arguments, **keywords: ask(list(arguments), keywords)
    name, qualified, text, coroutine, parameters, annotations = told
    call = _maker(coroutine, *[tuple(part) if isinstance(part, list) else part for part in parameters])(ask)
    call.__name__, call.__qualname__, call.__doc__, call.__module__ = name, qualified, text, "tests"
    call.__annotations__ = {name: resolve(kind) if isinstance(kind, list) else kind for name, kind in annotations}
    return call


class _Default:
    """What stands for a default of the tests' function, which is not told."""

    def __repr__(self) -> str:
        return "..."


_DEFAULT = _Default()


@functools.lru_cache(maxsize=256)
def _maker(
    coroutine: bool,
    first: int,
    names: tuple[str, ...],
    optional: int,
    many: str | None,
    several: tuple[str, ...],
    by_name: tuple[str, ...],
    others: str | None,
) -> Callable[[Any], Any]:
    """What makes a function with these parameters, of what it asks. One with names that are none takes whatever it gets."""
    used = [*names, *several, *filter(None, (many, others))]
    if not all(name.isidentifier() and not keyword.iskeyword(name) for name in used):
        first, names, optional, many, several, by_name, others = 0, (), 0, "arguments", (), (), "keywords"
    required = len(names) - optional
    parts = [name if at < required else f"{name}=_lab_default" for at, name in enumerate(names)]
    if first:
        parts.insert(first, "/")
    if many or several:
        parts.append(f"*{many or ''}")
    parts += [f"{name}=_lab_default" if name in by_name else name for name in several]
    parts += [f"**{others}"] if others else []
    held = "".join(f"({name!r}, {name})," for name in names)
    keys = "".join(f"{name!r}: {name}," for name in several)
    given = f"({held}), {first}, {many or '()'}, {{{keys}}}, {others or '{}'}"
    source = (
        f"def make(_lab_ask):\n    {'async ' if coroutine else ''}def call({', '.join(parts)}):\n"
        f"        return _lab_ask(*_lab_given({given}))\n    return call\n"
    )
    scope: dict[str, Any] = {"_lab_given": _given, "_lab_default": _DEFAULT}
    exec(compile(source, "tests.py", "exec", dont_inherit=True), scope)
    maker: Callable[[Any], Any] = scope["make"]
    return maker


def _given(
    held: tuple[tuple[str, Any], ...],
    first: int,
    many: tuple[Any, ...],
    several: dict[str, Any],
    others: dict[str, Any],
) -> tuple[list[Any], dict[str, Any]]:
    """What it was called with: after one that was left out, the others by their names."""
    arguments: list[Any] = []
    keywords = {name: value for name, value in several.items() if value is not _DEFAULT}
    for at, (name, value) in enumerate(held):
        if value is _DEFAULT:
            continue
        if len(arguments) == at:
            arguments.append(value)
        else:
            keywords[name] = value
    return [*arguments, *many], {**keywords, **others}


async def awaitable(function: Callable[[], Any]) -> Any:
    """A coroutine of the tests as the program sees it."""
    return function()


def completed(coroutine: Any) -> Any:
    """What a coroutine of the tests gives, run to its end while their event loop waits."""
    import asyncio

    outer = asyncio._get_running_loop()
    asyncio._set_running_loop(None)
    loop = asyncio.new_event_loop()
    try:
        return loop.run_until_complete(coroutine)
    finally:
        loop.close()
        asyncio._set_running_loop(outer)
