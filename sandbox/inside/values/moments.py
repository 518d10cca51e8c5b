"""Moments, and the keys, values and items of a dict, as they are put together again. Runs in the container, on both sides."""

import datetime
from typing import Any

VIEWS: tuple[type, ...] = (type({}.keys()), type({}.values()), type({}.items()))


def moment(kind: str, data: Any) -> Any:
    """A date, time or span of that kind. Raises ValueError where the text is none."""
    if kind == "timedelta":
        return datetime.timedelta(*data)
    kinds: dict[str, Any] = {"date": datetime.date, "datetime": datetime.datetime, "time": datetime.time}
    return kinds[kind].fromisoformat(data)


def view(kind: str, items: list[Any]) -> Any:
    """The keys, values or items of a dict, as they were."""
    if kind == "dict_values":
        return dict(enumerate(items)).values()
    return dict.fromkeys(items).keys() if kind == "dict_keys" else dict(items).items()
