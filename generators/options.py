"""A generator's options are its keyword-only parameters: their names, defaults and types are written once, in its signature."""

import difflib
import inspect
from collections.abc import Callable, Mapping
from typing import Any


class OptionError(Exception):
    """An option does not exist or has a value of the wrong type; the message names it and what would be right."""


def options_of(generator: Callable[..., Any]) -> dict[str, Any]:
    """The options of a generator with their defaults. Raises OptionError where one has none."""
    found = {}
    for name, parameter in inspect.signature(generator).parameters.items():
        if parameter.kind is inspect.Parameter.KEYWORD_ONLY:
            if parameter.default is inspect.Parameter.empty:
                raise OptionError(f'the option "{name}" of {generator.__name__} needs a default')
            found[name] = parameter.default
    return found


def checked(recipe: str, generator: Callable[..., Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """The options given, each of its default's type; text (from the command line) is read as that type. Raises OptionError."""
    known = options_of(generator)
    for name in given:
        if name not in known:
            close = difflib.get_close_matches(name, known, n=1)
            hint = f'; did you mean "{close[0]}"?' if close else "."
            raise OptionError(f'{recipe} has no option "{name}"{hint} Its options: {", ".join(known) or "none"}.')
    return {name: _as_type(recipe, name, known[name], value) for name, value in given.items()}


def _as_type(recipe: str, name: str, default: Any, value: Any) -> Any:
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
            f'{recipe}: option "{name}" must be {kind}, such as {_shown(default)}; got {value!r}'
        ) from None


def _truth(value: Any) -> bool:
    words = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
    word = str(value).lower()
    if word not in words:
        raise ValueError
    return words[word]


def _shown(default: Any) -> str:
    return ",".join(default) if isinstance(default, tuple) else str(default)
