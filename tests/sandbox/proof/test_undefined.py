"""The linter's undefined names are judged by what the interpreter does: where none is looked up or one may be there, the run
decides.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest

from sandbox.languages.scripted.python import LANGUAGE, LINT_STDIN
from sandbox.languages.scripted.undefined import is_spared, places, said
from sandbox.languages.table import LANGUAGES
from sandbox.policy import FATAL_LINT_RULES

FUTURE = "from __future__ import annotations\n"
RUNS = (
    # annotations of local variables are never evaluated
    "def f():\n    found: Dict[str, int] = {}\n    return found\nf()\n",
    "class A:\n    def f(self):\n        self.x: Dict = {}\n        return self.x\nA().f()\n",
    "def f():\n    d = {}\n    d['a']: Nowhere = 1\n    return d\nf()\n",
    "def f():\n    x: Nowhere\n    x = 1\n    return x\nf()\n",
    "async def f():\n    for _ in range(2):\n        with open('/dev/null') as g:\n            x: List[Deque] = []\n"
    "    return x, g\nimport asyncio\nasyncio.run(f())\n",
    "def f():\n    \u00e4 = '\u00fc'; x: N\u00f6where = 1; return \u00e4, x\nf()\n",
    "x = 0\ndef f():\n    y: x = 1\n    x = 2\n    return x, y\nf()\n",
    "def f():\r\n\tx: Nowhere = 1\r\n\treturn x\r\nf()\r\n",
    # with the future import none is
    FUTURE + "def f(a: Nope, *b: Nope, c: Nope = 1, **d: Nope) -> Dict[str, int]:\n    return {}\nf(1)\n",
    FUTURE + "class A:\n    x: Nope = 1\n    def m(self) -> Other: ...\ny: Nope = 1\n",
    # what stands in quotes is not
    "def f(a: 'Nope', b: r'Nope', c: ('No' 'pe')) -> 'List[Nope]':\n    return a, b, c\nf(1, 2, 3)\n",
    "from typing import List, Optional\ndef f(a: Optional['Nope'] = None):\n    return a\nx = List['Nope']\nf()\n",
    "def f(a: '''dict[\n  Nope, int]'''):\n    return a\nf(1)\n",
    "from typing import NewType, TypeAlias, TypeVar, cast\nx = cast('Nope', 1)\nT = TypeVar('T', bound='Nope')\n"
    "N = NewType('N', 'Nope')\nX: TypeAlias = 'Nope'\n",
    "from dataclasses import dataclass\n@dataclass\nclass A:\n    x: 'Nope'\nA(1)\n",
    # names that no statement binds
    "globals()['x'] = 1\nprint(x)\n",
    "exec('x = 1')\nprint(x)\n",
    "vars()['x'] = 1\nprint(x)\n",
    "import builtins\nbuiltins.x = 1\nprint(x)\n",
    "import sys\nsetattr(sys.modules[__name__], 'x', 1)\nprint(x)\n",
    "def inject(fn):\n    fn.__globals__['magic'] = 42\n    return fn\n@inject\ndef f():\n    return magic\nf()\n",
    "from enum import Enum\nColor = Enum('Color', 'RED GREEN')\nglobals().update(Color.__members__)\nprint(RED)\n",
    "if 'nope' in dir():\n    print(nope)\n",
    # bound in the round before
    "for i in range(3):\n    if i:\n        print(x)\n    x = i\n",
    "def f():\n    n = 0\n    while n < 3:\n        for _ in range(2):\n            if n:\n                print(x)\n        x = n\n"
    "        n += 1\nf()\n",
    "x = 0\ndef f():\n    for i in range(3):\n        if i:\n            print(x)\n        x = i\nf()\n",
    "for i in range(2):\n    if i:\n        print(f(1), m.pi)\n    def f(x):\n        return x\n    import math as m\n",
    "class A:\n    for i in range(3):\n        if i:\n            print(x)\n        match i:\n            case x: pass\n",
    # taken away somewhere else
    "x = 1\nfor i in []:\n    del x\nprint(x)\n",
    "x = 1\ntry:\n    raise ValueError\n    del x\nexcept ValueError:\n    pass\nprint(x)\n",
    "def f():\n    for _ in range(3):\n        try:\n            return 1 / 1\n        except ZeroDivisionError as e:\n            pass\n"
    "    raise e\nf()\n",
    # what it raises is caught
    "try:\n    nope()\nexcept Exception:\n    print('caught')\n",
    "try:\n    text = unicode\nexcept:\n    text = str\n",
    "x = 0\ndef f():\n    try:\n        print(x)\n    except UnboundLocalError:\n        x = 1\n    return x\nf()\n",
    "import contextlib\nwith contextlib.suppress(NameError):\n    nope()\n",
    "def g():\n    return nope\ntry:\n    g()\nexcept NameError:\n    pass\n",
    # for another interpreter
    "import sys\nif sys.version_info[0] == 2:\n    text = unicode\nelse:\n    text = str\n",
    # nobody reads these names
    "__all__ = ['nope']\n",
    # no undefined name at all
    "print(ExceptionGroup, aiter, exit, __file__, __builtins__)\ndef f():\n    global counter\n    counter = 1\n",
)
RAISES = (
    "def f(a: Nope):\n    return a\n",
    "def f() -> Nope:\n    return 1\n",
    "x: Nope = 1\n",
    "x: Nope\n",
    "class A:\n    x: Nope = 1\n",
    "def g():\n    class A:\n        x: Nope = 1\n    return A\ng()\n",
    "def g():\n    def f(a: Nope):\n        return a\n    return f\ng()\n",
    "class A:\n    pass\nA.x: Nope = 1\n",
    "from typing import Optional\ndef f(a: Optional[Nope]):\n    return a\n",
    "def f():\n    x: int = nope\n    return x\nf()\n",
    "def f():\n    nope.x: int = 1\nf()\n",
    "def f():\n    d = {}\n    d[nope]: int = 1\nf()\n",
    FUTURE + "def f(a: Nope = nope):\n    return a\n",
    "x = 1\ndef f(a: 'Nope'):\n    return f'{x}{nope}'\nf(1)\n",
    "print({'a': 1}['a' if nope else 'b'])\n",
    "class Node:\n    def __init__(self, after: Node = None):\n        self.after = after\n",
    "print(later)\nlater = 1\n",
    "x = 0\ndef f():\n    x += 1\nf()\n",
    "x = 0\ndef f():\n    print(x)\n    for x in []:\n        pass\nf()\n",
    "for i in range(2):\n    print(nope)\n",
    "for i in range(2):\n    def f():\n        x = 1\n    print(x)\n",
    "for i in range(2):\n    print(x, [x for x in range(2)])\n",
    "try:\n    nope()\nexcept ValueError:\n    pass\n",
    "try:\n    pass\nexcept Exception:\n    pass\nelse:\n    nope()\n",
    "from typing import Dict\nd: Dict = vars(Dict)\nprint(nope)\n",
)
NEVER_REACHED = (
    "def f():\n    return nope\n",
    "if False:\n    nope()\n",
    "x = True or nope\n",
)


@pytest.fixture(scope="module")
def refused(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bool]:
    """Whether each source is refused, by the installed linter's own findings."""
    folder = tmp_path_factory.mktemp("sources")
    sources = (*RUNS, *RAISES, *NEVER_REACHED)
    for number, source in enumerate(sources):
        (folder / f"s{number:03}.py").write_bytes(source.encode())
    options = LINT_STDIN[1 : LINT_STDIN.index("--stdin-filename")]
    command = [sys.executable, "-m", "ruff", *options, str(folder)]
    out = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    fatal = dict.fromkeys(sources, False)
    for finding in map(json.loads, out.splitlines()):
        source = sources[int(Path(finding["filename"]).stem[1:])]
        if finding["code"] in FATAL_LINT_RULES and not is_spared(places(source), *said(finding)):
            fatal[source] = True
    return fatal


def raises(source: str, folder: Path) -> bool:
    """Whether the interpreter says NameError."""
    file = folder / "program.py"
    file.write_bytes(source.encode())
    done = subprocess.run([sys.executable, "-W", "ignore", str(file)], capture_output=True, text=True)
    assert done.returncode == 0 or "NameError" in done.stderr or "UnboundLocalError" in done.stderr, done.stderr
    return done.returncode != 0


@pytest.mark.parametrize("source", RUNS)
def test_what_the_interpreter_runs_is_not_refused(source: str, refused: dict[str, bool], tmp_path: Path) -> None:
    assert not raises(source, tmp_path)
    assert not refused[source]


@pytest.mark.parametrize("source", RAISES)
def test_a_name_that_is_looked_up_and_nowhere_is_refused(source: str, refused: dict[str, bool], tmp_path: Path) -> None:
    assert raises(source, tmp_path)
    assert refused[source]


@pytest.mark.parametrize("source", NEVER_REACHED)
def test_what_would_fail_wherever_it_is_reached_is_refused_unreached(source: str, refused: dict[str, bool]) -> None:
    assert refused[source]


def test_a_source_without_a_tree_has_no_such_place() -> None:
    assert places("\u0000") == places("(" * 5000) == places("def") == []


def test_a_hostile_source_and_a_flood_of_findings_take_no_time() -> None:
    began = time.monotonic()
    assert len(places("try:\n    x\nexcept: pass\n" * 4000)) == 500
    assert places("x = 1\n" * 50_000) == []
    lines = [
        json.dumps({"code": "F821", "message": "Undefined name `x`", "location": {"row": 9**9, "column": 1}})
    ] * 8000
    read = LANGUAGE.lint_of
    assert read and len(list(read("try:\n    x\nexcept: pass\n" * 4000)("\n".join(lines)))) == 8000
    javascript = LANGUAGES["javascript"].lint_of
    assert javascript and not list(javascript("\n" * 200_000)('{"diagnostics": []}'))
    assert time.monotonic() - began < 20
