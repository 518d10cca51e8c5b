"""Which C++ a program is written in: C++17, as g++ takes it where nothing is said, or C++20 where the source has words that
only that has.
"""

from __future__ import annotations

import re

from sandbox.languages.script import STRING

_COMMENT = re.compile(r"//[^\n]*|/\*.*?\*/", re.DOTALL)
_HEADERS = "barrier bit compare concepts coroutine format latch numbers ranges semaphore source_location span stop_token syncstream"
_LIBRARY = (
    *("atomic_ref", "barrier", "binary_semaphore", "bind_front", r"bit_(?:cast|ceil|floor|width)"),
    *(r"cmp_(?:equal|less|greater)\w*", "common_reference_with", "convertible_to", r"count[lr]_(?:zero|one)"),
    *("counting_semaphore", "derived_from", "equality_comparable", "erase", "erase_if", "floating_point", "format"),
    *("has_single_bit", "in_range", "integral", "invocable", "jthread", "latch", "lerp", "midpoint", "numbers"),
    *(
        "osyncstream",
        r"(?:strong|weak|partial)_ordering",
        "popcount",
        "predicate",
        "ranges",
        "regular",
        r"remove_cvref\w*",
    ),
    *(
        "rot[lr]",
        "same_as",
        "semiregular",
        r"shift_(?:left|right)",
        r"(?:un)?signed_integral",
        "source_location",
        "span",
    ),
    *("ssize", "stop_token", "three_way_comparable", "to_array", "totally_ordered", r"type_identity\w*", "views"),
    r"chrono::(?:year|month|day|weekday|sys_days)\w*",
)
_WORDS = re.compile(
    rf"^[ \t]*#[ \t]*include[ \t]*<(?:{_HEADERS.replace(' ', '|')})>"
    rf"|\bstd::(?:{'|'.join(_LIBRARY)})\b|\b(?:ranges|views)::\w"
    r"|\bconcept\s+\w+\s*=|\brequires\s*(?:[({]|!?\s*[\w:]+\s*<)|<=>|\bco_(?:await|yield|return)\b"
    r"|\bconst(?:eval|init)\b|\busing\s+enum\b",
    re.MULTILINE,
)
_METHODS = re.compile(r"(?:\.|->)\s*(contains|starts_with|ends_with)\s*\(")
"""Of the library's containers and texts, where the source has none of its own by that name."""


def of(code: str, tests: str) -> str:
    """The compiler's option for program and tests."""
    source = _COMMENT.sub(" ", STRING.sub('""', f"{code}\n{tests}"))
    asked = set(_METHODS.findall(source))
    newer = _WORDS.search(source) or any(not re.search(rf"[\w>&*]\s+{name}\s*\(", source) for name in asked)
    return "-std=gnu++20" if newer else "-std=gnu++17"
