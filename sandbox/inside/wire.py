"""Length-prefixed JSON frames over a file descriptor: the one format every process of the sandbox speaks.

A frame is four bytes of big-endian length and that many bytes of JSON in UTF-8, in which a half of a letter stays one. Readers bound the length they accept,
because the far side may be a hostile program. Here are also the names that mean the same on both sides.
"""

import json
import os
import struct
from typing import Any

MAX_FRAME_BYTES = 32 * 1024 * 1024
KEPT_BYTES = 6 * 1024 * 1024
"""Kept at most of one stream of a process: what a run's facts hold must fit one frame, in base64."""
MAX_LEVELS = 16
"""How deep what a watcher reads may be nested; of its own it is never more than four."""

STANDARD_MODULES = frozenset(
    (
        *("abc", "array", "bisect", "cmath", "collections", "copy", "dataclasses", "datetime", "decimal", "enum"),
        *("fractions", "functools", "heapq", "itertools", "json", "math", "operator", "os", "random", "re"),
        *("statistics", "string", "sys", "time", "typing"),
    )
)
STANDARD_CLASSES = frozenset(
    {("collections", name) for name in ("Counter", "OrderedDict", "defaultdict", "deque", "ChainMap")}
    | {("decimal", "Decimal"), ("fractions", "Fraction")}
    | {("datetime", name) for name in ("date", "datetime", "time", "timedelta")}
)
STANDARD_ENUMS = frozenset(
    {("http", "HTTPStatus"), ("http", "HTTPMethod"), ("re", "RegexFlag"), ("calendar", "Day"), ("calendar", "Month")}
    | {("signal", "Signals"), ("signal", "Handlers"), ("socket", "AddressFamily"), ("socket", "SocketKind")}
    | {("uuid", "SafeUUID"), ("inspect", "_ParameterKind"), ("pstats", "SortKey"), ("plistlib", "PlistFormat")}
)
STANDARD_RECORDS = frozenset(
    {("urllib.parse", f"{name}Result{of}") for name in ("Parse", "Split", "Defrag") for of in ("", "Bytes")}
    | {("difflib", "Match"), ("statistics", "LinearRegression")}
)
"""Named tuples of the standard library that have more than their fields."""
STANDARD_ERRORS: dict[str, str] = {
    "_csv": "Error",
    "_lzma": "LZMAError",
    "_pickle": "PickleError PicklingError UnpicklingError",
    "_queue": "Empty",
    "argparse": "ArgumentError ArgumentTypeError",
    "asyncio.exceptions": "BrokenBarrierError CancelledError IncompleteReadError InvalidStateError LimitOverrunError",
    "asyncio.queues": "QueueEmpty QueueFull",
    "binascii": "Error Incomplete",
    "calendar": "IllegalMonthError IllegalWeekdayError",
    "concurrent.futures._base": "BrokenExecutor CancelledError Error InvalidStateError",
    "concurrent.futures.thread": "BrokenThreadPool",
    "configparser": "DuplicateOptionError DuplicateSectionError Error InterpolationDepthError InterpolationError"
    " InterpolationMissingOptionError InterpolationSyntaxError MissingSectionHeaderError NoOptionError NoSectionError"
    " ParsingError",
    "copy": "Error",
    "dataclasses": "FrozenInstanceError",
    "decimal": "Clamped ConversionSyntax DecimalException DivisionByZero DivisionImpossible DivisionUndefined"
    " FloatOperation Inexact InvalidContext InvalidOperation Overflow Rounded Subnormal Underflow",
    "email.errors": "HeaderParseError MessageError MessageParseError",
    "getopt": "GetoptError",
    "graphlib": "CycleError",
    "io": "UnsupportedOperation",
    "ipaddress": "AddressValueError NetmaskValueError",
    "json.decoder": "JSONDecodeError",
    "pickle": "PickleError PicklingError UnpicklingError",
    "queue": "Empty Full",
    "re": "error",
    "shutil": "Error SameFileError",
    "sqlite3": "DataError DatabaseError Error IntegrityError InterfaceError InternalError NotSupportedError"
    " OperationalError ProgrammingError Warning",
    "statistics": "StatisticsError",
    "struct": "error",
    "subprocess": "CalledProcessError SubprocessError TimeoutExpired",
    "threading": "BrokenBarrierError",
    "tomllib": "TOMLDecodeError",
    "urllib.error": "ContentTooShortError HTTPError URLError",
    "xml.etree.ElementTree": "ParseError",
    "zlib": "error",
    "zoneinfo._common": "ZoneInfoNotFoundError",
}
"""Exceptions of the standard library, by the module that they say they are of."""
KNOWN_CLASSES = (
    STANDARD_CLASSES
    | STANDARD_ENUMS
    | {("re", "Pattern"), ("re", "Match"), ("functools", "partial")}
    | {(module, name) for module, names in STANDARD_ERRORS.items() for name in names.split()}
)
"""Classes that are the same on both sides; a program may well have its own under these last names."""


PROTOCOLS: dict[str, tuple[str, ...]] = {
    **{f"__{name}__": () for name in ("call", "len", "next", "enter", "exit", "await", "hash", "abs", "index")},
    **{f"__{name}__": () for name in ("aiter", "anext", "aenter", "aexit")},
    **{"__iter__": ("__getitem__",), "__contains__": ("__iter__", "__getitem__"), "__reversed__": ("__getitem__",)},
    **{f"__{name}__": ("__index__",) for name in ("int", "float", "complex")},
}
"""Methods by which Python tells what an object can do, and those that stand in for each: a class may lack them."""


EQUALS = ("equal", "same", "identical", "equiv", "alike", "close", "approx", "similar", "congruent", "isomorphic")
"""Words in the name of a method that compares."""


class WireError(Exception):
    """The far side closed in the middle of a frame, or sent one that is too long or is not JSON."""


def failure(said: dict[str, Any]) -> dict[str, Any]:
    """What a program said of an exception, bounded, whatever it holds: type, message, line, errno."""
    told: dict[str, Any] = {name: said[name] if type(said.get(name)) is int else None for name in ("line", "errno")}
    for name, most in (("type", 200), ("message", 2000)):
        told[name] = said[name][:most] if type(said.get(name)) is str else ""
    return {name: value if type(value) is not int or abs(value) < 1 << 31 else None for name, value in told.items()}


def pack(value: Any) -> bytes:
    """The frame that carries `value`."""
    # Written as `\ud83d\ude00`, two halves that a program has apart would be one letter to the reader.
    body = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")
    return struct.pack(">I", len(body)) + body


def send(fd: int, value: Any) -> None:
    """Write one frame, all of it; blocks. Raises OSError where the far side is gone, WireError where it is too long."""
    data = pack(value)
    if len(data) - 4 > MAX_FRAME_BYTES:
        raise WireError(f"a value of {len(data)} bytes is larger than a frame may be ({MAX_FRAME_BYTES})")
    view = memoryview(data)
    while view:
        view = view[os.write(fd, view) :]


def receive(fd: int, limit: int = MAX_FRAME_BYTES) -> Any:
    """Read one frame; blocks. Returns None at the end of the stream. Raises WireError for anything that is not a
    frame.
    """
    header = _exactly(fd, 4)
    if not header:
        return None
    return parse(_exactly(fd, length_of(header, limit)))


def length_of(header: bytes, limit: int = MAX_FRAME_BYTES) -> int:
    """The body length a header announces. Raises WireError for a torn header or a length over `limit`."""
    if len(header) != 4:
        raise WireError("the stream ended inside a frame header")
    length: int = struct.unpack(">I", header)[0]
    if length > limit:
        raise WireError(f"a frame of {length} bytes is larger than the {limit} allowed here")
    return length


def parse(body: bytes) -> Any:
    """The value of a frame body. Raises WireError where it is not JSON or nests too deeply to read."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError) as error:
        raise WireError(f"a frame that is not JSON: {type(error).__name__}") from None


def shallow(body: bytes) -> Any:
    """As `parse`, for what a program or its tests say to their watcher. Raises WireError also where it is nested deeper
    than MAX_LEVELS: the next reader may bear less than this one.
    """
    value = parse(body)
    level: list[Any] = [value] if type(value) in (dict, list) else []
    for _ in range(MAX_LEVELS):
        level = [
            item
            for holder in level
            for item in (holder.values() if type(holder) is dict else holder)
            if type(item) in (dict, list)
        ]
        if not level:
            return value
    raise WireError("a frame that is nested too deeply")


def _exactly(fd: int, count: int) -> bytes:
    chunks: list[bytes] = []
    missing = count
    while missing:
        chunk = os.read(fd, min(missing, 1 << 20))
        if not chunk:
            if missing == count and count == 4:
                return b""
            raise WireError("the stream ended inside a frame")
        chunks.append(chunk)
        missing -= len(chunk)
    return b"".join(chunks)


def tells_equal(method: str, others: tuple[Any, ...], objects: type, answer: Any) -> bool:
    """Whether a method of this name says by this answer that an object is equal to another, whose word would be the test's."""
    name = method.strip("_").lower()
    if name in ("eq", "equals", "equal", "equal_to", "equals_to", "is_equal", "isequal", "is_equal_to", "same_as"):
        return True  # by 1, too, or whatever else is true
    says = isinstance(answer, int) or name.startswith("is")
    return says and any(word in name for word in EQUALS) and any(isinstance(one, objects) for one in others)
