"""Takes program text out of what a model wrote. Plain scanning with no execution and no pattern that can run away."""

import re

FENCE = "```"
DEFINED = re.compile(r"^(?:async[ \t]+)?def[ \t]+([A-Za-z_]\w{0,63})[ \t]*\(", re.MULTILINE)
TOP_LEVEL = re.compile(
    r"^(?:def|class|import|from|@|if|for|while|print|assert|[A-Za-z_]\w*[ \t]*[=(.\[])", re.MULTILINE
)
MAX_CODE = 20_000
"""Characters; a longer "program" is a model that ran away."""


def code_block(text: str, language: str = "python") -> str | None:
    """The first fenced block; bare text that begins like Python counts too where Python is asked for.

    A block that the token limit cut loses its last top-level statement (in Python) or line, which is unfinished by construction.
    """
    opening = text.find(FENCE)
    if opening < 0:
        bare = text.strip()
        return (
            bare + "\n"
            if language == "python"
            and bare.startswith(("def ", "import ", "from ", "class ", "@"))
            and len(bare) < MAX_CODE
            else None
        )
    line_end = text.find("\n", opening)
    if line_end < 0:
        return None
    closing = text.find(FENCE, line_end)
    code = text[line_end + 1 : closing] if closing >= 0 else _finished(text[line_end + 1 :], language)
    code = code.rstrip()
    return code + "\n" if code.strip() and len(code) < MAX_CODE else None


def answer_and_code(text: str, cut: bool, language: str = "python", fence: str = "python") -> tuple[str, str | None]:
    """An answer as it is to be learned, and the program in it.

    Where the token limit cut it, what is learned must end where the program does, not where the limit fell.
    """
    answer, code = text.strip(), code_block(text, language)
    return (f"{FENCE}{fence}\n{code}{FENCE}" if code and cut else answer), code


def _finished(code: str, language: str) -> str:
    """`code` without its last top-level statement where it has more than one; a lone statement may be whole."""
    if language != "python":
        return code.rpartition("\n")[0]
    starts = [match.start() for match in TOP_LEVEL.finditer(code)]
    return code[: starts[-1]] if len(starts) > 1 else code


def defined_functions(code: str) -> list[str]:
    """Names of the functions defined at the top level, in order."""
    return DEFINED.findall(code)


def assert_lines(text: str, at_most: int) -> str:
    """The first `at_most` distinct one-line assertions in `text`, as a script; empty where there are none."""
    lines = (line.strip() for line in text.splitlines())
    kept = dict.fromkeys(line for line in lines if line.startswith("assert ") and len(line) < 500)
    return "".join(f"{line}\n" for line in list(kept)[:at_most])
