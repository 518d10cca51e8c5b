"""Arrow schemas from types: the columns of a data set are the annotations of its row's TypedDict or dataclass."""

import dataclasses
import types
from collections.abc import Iterable, Mapping, Sequence
from typing import (
    TYPE_CHECKING,
    Any,
    Literal,
    NotRequired,
    Required,
    Union,
    get_args,
    get_origin,
    get_type_hints,
    is_typeddict,
)

if TYPE_CHECKING:
    import pyarrow as pa


def schema_of(row_type: type, rows: Sequence[Mapping[str, Any]]) -> "pa.Schema":
    """The schema of rows of `row_type`, in the order of its annotations.

    A field that is NotRequired, at any depth, is a column only where a row has it: conversations without tool calls are
    written as they always were. Raises TypeError for an annotation that has no Arrow type.
    """
    import pyarrow as pa

    return pa.schema(_fields(row_type, rows))


def _fields(row_type: type, rows: Iterable[Any]) -> list[tuple[str, "pa.DataType"]]:
    rows = list(rows)
    hints = get_type_hints(row_type, include_extras=True)
    optional = {name for name, hint in hints.items() if get_origin(hint) is NotRequired}
    present = {name for name in hints if name not in optional or any(row.get(name) is not None for row in rows)}
    return [
        (name, _type(hint, [row[name] for row in rows if row.get(name) is not None]))
        for name, hint in hints.items()
        if name in present
    ]


def _type(hint: Any, values: Iterable[Any]) -> "pa.DataType":
    import pyarrow as pa

    origin, arguments = get_origin(hint), get_args(hint)
    if origin in (NotRequired, Required):
        return _type(arguments[0], values)
    if origin in (Union, types.UnionType):
        inner = [argument for argument in arguments if argument is not types.NoneType]
        if len(inner) == 1:
            return _type(inner[0], values)
    elif origin in (list, tuple, Sequence):
        return pa.list_(_type(arguments[0], (item for value in values for item in value)))
    elif origin is Literal:
        return _type(type(arguments[0]), values)
    elif is_typeddict(hint) or dataclasses.is_dataclass(hint):
        return pa.struct(_fields(hint, values))
    plain = {str: pa.string(), bool: pa.bool_(), int: pa.int64(), float: pa.float64()}
    if hint not in plain:
        raise TypeError(f"{hint}: no Arrow type for this annotation")
    return plain[hint]
