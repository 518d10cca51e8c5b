"""The written lists by which a Python program is known to be plain (`plain.py`): names and constructs that say the same of
a copy, make plain values and tell nothing of the process they are in. What is not on them is not known to be so.
"""

from __future__ import annotations

import ast
import builtins
import cmath
import math
import string
from types import ModuleType


def _of(names: str) -> frozenset[str]:
    return frozenset(names.split())


def _public(module: ModuleType) -> frozenset[str]:
    return frozenset(name for name in dir(module) if not name.startswith("_"))


METHODS = frozenset(
    name for kind in (str, list, dict, set, tuple, bytes) for name in dir(kind) if not name.startswith(("_", "format"))
) | _of("appendleft popleft extendleft rotate most_common total findall sub group groups span start end")
"""Methods of plain values, of `deque`, `Counter`, a pattern and a match."""
MODULES = {
    "bisect": _of("bisect bisect_left bisect_right insort insort_left insort_right"),
    "cmath": _public(cmath),
    "collections": _of("Counter OrderedDict defaultdict deque"),
    "copy": _of("deepcopy"),
    "functools": _of("reduce cmp_to_key"),
    "heapq": _of("heapify heappop heappush heappushpop heapreplace merge nlargest nsmallest"),
    "itertools": _of(
        "accumulate chain combinations combinations_with_replacement compress count cycle dropwhile filterfalse groupby"
        " islice pairwise permutations product repeat starmap takewhile zip_longest"
    ),
    "json": _of("dumps loads"),
    "math": _public(math),
    "operator": _of("add and_ floordiv itemgetter mod mul neg or_ pow sub truediv xor"),
    "re": _of("compile escape findall finditer fullmatch match search split sub subn I IGNORECASE"),
    "statistics": _of("fmean mean median mode multimode pstdev pvariance stdev variance"),
    "string": frozenset(name for name in dir(string) if name.startswith(("ascii", "digits", "punct", "white"))),
    "sys": _of("maxsize"),
    "textwrap": _of("dedent fill indent shorten wrap"),
    "typing": _of(
        "Any Callable DefaultDict Deque Dict FrozenSet Iterable Iterator List Mapping Optional Sequence Set Tuple Union"
    ),
    "unicodedata": _of("category normalize"),
}
"""Of modules the names that say the same of a copy and make plain values."""
ITERATORS = _of("enumerate filter iter map reversed zip")
ERRORS = _of(
    "ArithmeticError AssertionError AttributeError IndexError KeyError LookupError OverflowError TypeError ValueError"
    " ZeroDivisionError"
)
"""Exceptions that a program may catch, since they say nothing of the process that it is in."""
BUILT_INS = (ITERATORS | ERRORS) | _of(
    "abs all any bin bool bytes chr complex dict divmod float frozenset hex int isinstance len list max min next oct ord"
    " pow range round set slice sorted str sum tuple Exception NotImplementedError RuntimeError"
)
READERS = _of(
    "all any bytes dict enumerate filter frozenset len list map max min next reversed set sorted sum tuple zip extend join"
    " update union difference intersection fromkeys extendleft Counter OrderedDict deque reduce heapify nlargest nsmallest"
    " mean fmean median mode stdev variance prod fsum"
)
"""What reads an iterator or view that it is given, or is read itself where it was made."""
SEEN_ALIKE = _of("abs all any bool float int len max min round set sorted sum")
"""Built-in functions by which tests may look at an answer."""
VIEWS = frozenset(("items", "keys", "values"))
MATCHES = frozenset(("fullmatch", "match", "search"))
SIGNS = frozenset(
    kind
    for base in (ast.expr_context, ast.boolop, ast.operator, ast.unaryop, ast.cmpop)
    for kind in base.__subclasses__()
)
KNOWN = frozenset(
    (
        *(ast.FunctionDef, ast.Return, ast.Assign, ast.AugAssign, ast.AnnAssign, ast.For, ast.While, ast.If, ast.Expr),
        *(ast.Pass, ast.Break, ast.Continue, ast.Raise, ast.Assert, ast.Import, ast.ImportFrom, ast.Try, ast.Delete),
        *(ast.Nonlocal, ast.BoolOp, ast.NamedExpr, ast.BinOp, ast.UnaryOp, ast.Lambda, ast.IfExp, ast.Dict, ast.Set),
        *(ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp, ast.Compare, ast.Call, ast.FormattedValue),
        *(ast.JoinedStr, ast.Constant, ast.Attribute, ast.Subscript, ast.Starred, ast.Name, ast.List, ast.Tuple),
        *(ast.Slice, ast.Module, ast.arguments, ast.arg, ast.keyword, ast.alias, ast.comprehension, ast.ExceptHandler),
    )
)
"""What a program may be written with."""
OWN = frozenset(vars(builtins)) | {"isclose"}
"""Names that mean the real ones in tests apart, whatever the program calls so."""
