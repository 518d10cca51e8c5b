"""How programs and their tests look in each language of the sandbox: what a prompt must say and what an answer is searched for."""

import re
from dataclasses import asdict, dataclass
from typing import Any

from sandbox.languages.table import LANGUAGES
from sandbox.report import SandboxError


@dataclass(frozen=True)
class Dialect:
    """One language, as prompts speak of it. `solution` and `tests` are the worked example that a prompt shows."""

    language: str
    """As the sandbox names it."""
    name: str
    """As people do."""
    fence: str
    """The word after the three backticks."""
    solution: str
    """A function that counts the even numbers of a list."""
    tests: str
    """Four one-line tests of it."""
    test_start: str
    """How a line of such a test begins, up to the name of the function."""
    preamble: str = ""
    """What a script of such lines needs in front."""
    call: str = "("
    """What stands between the name of a function and its first argument."""

    def as_values(self) -> dict[str, Any]:
        """For a template's `dialect` input."""
        example = {"solution": self.solution.rstrip("\n"), "tests": self.tests.rstrip("\n")}
        return {**asdict(self), **example, "entry_point": functions_in(self.solution, self.language)[-1]}


DIALECTS = {
    dialect.language: dialect
    for dialect in (
        Dialect(
            "python",
            "Python",
            "python",
            "def count_even(numbers):\n"
            "    # A number is even when dividing it by two leaves nothing.\n"
            "    return sum(1 for number in numbers if number % 2 == 0)\n",
            "assert count_even([1, 2, 4]) == 2\n"
            "assert count_even([]) == 0\n"
            "assert count_even([7]) == 0\n"
            "assert count_even([0, -2]) == 2\n",
            "assert ",
        ),
        Dialect(
            "javascript",
            "JavaScript",
            "javascript",
            "function countEven(numbers) {\n"
            "  // A number is even when dividing it by two leaves nothing.\n"
            "  return numbers.filter((number) => number % 2 === 0).length;\n}\n",
            "assert.deepStrictEqual(countEven([1, 2, 4]), 2);\n"
            "assert.deepStrictEqual(countEven([]), 0);\n"
            "assert.deepStrictEqual(countEven([7]), 0);\n"
            "assert.deepStrictEqual(countEven([0, -2]), 2);\n",
            "assert.deepStrictEqual(",
            'const assert = require("assert");\n',
        ),
        Dialect(
            "typescript",
            "TypeScript",
            "typescript",
            "function countEven(numbers: number[]): number {\n"
            "  // A number is even when dividing it by two leaves nothing.\n"
            "  return numbers.filter((number) => number % 2 === 0).length;\n}\n",
            "assert.deepStrictEqual(countEven([1, 2, 4]), 2);\n"
            "assert.deepStrictEqual(countEven([]), 0);\n"
            "assert.deepStrictEqual(countEven([7]), 0);\n"
            "assert.deepStrictEqual(countEven([0, -2]), 2);\n",
            "assert.deepStrictEqual(",
            'const assert = require("assert");\n',
        ),
        Dialect(
            "php",
            "PHP",
            "php",
            "<?php\nfunction countEven($numbers) {\n"
            "    // A number is even when dividing it by two leaves nothing.\n"
            "    return count(array_filter($numbers, fn($number) => $number % 2 === 0));\n}\n",
            "assert(countEven([1, 2, 4]) === 2);\n"
            "assert(countEven([]) === 0);\n"
            "assert(countEven([7]) === 0);\n"
            "assert(countEven([0, -2]) === 2);\n",
            "assert(",
        ),
        Dialect(
            "cpp",
            "C++",
            "cpp",
            "#include <vector>\nint countEven(const std::vector<int>& numbers) {\n"
            "    // A number is even when dividing it by two leaves nothing.\n"
            "    int count = 0;\n    for (int number : numbers) count += number % 2 == 0;\n    return count;\n}\n",
            "assert(countEven({1, 2, 4}) == 2);\n"
            "assert(countEven({}) == 0);\n"
            "assert(countEven({7}) == 0);\n"
            "assert(countEven({0, -2}) == 2);\n",
            "assert(",
            "#include <cassert>\n",
        ),
        Dialect(
            "bash",
            "Bash",
            "bash",
            "count_even() {\n"
            "  # A number is even when dividing it by two leaves nothing.\n"
            '  local count=0 number\n  for number in "$@"; do ((number % 2 == 0)) && ((count += 1)); done\n'
            '  echo "$count"\n}\n',
            '[ "$(count_even 1 2 4)" = 2 ]\n'
            '[ "$(count_even)" = 0 ]\n'
            '[ "$(count_even 7)" = 0 ]\n'
            '[ "$(count_even 0 -2)" = 2 ]\n',
            '[ "$(',
            call=" ",
        ),
        Dialect(
            "ruby",
            "Ruby",
            "ruby",
            "def count_even(numbers)\n"
            "  # A number is even when dividing it by two leaves nothing.\n"
            "  numbers.count { |number| number % 2 == 0 }\nend\n",
            "assert_equal(count_even([1, 2, 4]), 2)\n"
            "assert_equal(count_even([]), 0)\n"
            "assert_equal(count_even([7]), 0)\n"
            "assert_equal(count_even([0, -2]), 2)\n",
            "assert_equal(",
        ),
        Dialect(
            "go",
            "Go",
            "go",
            "package main\n\nfunc countEven(numbers []int) int {\n"
            "\t// A number is even when dividing it by two leaves nothing.\n"
            "\tcount := 0\n\tfor _, number := range numbers {\n\t\tif number%2 == 0 {\n\t\t\tcount++\n\t\t}\n\t}\n"
            "\treturn count\n}\n",
            "assert(countEven([]int{1, 2, 4}) == 2)\n"
            "assert(countEven([]int{}) == 0)\n"
            "assert(countEven([]int{7}) == 0)\n"
            "assert(countEven([]int{0, -2}) == 2)\n",
            "assert(",
        ),
        Dialect(
            "rust",
            "Rust",
            "rust",
            "fn count_even(numbers: &[i64]) -> usize {\n"
            "    // A number is even when dividing it by two leaves nothing.\n"
            "    numbers.iter().filter(|number| *number % 2 == 0).count()\n}\n",
            "assert_eq!(count_even(&[1, 2, 4]), 2);\n"
            "assert_eq!(count_even(&[]), 0);\n"
            "assert_eq!(count_even(&[7]), 0);\n"
            "assert_eq!(count_even(&[0, -2]), 2);\n",
            "assert_eq!(",
        ),
    )
}
_DEFINED = {
    "python": r"^(?:async[ \t]+)?def[ \t]+(\w{1,64})[ \t]*\(",
    "javascript": r"^(?:export[ \t]+)?(?:async[ \t]+)?function[ \t]*\*?[ \t]*(\w{1,64})[ \t]*\(|^(?:const|let|var)[ \t]+(\w{1,64})[ \t]*=",
    "php": r"^[ \t]*function[ \t]+&?(\w{1,64})[ \t]*\(",
    "cpp": r"^[A-Za-z_][\w:<>,&* \t]{0,100}?[ \t&*](\w{1,64})[ \t]*\([^;{}]{0,300}\)[ \t]*(?:const[ \t]*)?\{",
    "bash": r"^(?:function[ \t]+)?(\w{1,64})[ \t]*\(\)[ \t]*\{?",
    "ruby": r"^def[ \t]+(\w{1,64}[?!]?)",
    "go": r"^func[ \t]+(\w{1,64})[ \t]*\(",
    "rust": r"^(?:pub[ \t]+)?fn[ \t]+(\w{1,64})[ \t]*[<(]",
}
_DEFINED["typescript"] = _DEFINED["javascript"]


def dialect_of(language: str) -> Dialect:
    """The dialect of a language by any of its names. Raises SandboxError where prompts know none."""
    named = next((row.name for row in LANGUAGES.values() if language in (row.name, *row.aliases)), language)
    if named not in DIALECTS:
        raise SandboxError(f'no prompts for the language "{language}"; known: {", ".join(DIALECTS)}')
    return DIALECTS[named]


def has_prompts(language: str) -> bool:
    """Whether prompts know the language of a seed."""
    return any(language in (name, *LANGUAGES[name].aliases) for name in DIALECTS)


def functions_in(code: str, language: str) -> list[str]:
    """Names of the functions that a program defines at its top level, in order. A scan with no parser: text is hostile."""
    found = re.finditer(_DEFINED[language], code[:20_000], re.MULTILINE)
    return [name for match in found if (name := next(filter(None, match.groups()), "")) != "main"]


def assertions_in(text: str, dialect: Dialect, at_most: int) -> str:
    """The first `at_most` distinct one-line tests in `text`, as a script in the language; empty where there are none."""
    lines = (line.strip() for line in text.splitlines())
    kept = dict.fromkeys(line for line in lines if line.startswith(dialect.test_start) and len(line) < 500)
    return dialect.preamble + "".join(f"{line}\n" for line in list(kept)[:at_most]) if kept else ""


def expect_one_value(tests: str, dialect: Dialect) -> bool:
    """Whether all tests expect the very same value: a function that ignores its arguments would pass them."""
    separators = ("===", "==", " = ", ", ")
    expected = set()
    for line in tests.removeprefix(dialect.preamble).splitlines():
        separator = next((part for part in separators if part in line), "")
        expected.add(line.rpartition(separator)[2].strip(" ;)]") if separator else line)
    return len(expected) < 2
