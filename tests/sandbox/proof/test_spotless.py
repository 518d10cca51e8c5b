"""Where no linter is started because a source is spotless, the linter has no finding."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from sandbox.inside.reading.spotless import spotless
from sandbox.languages.scripted.python import LINT_STDIN

FLAWED = (
    "import os\n",
    "import os.path\nprint(os)\n",
    "import re\nfor re in [1]:\n    print(re)\n",
    "import re\ndef f(re):\n    return re\nprint(re)\n",
    "from math import *\nprint(pi)\n",
    "from typing import List\ndef f(a: List['Nowhere']):\n    return a\n",
    "from typing import List\nx = List['Nowhere']\n",
    "x = list['Nowhere']\n",
    "def f(a: 'Nowhere'):\n    return a\n",
    "def f():\n    return nowhere\n",
    "def f():\n    x = 1\n",
    "def f():\n    x: int = 1\n",
    "def f():\n    x: int\n",
    "def f():\n    (a, b) = (1, 2)\n",
    "def f():\n    with open('a') as g:\n        pass\n",
    "def f():\n    try:\n        pass\n    except ValueError as error:\n        pass\n",
    "def f():\n    print(x)\n    x = 1\n",
    "x = 1\ndef f():\n    print(x)\n    x = 2\n    return x\n",
    "x = 1\ndef f():\n    x += 1\n",
    "def f():\n    x = 1\n    return [x for x in range(3)]\n",
    "def f():\n    return 1\ndef f():\n    return 2\n",
    "print(f())\ndef f():\n    return 1\n",
    "class A:\n    x = 1\n    def f(self):\n        return x\n",
    "def f():\n    global nowhere\n    return nowhere\n",
    "def f(x):\n    del x\n    return x\n",
    "__all__ = ['nowhere']\n",
    "print('%s %s' % (1,))\n",
    "print(b'%s %s' % (1,))\n",
    "print('{} {}'.format(1))\n",
    "print(f'plain')\n",
    "print(f'{1:x}' f'' if 0 else f'')\n",
    "print({'a': 1, 'a': 2})\n",
    "a = 1\nprint({a: 1, a: 2})\n",
    "x = 1\nprint(x is 'a')\n",
    "x = 1\nprint(x is ())\n",
    "print >> 1\n",
    "assert (1, 'said')\n",
    "if (1, 2):\n    pass\n",
    "print(1 if (1, 2) else 2)\n",
    "raise NotImplemented\n",
    "match 1:\n    case nowhere:\n        print(elsewhere)\n",
    "print(aiter)\n",
    "print(ExceptionGroup)\n",
    "try:\n    pass\nexcept* ValueError:\n    pass\n",
)
SPOTLESS = (
    "import re\nfrom typing import List, Optional\n\n"
    "def words(text: str, most: Optional[int] = None) -> List[str]:\n"
    "    found = [word.lower() for word in re.findall(r'[a-z]+', text) if len(word) > 1]\n"
    "    count, _ = divmod(len(found), 2)\n"
    "    return found[:most] if count else helper(text)\n\n"
    "def helper(text):\n"
    "    total = 0\n"
    "    for index, letter in enumerate(text):\n"
    "        total += index * ord(letter) % 26\n"
    "    return sorted(set(text), key=lambda item: -item) or [f'{total:>{len(text)}}']\n\n"
    "if __name__ == '__main__':\n    print(words('A b'), end='')\n",
    "def f(n):\n    a, b = 0, 1\n    while n > 0 and b is not None:\n        a, b, n = b, a + b, n - 1\n    return a, b\n",
    "def f(xs):\n    try:\n        return {x: i for i, x in enumerate(xs)}\n    except (TypeError, ValueError):\n        raise\n",
)


def found(sources: tuple[str, ...], folder: Path) -> list[bool]:
    """Which of the sources the linter has a finding in."""
    for number, source in enumerate(sources):
        (folder / f"s{number:03}.py").write_text(source, encoding="utf-8")
    options = LINT_STDIN[1 : LINT_STDIN.index("--stdin-filename")]
    said = subprocess.run(
        [sys.executable, "-m", "ruff", *options, str(folder)], capture_output=True, text=True, check=True
    )
    return [f"s{number:03}.py" in said.stdout for number in range(len(sources))]


@pytest.mark.parametrize("source", FLAWED)
def test_a_source_in_which_the_linter_could_find_something_is_for_the_linter(source: str) -> None:
    assert not spotless(source)


@pytest.mark.parametrize("source", SPOTLESS)
def test_an_ordinary_function_needs_no_linter(source: str) -> None:
    assert spotless(source)


@pytest.mark.parametrize(
    "source", ["x = 1\r\n", "x = '\u00e9'\n", "x = 1\f\n", "x = \\\n1\n", "x = " + "(" * 150 + "1" + ")" * 150 + "\n"]
)
def test_what_two_readers_may_read_differently_is_for_the_linter(source: str) -> None:
    assert not spotless(source) or source.startswith("x = (")


def test_the_linter_has_no_finding_in_what_is_spotless(tmp_path: Path) -> None:
    files = sorted(Path(__file__).parents[2].glob("ordinary/**/*.py")) + sorted(
        Path(ast.__file__).parent.glob("[ab]*.py")
    )
    sources = []
    for file in files:
        text = file.read_text(encoding="utf-8", errors="replace")
        functions = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.FunctionDef)]
        sources += [text, *map(ast.unparse, functions)]
    clean = tuple(source for source in (*sources, *SPOTLESS) if spotless(source))
    assert len(clean) > 50
    assert not any(found(clean, tmp_path))
