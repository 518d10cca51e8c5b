"""Takes program text out of what a model wrote. Plain scanning with no execution and no pattern that can run away."""

import re
import textwrap
from dataclasses import dataclass

FENCE = "```"
DEFINED = re.compile(r"^(?:async[ \t]+)?def[ \t]+([A-Za-z_]\w{0,63})[ \t]*\(", re.MULTILINE)
TOP_LEVEL = re.compile(
    r"^(?:def|class|import|from|@|if|for|while|print|assert|[A-Za-z_]\w*[ \t]*[=(.\[])", re.MULTILINE
)
MAX_CODE = 20_000
"""Characters; a longer "program" is a model that ran away."""
MOST_FENCES = 20
"""Closing fences of one block that are tried for one outside a string."""

_TAG = r"(?:think|thinking|thought|reasoning)"
_THOUGHT = re.compile(rf"(?<![\"'`])</{_TAG}>", re.IGNORECASE)
_THINKING = re.compile(rf"\s*<{_TAG}>", re.IGNORECASE)
_LIST = " \t>-*+.)0123456789"
_OPENS = re.compile(
    r"(?P<before>[ \t]*(?:(?:[-*+>]|\d{1,3}[.)])[ \t]+)?)(?P<fence>`{3,}|~{3,})[ \t]*(?P<word>[^\s`,:]*)[^`]*$"
)
_OPENS_BEHIND = re.compile(r"(?P<before>.*[^`])(?P<fence>`{3,})(?P<word>[A-Za-z][\w+#]*)[ \t]*$")
"""Behind a sentence a fence counts only with the name of a language: "I use ``` to fence" opens nothing."""
_FENCES: dict[str, tuple[str, ...]] = {
    "python": ("py", "python3", "py3", "pycon"),
    "javascript": ("js", "mjs", "cjs", "node", "jsx"),
    "typescript": ("ts", "mts", "tsx"),
    "cpp": ("c++", "cc", "cxx", "c"),
    "csharp": ("c#", "cs"),
    "bash": ("sh", "shell", "zsh"),
    "ruby": ("rb",),
    "rust": ("rs",),
    "go": ("golang",),
    "perl": ("pl",),
    "sql": ("sqlite", "sqlite3", "mysql", "postgresql"),
    "java": (),
    "php": (),
}
_OTHERS = frozenset(
    {name for language, names in _FENCES.items() for name in (language, *names)}
    | {"console", "terminal", "output", "powershell", "json", "yaml", "toml", "html", "css", "xml", "diff", "markdown"}
)
_STRINGS = re.compile(
    r"""#[^\n]*|(?P<open>\"{3}|'{3})(?:\\.|(?!(?P=open)).)*(?P<close>(?P=open))?"""
    r"""|"(?:\\.|[^"\\\n])*"?|'(?:\\.|[^'\\\n])*'?""",
    re.DOTALL,
)
_DEFINES = re.compile(
    r"^[ \t]*(?:[a-z]+[ \t]+){0,3}?(?:def|class|function|func|fn|sub)[ \t]+([A-Za-z_]\w*)", re.MULTILINE
)
_WORD = re.compile(r"[A-Za-z_]\w*")


def spoken(text: str) -> str:
    """What an answer says once its thinking is over: what follows the last `</think>`; nothing where it never ended.

    A tag in quotes or code marks is a word about thinking, not its end.
    """
    ends = list(_THOUGHT.finditer(text))
    if ends:
        return text[ends[-1].end() :]
    return "" if _THINKING.match(text) else text


def code_block(text: str, language: str = "python") -> str | None:
    """The program of an answer: the last complete fenced block after any thinking, of those in its language.

    A block of another language is passed over; one without a language counts where none has the right one. A last block that
    only uses what an earlier one defines is an example of use. Bare text that begins like Python counts where no block does
    and Python is asked for. A block that the token limit cut counts where none is complete, without its last top-level
    statement (in Python) or line, which is unfinished by construction.
    """
    said = spoken(text)
    found = _blocks(said, language)
    own = [block for block in found if block.language in _names(language)]
    own = own or [block for block in found if block.language not in _OTHERS]
    if own:
        whole = [block for block in own if block.complete]
        return _program(_last(whole) if whole else _finished(own[-1].code, language))
    if found or language != "python" or FENCE in said:
        return None
    return _program(said) if said.lstrip().startswith(("def ", "import ", "from ", "class ", "@")) else None


def begun(text: str) -> str | None:
    """The whole lines that the program of an answer in Python is sure to begin with, while the answer is being written.

    That takes one open block, the first fence there is, of backticks at the margin; a closing one at the margin is taken to end the
    answer, as its template's stop string says. Where the token limit falls, the last of several top-level statements is left out
    (`_finished`), so it is here. None where other text may become the program as well: in thoughts, in indented or other blocks, or
    without a block.
    """
    said = spoken(text)
    lines = said[: said.rfind("\n") + 1].splitlines()
    at = next((at for at, line in enumerate(lines) if FENCE in line or "~~~" in line), len(lines))
    opening = _OPENS.match(lines[at]) if at < len(lines) else None
    if not opening or opening["before"] or opening["fence"] != FENCE:
        return None
    inside = lines[at + 1 :]
    first = next((line for line in inside if line.strip()), " ")
    indented = first[0].isspace()  # how far a block is indented is known at its end
    if opening["word"].lower() not in _names("python") or indented or any(FENCE in line for line in inside):
        return None
    return _finished(textwrap.dedent("".join(f"{line}\n" for line in inside)), "python")


@dataclass(frozen=True)
class _Block:
    language: str
    code: str
    complete: bool


def _blocks(text: str, language: str) -> list[_Block]:
    """Every fenced block in order: of backticks or `~`, three or more, indented or behind a list's mark."""
    lines = text.splitlines()
    found, at = [], 0
    while at < len(lines):
        opening = _OPENS.match(lines[at]) or _OPENS_BEHIND.match(lines[at])
        at += 1
        if opening is None:
            continue
        fence, indent = opening["fence"], len(opening["before"]) if not opening["before"].strip(_LIST) else 0
        end = _end(lines, at, fence, indent, language)
        inside = [line[min(indent, len(line) - len(line.lstrip())) :] for line in lines[at:end]]
        word = opening["word"].lower().strip("{}.")
        found.append(_Block(word, textwrap.dedent("\n".join(inside)), end < len(lines)))
        at = end + 1
    return found


def _end(lines: list[str], begin: int, fence: str, indent: int, language: str) -> int:
    """The line of the fence that closes a block: as long as its opening, no deeper, and not within a string of Python."""
    closing = re.compile(rf"[ \t]*{re.escape(fence[0])}{{{len(fence)},}}[ \t]*")
    candidates = [at for at in range(begin, len(lines)) if closing.fullmatch(lines[at])]
    level = [at for at in candidates if len(lines[at]) - len(lines[at].lstrip()) <= indent]
    ends = level or candidates[-1:]
    if language == "python":
        for at in ends[:MOST_FENCES]:
            if not _within_string("\n".join(lines[begin:at])):
                return at
    if ends:
        return ends[0]
    for at in range(begin, len(lines)):  # "    return 1```", or words behind the fence
        if fence in lines[at] and _OPENS_BEHIND.match(f" {lines[at].strip()}") is None:
            lines[at : at + 1] = [lines[at].partition(fence)[0], fence]
            return at + 1
    return len(lines)


def _within_string(code: str) -> bool:
    """Whether Python's text ends within a string of three quotes."""
    if len(code) > MAX_CODE:
        return False
    found = list(_STRINGS.finditer(code))
    last = found[-1] if found else None
    return bool(last and last["open"] and last.end() == len(code) and not last["close"])


def _last(blocks: list[_Block]) -> str:
    """The last block's code that is more than an example of how an earlier block's functions are used."""
    for at in range(len(blocks) - 1, 0, -1):
        code = blocks[at].code
        earlier = {name for block in blocks[:at] for name in _DEFINES.findall(block.code)}
        if _DEFINES.search(code) or not earlier & set(_WORD.findall(code)):
            return code
    return blocks[0].code


def _program(code: str) -> str | None:
    code = code.strip("\n").rstrip()
    return code + "\n" if code.strip() and len(code) < MAX_CODE else None


def _names(language: str) -> frozenset[str]:
    """What a fence calls a language."""
    return frozenset((language, *_FENCES.get(language, ())))


def answer_and_code(text: str, cut: bool, language: str = "python", fence: str = "python") -> tuple[str, str | None]:
    """An answer as it is to be learned, and the program in it.

    Where the token limit cut it, what is learned must end where the program does, not where the limit fell.
    """
    answer, code = text.strip(), code_block(text, language)
    around = FENCE if not code or FENCE not in code else "~~~~"
    return (f"{around}{fence}\n{code}{around}" if code and cut else answer), code


def _finished(code: str, language: str) -> str:
    """`code` without its last top-level statement where it has more than one; a lone statement may be whole."""
    if language != "python":
        return code.rpartition("\n")[0]
    starts = [match.start() for match in TOP_LEVEL.finditer(code)]
    return code[: starts[-1]] if len(starts) > 1 else code


def defined_functions(code: str) -> list[str]:
    """Names of the functions defined at the top level, in order."""
    return DEFINED.findall(code)


def whole_solution(signature: str, body: str, programming_language: str) -> str:
    """The reference of a public row: HumanEval and MBXP keep a signature in the prompt, and the body alone as the solution."""
    opens = "def " in signature if programming_language == "python" else signature.rstrip().endswith("{")
    return signature + body if opens and body[:1].isspace() else body


def assert_lines(text: str, at_most: int) -> str:
    """The first `at_most` distinct one-line assertions in `text`, as a script; empty where there are none."""
    lines = (line.strip() for line in text.splitlines())
    kept = dict.fromkeys(line for line in lines if line.startswith("assert ") and len(line) < 500)
    return "".join(f"{line}\n" for line in list(kept)[:at_most])
