"""Tests of a Python function in another language: what each call gave in Python, asserted line by line.

Assertions are strict: an integer is not a float, text is not a number, floats agree to about nine digits. Each is a line with the
expected value last, since the sandbox proves a run by changing it (`sandbox/languages/control.py`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sandbox.languages.language import Translation
from sandbox.languages.values import Spelling, Type, Untranslatable, has_float, literal, tolerance, type_name, type_of

Cases = Sequence[tuple[tuple[Any, ...], Any]]
"""(arguments, expected value) of each call."""


@dataclass(frozen=True)
class Tests:
    """A test script in a language, and how the function it calls begins."""

    signature: str
    script: str
    count: int
    dropped: int
    """Calls whose values do not exist in the language."""


def translated_tests(target: Translation, function: str, parameters: Sequence[str], cases: Cases) -> Tests:
    """The assertions that `function` gives each case's value. Cases that the language cannot hold are left out; raises
    Untranslatable where none is left.
    """
    kept = [case for case in cases if _fits(target, case)]
    if not kept:
        raise Untranslatable("none of these values exists there")
    width = len(kept[0][0])
    kept = [case for case in kept if len(case[0]) == width]
    types = [type_of([arguments[at] for arguments, _ in kept]) for at in range(width)]
    result = type_of([value for _, value in kept])
    names = [_free(name, _KEYWORDS) for name in parameters[:width]]
    if len(names) < width:
        raise Untranslatable("a number of arguments that varies")
    entry_point = free_name(function)
    lines = [_assertion(target, entry_point, case, types, result) for case in kept]
    signature = _signature(target, entry_point, names, types, result)
    return Tests(signature, f"{target.before}{''.join(lines)}{target.after}", len(kept), len(cases) - len(kept))


def free_name(name: str) -> str:
    """A function's name, or another where some language keeps it for itself."""
    return _free(name, _KEYWORDS | _TAKEN)


def _free(name: str, taken: frozenset[str]) -> str:
    return f"{name}_value" if name.lower() in taken else name


def _fits(target: Translation, case: tuple[tuple[Any, ...], Any]) -> bool:
    arguments, value = case
    try:
        for one in (*arguments, value):
            literal(_untyped(target.spelling), one, type_of([one]))
    except Untranslatable:
        return False
    return _pattern(target, value, has_float(value)) is not None


def _untyped(spelling: Spelling) -> Spelling:
    """For a look at a single value, where types of the whole column are not known yet."""
    return Spelling(
        spelling.text,
        none="" if spelling.names else spelling.none,
        whole=spelling.whole,
        most_pairs=spelling.most_pairs,
    )


def _signature(target: Translation, function: str, names: list[str], types: list[Type], result: Type) -> str:
    typed = target.spelling.names is not None
    parameters = [
        target.parameter.format(name=name, type=type_name(target.spelling, kind, argument=True) if typed else "")
        for name, kind in zip(names, types, strict=True)
    ]
    made = type_name(target.spelling, result) if typed else ""
    return target.signature.format(name=function, parameters=", ".join(parameters), result=made)


def _assertion(
    target: Translation, function: str, case: tuple[tuple[Any, ...], Any], types: list[Type], result: Type
) -> str:
    arguments, value = case
    given = [literal(target.spelling, one, kind) for one, kind in zip(arguments, types, strict=True)]
    call = target.call.format(name=function, arguments=target.separator.join(given))
    typed = target.spelling.names is not None
    expected = literal(target.spelling, value, result)
    made = type_name(target.spelling, result) if typed else ""
    floats = has_float(value) or (typed and result.has_float())
    pattern = _pattern(target, value, floats)
    if pattern is None or (result.optional and floats and target.deep_near is None):
        raise Untranslatable("a float, or a list of them")
    slack = tolerance(value) if isinstance(value, int | float) else ""
    return pattern.format(call, expected, slack, type=made, box=_BOXES.get(made, "")) + "\n"


def _pattern(target: Translation, value: Any, floats: bool) -> str | None:
    if value is None:
        return target.none or target.equal
    if isinstance(value, list | tuple | dict):
        if floats and value:
            return target.deep_near
        return (target.empty if not value else "") or target.deep or target.equal
    if isinstance(value, bool):
        return target.truth or target.equal
    if isinstance(value, str):
        return target.text or target.equal
    return target.near if floats else target.equal


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_BOXES = {"int": "Integer", "boolean": "Boolean"}
_KEYWORDS = _words(
    "abstract and array as assert auto await base bool boolean break byte case catch char checked class clone const "
    "continue crate debugger decimal declare def default delegate delete do double echo elif else elsif empty end "
    "enum eval event exit explicit export extends extern fallthrough false final finally fixed float fn for foreach "
    "from func function global go goto if impl implements implicit import in include instanceof int interface "
    "internal is isset lambda let lock long loop match mod module move mut my namespace native new next nil not null "
    "object operator or our out override package params print private protected public range readonly redo ref "
    "register require rescue rest retry return sbyte self short signed sizeof stackalloc static str strictfp string "
    "struct sub super switch synchronized template then this throw throws trait transient true try type typedef "
    "typeof uint ulong unchecked undef union unless unsafe unset unsigned until use ushort using var virtual void "
    "volatile when where while with xor yield"
)
"""Names that some language of the table lets nothing have."""
_TAKEN = _words(
    "abs access accumulate acos array_sum asin atan atoi cbrt ceil chr close compact copy cos cosh count current die "
    "distance div drem dup each equal erf exp explode extract fill find floor fmod format frexp gamma gcd gets hash "
    "hypot implode index intdiv is_int is_numeric is_string join key keys kill last lc lcfirst lcm length levenshtein "
    "link list local log logb loop m map max merge metaphone min modf nearbyint nl2br open ord pause pipe pop pos pow "
    "printf proc prototype push puts q qq qr qw rand random range read remainder remove rename replace reset reverse "
    "rindex rotate round s search select shift shuffle signal similar_text sin sinh sleep sort soundex splice split "
    "sprintf sqrt srand strlen substr sum swap system tan tanh test time tr transform trim trunc truncate uc ucfirst "
    "unique unshift usleep values wait wantarray wordwrap write y"
)
"""Functions that some language has already."""
