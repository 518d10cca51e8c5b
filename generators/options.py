"""A generator's options are its keyword-only parameters: their names, defaults and types are written once, in its signature.

What an option may be beyond its type stands there too, and is checked before anything starts; so does what it decides,
which `lab generate --list` says:

    async def mine(lab, seed, *, kinds: Annotated[tuple[str, ...], OneOf("long", "short"), "what is written"] = ("long",),
                   tries: Annotated[int, Within(1), "answers looked at"] = 3) -> Outcome: ...
"""

import difflib
import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, get_type_hints


class OneOf:
    """The words that an option may be, or that each part of a list may be; of a function what it raises is the complaint."""

    def __init__(self, *words: str, known: Callable[[str], object] | None = None) -> None:
        self.words = words
        self._known = known

    def complaint(self, value: Any) -> str:
        """What is wrong with the value; empty where nothing is."""
        given = value if isinstance(value, tuple) else (value,)
        if not given:
            return "names nothing"
        if self._known is None:
            wrong = next((word for word in given if word not in self.words), None)
            return "" if wrong is None else f'"{wrong}" is none; known: {", ".join(self.words)}'
        for word in given:
            try:
                self._known(word)
            except Exception as error:  # whatever the function says
                return str(error)
        return ""


@dataclass(frozen=True)
class Within:
    """The bounds of a number, both included."""

    least: float
    most: float | None = None

    def complaint(self, value: Any) -> str:
        """What is wrong with the value; empty where nothing is."""
        if value >= self.least and (self.most is None or value <= self.most):
            return ""
        bounds = f"at least {self.least:g}" if self.most is None else f"between {self.least:g} and {self.most:g}"
        return f"must be {bounds}; got {value}"


Several = Annotated[int, Within(1)]
Count = Annotated[int, Within(0)]
Share = Annotated[float, Within(0, 1)]


class OptionError(Exception):
    """An option does not exist or has a value that it cannot have; the message names it and what would be right."""


def options_of(generator: Callable[..., Any]) -> dict[str, Any]:
    """The options of a generator with their defaults. Raises OptionError where one has none."""
    found = {}
    for name, parameter in inspect.signature(generator).parameters.items():
        if parameter.kind is inspect.Parameter.KEYWORD_ONLY:
            if parameter.default is inspect.Parameter.empty:
                raise OptionError(f'the option "{name}" of {generator.__name__} needs a default')
            found[name] = parameter.default
    return found


def said_of(generator: Callable[..., Any]) -> dict[str, str]:
    """What each option decides, in words, and which words it may be; empty where the signature says neither."""
    hints = get_type_hints(generator, include_extras=True)
    told = {}
    for option, default in options_of(generator).items():
        metadata = getattr(hints.get(option), "__metadata__", ())
        words = [word for bound in metadata if isinstance(bound, OneOf) for word in bound.words]
        shown = default if isinstance(default, tuple) else (default,)
        more = [f"or {', '.join(other)}"] if (other := [word for word in words if word not in shown]) else []
        told[option] = "; ".join([*(said for said in metadata if isinstance(said, str)), *more])
    return told


def checked(name: str, generator: Callable[..., Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """The options given to the generator of that name, each of its default's type. Raises OptionError.

    Text, from the command line, is read as that type.
    """
    known = options_of(generator)
    for option in given:
        if option not in known:
            close = difflib.get_close_matches(option, known, n=1)
            hint = f'; did you mean "{close[0]}"?' if close else "."
            raise OptionError(f'{name} has no option "{option}"{hint} Its options: {", ".join(known) or "none"}.')
    values = {option: _as_type(name, option, known[option], value) for option, value in given.items()}
    for option, bounds in _bounds(generator).items():
        if option in values and (complaint := bounds.complaint(values[option])):
            raise OptionError(f'{name}: option "{option}": {complaint}')
    return values


def _bounds(generator: Callable[..., Any]) -> dict[str, OneOf | Within]:
    hints = get_type_hints(generator, include_extras=True)
    said = ((name, bound) for name, hint in hints.items() for bound in getattr(hint, "__metadata__", ()))
    return {name: bound for name, bound in said if isinstance(bound, OneOf | Within)}


def _as_type(name: str, option: str, default: Any, value: Any) -> Any:
    try:
        if isinstance(default, bool):
            return _truth(value)
        if isinstance(default, tuple):
            items = value.split(",") if isinstance(value, str) else value
            return tuple(str(item).strip() for item in items)
        if isinstance(default, int):
            if isinstance(value, bool) or int(value) != float(value):
                raise ValueError
            return int(value)
        return float(value) if isinstance(default, float) else str(value)
    except (TypeError, ValueError):
        kind = "list (a,b,c)" if isinstance(default, tuple) else type(default).__name__
        raise OptionError(
            f'{name}: option "{option}" must be {kind}, such as {_shown(default)}; got {value!r}'
        ) from None


def _truth(value: Any) -> bool:
    words = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
    word = str(value).lower()
    if word not in words:
        raise ValueError
    return words[word]


def _shown(default: Any) -> str:
    return ",".join(default) if isinstance(default, tuple) else str(default)
