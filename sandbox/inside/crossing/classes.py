"""Classes that the tests derive from the program's: made in the program, of functions that call the tests'. Runs in the
container, in the tests' own process.
"""

from typing import Any

from sandbox.inside.handles import Handle, HandleClass, ask_of, attribute_of, own

_LEFT_OUT = frozenset(("__module__", "__qualname__", "__classcell__", "__doc__", "__annotations__"))


def derived_class(
    session: Any, name: str, bases: tuple[type, ...], namespace: dict[str, Any], keywords: dict[str, Any]
) -> type:
    """The stub of the class that the program makes of what a script's `class` statement says. Raises TypeError where
    something in it cannot cross.
    """
    members = {key: _parted(item) for key, item in namespace.items() if key not in _LEFT_OUT}
    made = session.ask("derive", name, bases, members, **keywords)
    if not isinstance(made, HandleClass) or "_lab_id" not in made.__dict__:
        raise TypeError("the program makes no class of its own")
    number = made.__dict__["_lab_id"]
    names = [one for one in session.ask("methods", made) if type(one) is str and one not in members]
    above = HandleClass(
        name, (Handle,), {"_lab_id": None, **{one: _Inherited(one, made) for one in (*names, *members)}}
    )
    held = {key: item for key, item in made.__dict__.items() if key not in ("__dict__", "__weakref__", "__doc__")}
    asked = {key: _Asked(key) for key in members if not key.startswith("__")}
    known = {**held, **asked, "_lab_named": True, "_lab_derived": True}
    session.classes[number] = HandleClass(name, (above, *made.__bases__), known)
    if (cell := namespace.get("__classcell__")) is not None:
        cell.cell_contents = session.classes[number]
    return session.classes[number]


def _parted(item: Any) -> tuple[Any, ...]:
    """How the program makes a member: what wraps the functions, and these."""
    if isinstance(item, staticmethod | classmethod):
        return type(item).__name__, item.__func__
    if type(item) is property:
        return "property", item.fget, item.fset, item.fdel
    return "", item


class _Asked:
    """What the derived class defines itself, as any attribute of the program's."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __get__(self, handle: Any, kind: Any) -> Any:
        return HandleClass.__getattr__(kind, self.name) if handle is None else Handle.__getattr__(handle, self.name)


class _Inherited(_Asked):
    """What `super()` gives in a function of the derived class `owner`."""

    def __init__(self, name: str, owner: Any) -> None:
        super().__init__(name)
        self.owner = owner

    def __get__(self, handle: Any, kind: Any) -> Any:
        if handle is None:
            return super().__get__(handle, kind)
        value = ask_of(handle, "inherited", self.owner, handle, self.name)
        return attribute_of(own(handle, "_lab_built"), self.name, value)
