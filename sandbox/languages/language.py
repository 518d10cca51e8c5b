"""What a language is to the sandbox: how its programs are written down, checked, run and tested, and how prompts speak
of it. One value of `Language` is all there is to know of one; `table.py` lists them.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sandbox.languages.diagnostics import Reader
from sandbox.languages.script import Script
from sandbox.languages.values import Spelling

MIB = 1024 * 1024
BOX = "/box/work"
"""Where the program's files lie in the container: written by the builder's uid, not writable for the program."""

NPM = "/usr/local/lib/npm/node_modules"
COUNT_EVEN = "def count_even(numbers):\n    return sum(1 for number in numbers if number % 2 == 0)"


@dataclass(frozen=True)
class Translation:
    """How a Python function and its tests are written in a language. In the patterns, `{0}` is the call, `{1}` the
    expected value, `{2}` a tolerance.
    """

    spelling: Spelling
    signature: str
    """`{name}`, `{parameters}`, `{result}`."""
    parameter: str
    """`{name}`, `{type}`."""
    example: str
    """`source` as an answer is to look."""
    equal: str
    """An assertion of an integer, and of whatever has no pattern of its own below."""
    near: str | None
    """Of a float; None: cannot be told."""
    text: str = ""
    truth: str = ""
    deep: str = ""
    """Of a list or dictionary; empty: as a scalar."""
    deep_near: str | None = None
    """Of a list or dictionary with floats; None: cannot be told."""
    empty: str = ""
    """Of an empty list, where that is not `deep`."""
    none: str = ""
    """Of nothing, where that is not `equal`."""
    call: str = "{name}({arguments})"
    separator: str = ", "
    prelude: str = ""
    """What an answer begins with."""
    before: str = ""
    """What the tests begin with: the functions that compare. They hold no literal but tolerances, since a run is proved
    by changing the literals of its tests. An integer is never a float's equal, nor truth a number's; an order of keys
    says nothing, an order of items does."""
    after: str = ""
    source: str = COUNT_EVEN
    """The Python program of the example."""
    counts_letters: bool = True
    """Whether a program can be expected to count letters beyond ASCII as one each."""


@dataclass(frozen=True)
class Dialect:
    """A language as prompts speak of it. `solution` and `tests` are the worked example that a prompt shows; empty where
    prompts ask for no programs in it.
    """

    language: str
    """As the sandbox names it, which is also the word after the three backticks."""
    name: str
    """As people do."""
    solution: str = ""
    """A function that counts the even numbers of a list."""
    tests: str = ""
    """Four one-line tests of it."""
    test_start: str = ""
    """How a line of such a test begins, up to the name of the function."""
    preamble: str = ""
    """What a script of such lines needs in front."""
    call: str = "("
    """What stands between the name of a function and its first argument."""
    functions: str = ""
    """A pattern of how a function begins at the left margin; its groups are the name."""
    translation: Translation | None = field(default=None, repr=False)
    """None: nothing is translated to it."""

    @property
    def fence(self) -> str:
        """The word after the three backticks."""
        return self.language

    def functions_in(self, code: str) -> list[str]:
        """Names of the functions that a program defines at its top level, in order. A scan with no parser: text is
        hostile.
        """
        found = re.finditer(self.functions, code[:20_000], re.MULTILINE)
        return [name for match in found if (name := next(filter(None, match.groups()), "")) != "main"]

    def as_values(self) -> dict[str, Any]:
        """For a template's `dialect` input."""
        words = ("language", "name", "fence", "test_start", "preamble", "call")
        return {
            **{name: getattr(self, name) for name in words},
            "solution": self.solution.rstrip("\n"),
            "tests": self.tests.rstrip("\n"),
            "entry_point": self.functions_in(self.solution)[-1],
        }


@dataclass(frozen=True)
class Language:
    """How programs of one language go through the stages. Commands run in BOX; `solution` is the source as given,
    `main` is what `assemble` made of source and tests.
    """

    name: str
    suffixes: tuple[str, ...]
    solution: str
    """The file that parser and linter see."""
    main: str
    """The file that is compiled, or run."""
    run: tuple[str, ...]
    version: tuple[str, ...]
    parse: tuple[str, ...] = ()
    parse_runs_code: bool = False
    lint: tuple[str, ...] = ()
    compile: tuple[str, ...] = ()
    lint_stops: tuple[int, ...] = ()
    """Exit statuses of the linter after which the program is not run."""
    readers: dict[str, Reader] = field(default_factory=dict, repr=False)
    """What understands the output of a stage."""
    lint_of: Callable[[str], Reader] | None = field(default=None, repr=False)
    """The reader of what the linter says of this source, where it depends on more than the rule what is an error. Asked only
    where something is one by its rule."""
    assemble: Callable[[str, str], Script] | None = field(default=None, repr=False)
    """(source, test script) as one program that reports each test as it is decided. It runs on the host and only
    rewrites text. What it makes reads the run's token from descriptor 4 before the solution is loaded, and writes lines
    `TOKEN KIND INDEX JSON` to descriptor 3: `ok`, `fail` (an assertion does not hold) or `error` (something was raised)
    for a test, `end` when the script came to its end and an assertion that must fail did. None: Python, whose tests run
    in a process of their own."""
    plainly: Callable[[str, str], Script | None] | None = field(default=None, repr=False)
    """(source, test script) as files for the language's own command, which its verdicts have to agree with; None where
    nothing here would run these tests so. None for the language: its verdicts are asked nothing."""
    frameworks: str = ""
    """A pattern of words in tests for a framework that is not here; its group is what that is called. What fails then
    is no fault of the program's."""
    not_here: str = ""
    """A pattern of what the compiler says of tests that use a word or a module which is not here, whatever the program
    is; its group is that word. Then the tests are at fault."""
    wraps_always: bool = False
    """Whether its programs need something around them also without tests."""
    written: Callable[[str], str] = field(default=str, repr=False)
    """The source as the parser, the linter and, without a test script, the interpreter are to see it."""
    artefacts: tuple[str, ...] = ()
    """Name patterns of what the compiler makes, for the cache of compiled programs."""
    files: tuple[Path, ...] = ()
    """Files of ours that lie beside the program."""
    memory_signs: tuple[str, ...] = ()
    """Words with which the runtime ends when memory is out, before the kernel would say so."""
    sockets_are_fatal: bool = True
    """False where the runtime itself asks for one at its start: then they are refused, and that is all."""
    packages: tuple[str, ...] = ()
    """Debian packages of its image, beside python3."""
    pip: tuple[str, ...] = ()
    """Python packages of its image, as wheels."""
    npm: tuple[str, ...] = ()
    """npm packages of its image."""
    aliases: tuple[str, ...] = ()
    memory_bytes: int = 0
    """What its runtime needs for itself; a smaller limit of a program's is raised to this."""
    build_memory_bytes: int = 0
    """What its compiler and linter need; the container has at least this."""
    pids: int = 0
    """Threads of the runtime itself, added to the limit."""
    build_pids: int = 8
    """Processes and threads of its parser, linter and compiler; the container allows at least as many."""
    environment: dict[str, str] = field(default_factory=dict)
    compile_cpu_s: float = 30.0
    dialect: Dialect | None = None
    """None: no prompt asks for programs in it."""
