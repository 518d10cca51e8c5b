"""Arrays and numbers of numpy's. Runs in the container, on both sides."""

import importlib
import re
from collections.abc import Callable
from typing import Any


def is_array(container: Any) -> bool:
    return type(container).__name__ == "ndarray"


def array(kind: str, shape: list[int] | None, raw: bytes) -> Any:
    """A numpy array of plain numbers, or one number of numpy's where there is no shape."""
    if not re.fullmatch(r"[<>|=][biufc]\d{1,2}", kind):
        raise ValueError("no numbers")
    numpy = importlib.import_module("numpy")
    flat = numpy.frombuffer(raw, kind)
    return flat[0] if shape is None else flat.reshape([int(size) for size in shape]).copy()  # whose views are of it


def is_coarse(numbers: Any) -> bool:
    """numpy takes a plain number that it is compared with for one of its own kind: to `float16` 1e6 is infinite, and of two
    whole numbers from 2**24 on `float32` sees one.
    """
    kind, bits = numbers.dtype.kind, 8 * numbers.dtype.itemsize // (2 if numbers.dtype.kind == "c" else 1)
    return kind in "fc" and bits <= 32 and bool(bits == 16 or not (abs(numbers) < 1 << 24).all())


def is_short(numbers: Any) -> bool:
    """A plain number is one of `float32` to numpy where it is compared with one: 0.1000000001 as well as 0.1, and 1234567.89
    as well as 1234567.875. Not so where what is shown of it is all there is: 0.5.
    """
    if numbers.dtype.kind not in "fc" or numbers.dtype.itemsize > (4 if numbers.dtype.kind == "f" else 8):
        return False
    flat = [part for number in numbers.ravel()[:_LOOKED_AT] for part in (number.real, number.imag)]
    return numbers.size > _LOOKED_AT or any(part == part and float(str(part)) != float(part) for part in flat)


_LOOKED_AT = 10_000


def is_large(numbers: Any) -> bool:
    """Of two whole numbers from 2**53 on numpy sees one where one of them stands beside a `float64`, as Python does not."""
    return numbers.dtype.kind in "fc" and bool((abs(numbers) >= 1 << 53).any())


def runs_over(judge: Callable[[str], None]) -> None:
    """Have `judge` told where the tests compute with numbers of few bits, and what comes out has too many."""
    numpy = importlib.import_module("numpy")
    numpy.seterr(over="call")
    numpy.seterrcall(lambda *_: judge("what it computes of a number of numpy's runs over"))


def exactly(value: Any) -> Any:
    """Whole numbers and truths of numpy's as Python's, which have as many bits as they need."""
    if type(value).__module__ != "numpy" or value.dtype.kind not in "biu":
        return value
    if not is_array(value):
        return int(value)
    return value.astype("int64").astype(object) if value.dtype.kind == "b" else value.astype(object)
