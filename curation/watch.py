"""How a filter says how far it is."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Protocol


class Watch(Protocol):
    """Shows how far one of the passes is: gives what to call with the number of rows just done."""

    def __call__(self, step: str, total: int) -> AbstractContextManager[Callable[[int], None]]: ...
