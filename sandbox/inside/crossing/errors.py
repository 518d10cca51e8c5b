"""Exceptions of the program as the tests see them: true exceptions, whose classes construct in the program and of which it
is asked what they are not known to have. Runs in the container, in the tests' own process.
"""

from typing import Any

from sandbox.inside import wire
from sandbox.inside.handles import Handle, attribute_of
from sandbox.inside.values import codec
from sandbox.inside.values.entrusted import of_several_classes

FAILURE = "_lab_failure"
"""Where an exception that the program raised keeps what the program said of it."""
NUMBER = "_lab_object"
"""Where it keeps the number that the program has for it."""
_TEXT = "_lab_text"


class ErrorClass(type):
    """The type of the stubs of exception classes."""

    def __call__(cls, *arguments: Any, **keywords: Any) -> Any:
        if "_lab_id" not in cls.__dict__:  # the tests' own, derived from one
            return super().__call__(*arguments, **keywords)
        made = cls._lab_session.ask("construct", cls, *arguments, **keywords)
        if not isinstance(made, cls):
            raise TypeError(f"{cls.__name__} makes no exception of its own")
        return made

    def __getattr__(cls, name: str) -> Any:
        _refuse(name)
        kind = next(base for base in cls.__mro__ if "_lab_id" in base.__dict__)
        return attribute_of(False, name, cls._lab_session.ask("getattr", kind, name))


def error_class(name: str, bases: tuple[type, ...], known: dict[str, Any]) -> type:
    """The stub of an exception class of the program's; `known`: its number and the session."""
    return ErrorClass(name, bases, {**known, "__str__": _text, "__getattr__": _asked})


def received(session: Any, error: dict[str, Any], decoder: codec.Decoder) -> BaseException:
    """The exception that the program tells of; the very one where a function of the tests raised it."""
    known = session.raised.get(error["raised"]) if type(error.get("raised")) is int else None
    if known is not None:
        known.__dict__[FAILURE] = wire.failure(error)
        return known
    kind = session.resolve(error["class"]) if error["class"][0] in ("k", "b") else Exception
    if not (isinstance(kind, type) and issubclass(kind, BaseException)):
        kind = RuntimeError
    arguments = [decoder.decode(item) for item in error["args"]]
    own = {str(name): decoder.decode(item) for name, item in error["vars"].items()}
    own = {name: item for name, item in own.items() if not name.startswith("_lab_")}
    if issubclass(kind, BaseExceptionGroup):
        arguments = [*arguments, [received(session, item, decoder) for item in error["group"]]]
    try:
        raised: BaseException = type.__call__(kind, *arguments)
    except TypeError:
        raised = kind.__new__(kind)
        raised.args = tuple(arguments)
    raised.__dict__.update({name: attribute_of(False, name, item) for name, item in own.items()})
    raised.__dict__[FAILURE] = wire.failure(error)
    if type(error.get("object")) is int and isinstance(kind, ErrorClass):
        raised.__dict__[NUMBER] = error["object"]
    if session.expected:
        of_several_classes(session, kind)
    if "cause" in error:
        raised.__cause__ = received(session, error["cause"], decoder)
    context = error.get("context")
    if context is not None:
        raised.__context__ = raised.__cause__ if context is True else received(session, context, decoder)
    raised.__suppress_context__ = error.get("suppress") is True
    return raised


def constructed(session: Any, error: BaseException) -> BaseException:
    """As the tests have it from its class: nobody has raised it."""
    if NUMBER in error.__dict__:
        session.errors[error.__dict__[NUMBER]] = error
    failure = error.__dict__.pop(FAILURE, None)
    error.__dict__[_TEXT] = failure["message"] if failure else ""
    return error


def _text(error: BaseException) -> str:
    """`str` of it: what the program's own `__str__` said, where the program made it."""
    failure = error.__dict__.get(FAILURE)
    return str(failure["message"] if failure else error.__dict__.get(_TEXT) or BaseException.__str__(error))


def _asked(error: BaseException, name: str) -> Any:
    _refuse(name)
    if NUMBER in error.__dict__:
        session: Any = type(error)._lab_session  # type: ignore[attr-defined]
        return attribute_of(False, name, session.ask("getattr", error, name))
    value = getattr(type(error), name)
    if type(value) is Handle:  # a function, bound to nothing
        raise AttributeError(name)
    return value


def _refuse(name: str) -> None:
    if name.startswith(("_lab_", "__")):
        raise AttributeError(name)


def not_an_end(error: BaseException) -> BaseException:
    """StopIteration from a call would end a `map` or `for` of the tests before it asserted anything: as in a generator
    (PEP 479), it becomes a RuntimeError.
    """
    raised = RuntimeError(f"the program raised {type(error).__name__}")
    raised.__dict__[FAILURE] = error.__dict__.get(FAILURE)
    return raised
