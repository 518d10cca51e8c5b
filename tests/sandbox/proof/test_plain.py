"""Which Python programs and tests are so plain that they run apart alone (`sandbox/judge/plain.py`)."""

import pytest

from sandbox import Program
from sandbox.judge import one_process


@pytest.mark.parametrize(
    "tests",
    [
        "assert f(1) == 2",
        "import math\nassert math.isclose(f(1, by=2.5), 3.5, rel_tol=1e-6) and set(f([1, 2])) == {1}",
        "METADATA = {'author': 'x'}\ndef check(candidate):\n    assert candidate([1, -2], {'a': (1,)})[0] == [1]\ncheck(f)",
        "def test_f():\n    assert not f(1)\n    assert f([]) is None",
        "assert f(1) == 1 and not (f(2) == 1 or f(3) == 1)",
        "from solution import f\ndef test_f():\n    assert sorted(f(['a', 'b'])) == ['a', 'b'], 'sorted'",
    ],
)
def test_calls_with_written_values_need_no_second_run(tests: str) -> None:
    assert not one_process.needed(Program("import re\ndef f(x):\n    return x\n", tests))


@pytest.mark.parametrize(
    "code",
    [
        "import math\nfrom collections import Counter\ndef f(x: list) -> int:\n    return math.floor(sum(Counter(x).values()))\n",
        "def f(d):\n    return [k for k, v in sorted(d.items(), key=lambda kv: kv[1]) if k in d.keys()]\n",
        "import re\ndef f(s):\n    found = re.search('a+', s)\n    if found:\n        return found.group()\n    return None\n",
        "def f(xs):\n    pairs = zip(xs, xs[1:])\n    return all(a <= b for a, b in pairs)\n",
        "from functools import reduce\nimport itertools\ndef f(xs):\n    return reduce(lambda a, b: a * b, itertools.chain(xs, [1]))\n",
        "def f(xs):\n    try:\n        return xs[0] if type(xs) is list else len(set(xs))\n    except (IndexError, TypeError) as error:\n"
        "        return f'no {error}'\n",
        "def f(n):\n    return list({i % 3 for i in range(n)})\n",
        "memo = {}\ndef f(n):\n    if n not in memo:\n        memo[n] = n if n < 2 else f(n - 1) + f(n - 2)\n    return memo[n]\n"
        "if __name__ == '__main__':\n    memo.clear()\n",
    ],
)
def test_nor_do_programs_of_listed_names_that_make_plain_values(code: str) -> None:
    assert not one_process.needed(Program(code, "assert f(3) == 2"))


@pytest.mark.parametrize(
    ("code", "tests"),
    [
        ("def f(x): return x", "x = f(1)\nassert x == 1"),
        ("from math import floor as round\ndef f(x): return x", "assert f(1) == 1"),
        ("if True:\n    def sorted(x): return x\ndef f(x): return x", "assert f(1) == 1"),
        ("def g():\n    global len\n    len = g\ndef f(x): return x", "assert f(1) == 1"),
        ("def f(x): return globals()[x]", "assert f('a') == 1"),
        ("import math\nmath.__dict__['isclose'] = max\ndef f(x): return x", "assert f(1) == 1"),
        ("def f(a, b): return a is not b", "assert f(300, 300) is True"),
        ("def f(x): return input()", "assert f(1) == 1"),
        ("def f(x): return x", "assert f(f([1])) == [1]"),
        ("def f(x): return x", "assert f(len)([]) == 0"),
        ("def f(x): return x", "import threading\nassert f(1) == 1"),
        ("def f(x): return x", "assert all(f(x) == x for x in (1, 2))"),
        ("def f(x): return x", "assert f(1).real == 1"),
        ("class A(int): pass\ndef f(x): return A(x)", "assert f(1) == 1"),
        ("import numpy\ndef f(x): return numpy.int64(x)", "assert f(1) == 1"),
        ("def f(x): return type('A', (int,), {})(x)", "assert f(1) == 1"),
        ("def f(x): return x", "assert f(1) == (1"),
        ("def f(x): return x", "assert f(1) is f(1)"),
        ("def f(x): return x", "assert list(f({1, 2})) == [1, 2]"),
        ("def f(x): return x", "exec('assert f(1) == 1')"),
        ("def f(x): return x", "import pytest\ndef test_f():\n    with pytest.raises(ValueError):\n        f('x')"),
        ("import sys\nsys.setrecursionlimit(9)\ndef f(x): return x", "assert f(1) == 1"),
        ("import json\njson.dumps = str\ndef f(x): return x", "assert f(1) == 1"),
        ("def f(x): return x.keys()", "assert f({}) == set()"),
        ("def f(x): return float('1')\ndef abs(x): return x", "assert abs(1) == 1"),
        ("def f(x): return x", "assert f({1, 2}) == 1"),
        ("def f(x): return x", "assert f([{1}]) == [1]"),
        ("def f(x): return x", "assert f(float('nan')) != 1"),
        ("def f(x): return x", "assert f(1) == f(1)"),
        ("held = []\ndef f(x):\n    held.append(x)\n    return held", "assert f(1) + f(2) == [1, 1, 2]"),
        ("def g(x): return set(x)\ndef f(x): return list(g(x))", "assert f('ab') == ['a', 'b']"),
        ("def g(): return 'ab'\ndef f(x): return list(set(g()))", "assert f(1) == ['a', 'b']"),
        ("def f(x): return x", "def test_f(a=f([1])):\n    assert f(1) == 1"),
        ("def f(x): return x", "def test_f(a: f = 1):\n    assert f(1) == 1"),
        ("def f(x): return x", "def setup_module():\n    assert f(1) == 1"),
        ("def f(x): return x", "__test__ = False\ndef test_f():\n    assert f(1) == 1"),
        ("def f(x): return x", "from solution import *\nassert f(1) == 1"),
        ("def f(x): return x", "def len(x):\n    assert f(1) == 1\nassert len(f(1)) == 1"),
        ("__all__ = []\ndef f(x): return x", "assert f(1) == 1"),
        ("def f(x): return (lambda d: d.keys())(x)", "assert f({}) == set()"),
        ("def f(x):\n    k = x.keys\n    return k()", "assert f({}) == set()"),
        ("def f(x): return dict.keys(x)", "assert f({}) == set()"),
        ("def f(x):\n    k = x.keys()\n    return k", "assert f({}) == set()"),
        ("def f(x): return map(str, x)", "assert f([]) == []"),
        ("def f(x):\n    m = map\n    return m(str, x)", "assert f([]) == []"),
        ("def f(x): return (y for y in x)", "assert f([]) == []"),
        ("def f(x): yield x", "assert f([]) == []"),
        ("from itertools import chain\ndef f(x): return chain(x, x)", "assert f([]) == []"),
        ("import re\ndef f(x): return re.match('a', x)", "assert f('a') is not None"),
        ("import operator\ndef f(x): return operator.is_(x, x)", "assert f(300) is True"),
        ("import copy\ndef f(x): return copy.copy(x)", "assert f(300) == 300"),
        ("import functools\n@functools.singledispatch\ndef f(x): return x", "assert f(300) == 300"),
        ("from functools import partial\ndef f(x): return partial(f, x)", "assert f(300) is not None"),
        ("def g(h): return h\n@g\ndef f(x): return x", "assert f(1) == 1"),
        ("import math\ndef f(x): return math.__loader__", "assert f(1) is not None"),
        ("import math\ndef f(x): return math", "assert f(1) is not None"),
        ("def f(x): return hash(x)", "assert f('a') == 1"),
        ("def f(x): return '{0.__class__}'.format(x)", "assert f(1) == ''"),
        ("def f(x): return x.format(f)", "assert f('{0.__module__}') == 'solution'"),
        ("def f(x, eval=eval): return eval('1')", "assert f(1) == 1"),
        ("def g(eval): pass\ndef f(x): return eval('1')", "assert f(1) == 1"),
        ("def f(x):\n    try:\n        return f(x)\n    except RecursionError:\n        return 1", "assert f(1) == 1"),
        ("def f(x):\n    try:\n        return f(x)\n    except:\n        return 1", "assert f(1) == 1"),
        ("def f(x): return list(set(x))", "assert f(['a', 'b']) == ['a', 'b']"),
        ("def f(x): return sorted(set(x), key=len)", "assert f(['a', 'b']) == ['a', 'b']"),
        ("def f(x): return ','.join({str(y) for y in x})", "assert f([1, 2]) == '1,2'"),
        ("def f(x): return list({(y, None) for y in x})[0][0]", "assert f([1, 2]) == 1"),
        ("def f(x): return x if __name__ == 'solution' else 0", "assert f(1) == 1"),
        ("def f(x): return x is 300", "assert f(300) is True"),
        ("def f(x): return x.__class__", "assert f(300) is not None"),
        ("def f(x):\n    with x:\n        return 1", "assert f(300) == 1"),
        ("import math as m\nimport json as m\ndef f(x): return m.dumps(x)", "assert f(300) == '300'"),
    ],
)
def test_whatever_may_be_another_thing_when_it_is_copied_needs_one(code: str, tests: str) -> None:
    assert one_process.needed(Program(code, tests))
