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
    return {option: _as_type(name, option, known[option], value) for option, value in given.items()}


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
