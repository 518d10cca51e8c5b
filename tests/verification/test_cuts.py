"""Answers stopped while they are written: those that nothing can mend are, and no beginning of one that may be accepted is."""

import ast
import functools
import sysconfig
import threading
import warnings
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from verification.extraction import answer_and_code
from verification.unfinished.cuts import REPEATING, UNPARSEABLE, reason_to_stop, unparseable

ODD = [
    "x = 'a\\\nb'\n",
    "x = 1 + \\\n    2\n",
    'def f():\n    """```\n    f(1)\n    ```\n    """\n    return 1\n',
    "x = f'''{\n1\n}'''\n",
    "match x:\n    case [1, *_] if x: pass\n    case _:\n        pass\n",
    "try:\n    a = 1\nexcept* ValueError:\n    pass\n",
    "@d\n@e(\n  1)\nasync def f(a, /, b, *, c): yield (await a)\n",
    "if (n := 10) > 5: x = [y async for y in z]\n",
    "if 1:\n\tx = 1\n\n\t# said\n\ty = {**a, 'b': lambda: (yield)}\n",
    "def f(): return 1; x = 2\nclass A(B, metaclass=C): ...\n",
    "x = '\\d' '\u2028' 'é'\n",
    "print('a' if b else 'c')\nwith (a as b, c as d,):\n    pass\n",
    "grid = [\n" + "    [0, 0, 0, 0, 0, 0, 0, 0, 0],\n" * 9 + "]\n",
    "seen = [" + "False, " * 26 + "]\n# " + "-" * 90 + "\n",
]
FRAMES = [
    ("```python\n", "```"),
    ("```py\n", "```\n"),
    ("Sure, here it is:\n\n```python\n", "```\n\nIt works."),
    ("- First\n\n  ```python\n", "  ```"),
    ("~~~python\n", "~~~"),
    ("```\n", "```"),
    ("", ""),
    ("<think>\n```python\nx = )\n```\n```python\nif\n```\n</think>\n```python\n", "```"),
    ("```bash\npip install x y\n```\nThen:\n```python\n", "```"),
    ("```text\nf(1 2\n```\n```python\n", "```"),
]
TAILS = [
    "This is how it works:\n",
    "print(f(1)\n",
    "x = )\n",
    "def g(:\n    pass\n",
    "    return 1 2\n",
    "'''\n",
    "if x\n",
]


@functools.cache
def statements() -> list[str]:
    """Top-level statements of the standard library."""
    found = []
    for path in sorted(Path(sysconfig.get_path("stdlib")).glob("*.py"))[::4]:
        source = path.read_text(encoding="utf-8", errors="replace")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            pieces = [ast.get_source_segment(source, node, padded=True) for node in ast.parse(source).body]
        found += [f"{piece}\n" for piece in pieces if piece and len(piece) < 900]
    return found


@st.composite
def programs(draw: st.DrawFn) -> str:
    pieces = draw(st.lists(st.sampled_from(ODD) | st.sampled_from(statements()), min_size=1, max_size=4))
    return draw(st.sampled_from(["", "\n"])).join(pieces)


def parses(code: str | None) -> bool:
    if not code:
        return False
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ast.parse(code)
    except (SyntaxError, ValueError):
        return False
    return True


@given(program=programs(), frame=st.sampled_from(FRAMES), data=st.data())
def test_no_beginning_of_an_answer_with_a_program_that_parses_is_stopped(
    program: str, frame: tuple[str, str], data: st.DataObject
) -> None:
    text = f"{frame[0]}{program}{frame[1]}"
    at = data.draw(st.integers(0, len(text)))
    ends = [at, *(place + 1 for place, letter in enumerate(text) if letter == "\n")]
    assume(
        parses(answer_and_code(text, False)[1])
    )  # not where a U+2028 is a line's end to who takes it out of its block
    assert [text[:end] for end in ends if reason_to_stop(text[:end])] == []


@given(program=programs(), tails=st.lists(st.sampled_from(TAILS), max_size=3), more=programs(), data=st.data())
def test_nor_of_one_that_the_token_limit_ends_and_whose_finished_program_parses(
    program: str, tails: list[str], more: str, data: st.DataObject
) -> None:
    text = f"```python\n{program}{''.join(tails)}{more}"
    text = text[: data.draw(st.integers(0, len(text)))]
    if parses(answer_and_code(text, True)[1]):
        assert [
            text[:end] for end in range(len(text)) if text[end - 1 : end] == "\n" and reason_to_stop(text[:end])
        ] == []


@pytest.mark.parametrize(
    ("head", "breaks"),
    [
        ("", "def f(a b):\n"),
        ("def f():\n", "    return (1))\n"),
        ("def f(x):\n    return x\n\n", "This function returns what it is given.\n"),
        ("def f(x):\n    return [\n", "        x for y\n    return 1\n"),
        ("for i in range(3):\n        x\n", "    y\n"),
        ("if a:\n", "    print 'a'\n"),
        ("x = [1, 2\n", "y = 3\nz = 4\n"),
        ("def f(n):\n    return n\n\n", "def g(n, 1):\n    return n\n\ndef h():\n"),
    ],
)
def test_a_program_that_nothing_can_mend_is_stopped_at_the_line_that_breaks_it(head: str, breaks: str) -> None:
    text = f"Here:\n```python\n{head}{breaks}"
    assert not reason_to_stop(f"Here:\n```python\n{head}")
    assert not reason_to_stop(text[:-1].rpartition("\n")[0])
    assert reason_to_stop(text) == UNPARSEABLE
    assert unparseable(text).startswith("line ")
    mended = [answer_and_code(f"{text}{more}\n```", False)[1] for more in ("", "    pass", ")", "]", "'", '"""')]
    assert not any(parses(code) for code in mended)


def test_what_stands_behind_the_last_of_several_statements_may_be_left_out_and_stops_nothing() -> None:
    text = "```python\ndef f():\n    return 1\n\nprint(f())\nwhich prints one\n"
    assert not reason_to_stop(text)
    assert parses(answer_and_code(text, True)[1])
    assert reason_to_stop(f"{text}print(f())\n") == UNPARSEABLE  # now it is in the middle


def test_another_language_is_not_read_as_python() -> None:
    assert not reason_to_stop("```javascript\nfunction f(a) {\n  let x = a;\n", "javascript")
    assert not reason_to_stop("```javascript\nfunction f(a) {\n  let x = a;\n")


def test_an_answer_that_says_one_piece_again_and_again_is_stopped_and_a_table_is_not() -> None:
    line = "    total += values[index] * weights[index]\n"
    begun = "```python\ndef f(values, weights):\n"
    assert reason_to_stop(begun + line * 20) == REPEATING
    assert reason_to_stop("I would say so. " * 40) == REPEATING
    assert reason_to_stop("I would say so. " * 40, "rust") == REPEATING
    assert not reason_to_stop(begun + line * 7)
    assert not reason_to_stop(begun + "    x = [" + "0, " * 128)


@pytest.mark.parametrize(
    "code",
    [
        "(" * 5000,
        "-" * 19_000,
        "not " * 4000,
        "x" + ".a" * 9000,
        "1" + "+1" * 9000,
        "lambda: " * 2000,
        "[" * 150 + "\n" * 5000,
        "".join(f"{' ' * n}if x:\n" for n in range(150)),
        "\0",
        "x = '\ud800'",
        "# coding: rot13\nqrs s(): cnff",
    ],
)
def test_what_is_made_to_break_a_parser_breaks_nothing(code: str) -> None:
    said: list[str] = []
    thread = threading.Thread(
        target=lambda: said.append(reason_to_stop(f"```python\n{code}\n"))
    )  # as the engine's does
    thread.start()
    thread.join(20)
    assert len(said) == 1
