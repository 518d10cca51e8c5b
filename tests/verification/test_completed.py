"""An answer that completes a function leaves imports and helpers to the question that shows them."""

import pytest

from verification.python_source import completed

BEFORE = '"""A question."""\nimport math\nfrom typing import List, Tuple\nLIMIT = 3\n\ndef helper(x):\n    return x\n'
WHOLE = "import math\nfrom typing import List, Tuple\nLIMIT = 3\ndef helper(x):\n    return x\n"


@pytest.mark.parametrize(
    ("code", "program"),
    [
        ("def f():\n    return 1\n", f"{WHOLE}\ndef f():\n    return 1\n"),
        (f"{WHOLE}def f(): ...\n", f"{WHOLE}def f(): ...\n"),
        (
            "import math\nfrom typing import List, Tuple\nLIMIT = 4\nf = 1\n",
            "def helper(x):\n    return x\n\nimport math\nfrom typing import List, Tuple\nLIMIT = 4\nf = 1\n",
        ),
        ("from __future__ import annotations\nx = 1\n", f"from __future__ import annotations\n{WHOLE}\nx = 1\n"),
        ("def f(:\n", "def f(:\n"),
    ],
)
def test_a_program_gets_what_it_lacks_of_its_question_and_nothing_twice(code: str, program: str) -> None:
    assert completed(code, BEFORE) == program


def test_what_cannot_be_read_adds_nothing() -> None:
    assert completed("x = 1\n", "def (") == "x = 1\n"


def test_a_form_feed_before_an_import_of_the_future_ends_no_line() -> None:
    code = '"""Of two\x0cpages."""\nfrom __future__ import annotations\ndef f(x: List[int]): return x\n'
    made = completed(code, "from typing import List\n")
    compile(made, "made", "exec")
    assert made.index("from __future__") < made.index("from typing")
