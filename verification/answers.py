"""Finds the final answer in what a model wrote: the last one that it states, its thinking apart.

Scans with bounded patterns only: the text is hostile. Nothing here evaluates anything.
"""

import re

from verification.extraction import spoken
from verification.quantities import LONGEST_ANSWER, NUMBER, pointed, quantity

TAIL = 4000
"""Characters from the end in which an answer in words is looked for."""

_STATES = re.compile(
    r"(?:\b(?:final answer|answer|antwort|ergebnis|réponse|respuesta|risposta|resposta|antwoord)\b|ответ|答案|答え)"
    r"[^\n:=.?!]{0,40}?(?:\b(?:is|are|ist|lautet|est|es|è|é)\b(?! not\b| nicht\b)|[:：=]|是|は)[ \t*:=]*",
    re.I,
)
_CLOSES = re.compile(
    r"\b(?:result|therefore|hence|thus|so the total|total|sum)\b[^\n:=.?!]{0,40}?(?:\b(?:is|are|equals)\b|:|=)[ \t*:=]*",
    re.I,
)
_BOX = re.compile(r"\\(?:boxed|fbox|framebox)\s*(?:\{|(?P<bare>[\w.]))")
_JOINED = re.compile(
    r"(?:[\s$,;]|\\[()\[\],;! ]|\\(?:quad|text|mathrm)|[{}]|\b(?:or|and|oder|und|ou|et|y|o|as well as)\b){0,40}"
)
_OR = re.compile(r"(?:\bor\b|\boder\b|\\text\s*\{\s*or\s*\}|\\lor\b)", re.I)
_IN_TEXT = re.compile(rf"(?<![\w.,/^])[$€£¥]?[ ]?(?:{NUMBER})(?:[ ]?/[ ]?\d{{1,40}})?%?(?![\w/^]|\.\d)")
_ALIGNED = r"\\begin\{(?P<name>(?:align|equation|gather)(?:ed)?\*?|split|multline\*?)\}"
_DISPLAY = re.compile(rf"\s*(?:(?P<open>\\\[|\\\(|\$\$|```)[ \t]*(?:\n|(?=\\begin\{{))|{_ALIGNED})")
_STEPS = re.compile(rf"\s*{_ALIGNED}(?P<rows>.*)\\end\{{(?P=name)\}}[\s.,]*", re.S)
_ROWS = re.compile(r"(\\begin\{|\\end\{|\\&|\\\\|&)")
_CLOSING = {"\\[": "\\]", "\\(": "\\)", "$$": "$$", "``": "```"}
_BULLET = re.compile(r"^[-*•+][ \t]+")
_OPTION = re.compile(r"^(?:option|choice)[ ]+(?=\(?[A-H]\b)", re.I)
_CHOSEN = re.compile(r"\(?[A-H]\)\s+\S")
_WORDY = re.compile(r"[^\W\d_]{3}")
_COMMAND = re.compile(r"\\[A-Za-z]+(?:\{[^{}]*\})?")
_NUMBERED = re.compile(r"\d{1,3}[.):]\s")
_FORMULA = re.compile(r"\d|\\|\$.|∞|π|√|^[A-Za-z]$|^[A-Za-z](?:\s*[-+*/=^]\s*[A-Za-z])+$")


def final_answer(text: str) -> str:
    """The answer that a solution states last, after any thinking: in a box, behind `####`, behind "the answer is"; where
    none is stated so, what a closing sentence says ("the result is 7"), or what the last equation comes to.

    Empty where it states none, or several joined by "or", "and", a comma. A sentence with a cue word and no number or formula
    behind it states nothing where another does. In a text that writes decimal commas numbers come back with points.
    """
    text = pointed(spoken(text)).strip()
    at, stated = _stated(text)
    boxes = _boxes(text)
    if boxes and boxes[-1][1] >= at:
        return _one(text, boxes)[:LONGEST_ANSWER]
    marked = _marked(text)
    if marked is not None and text.rfind("####") >= at:
        return marked
    if stated:
        return stated
    tail = text[-TAIL:]
    for said in reversed(list(_CLOSES.finditer(tail))):
        found = _trimmed(tail[said.end() :].split("\n", 1)[0][:200])
        if quantity(found) or "\\" in found:
            return found
    lines = [line for line in text.splitlines() if line.strip()]
    if lines and (found := _from_line(lines[-1])):
        return found
    while lines and not any(letter.isdigit() for letter in lines[-1]):
        lines.pop()
    return _from_line(lines[-1]) if lines and "=" in lines[-1] else ""


def boxed(solution: str) -> str:
    """What the last `\\boxed{...}` or `\\fbox{...}` holds, braces matched; empty where there is none."""
    found = _boxes(solution)
    return found[-1][2] if found else ""


def _marked(text: str) -> str | None:
    """What follows the last `####`, as GSM8K marks its answers; None where it is a heading of Markdown: words, with text below."""
    if "####" not in text:
        return None
    lines = text.rpartition("####")[2].strip().splitlines()
    answer, below = (lines[0].strip(), any(line.strip() for line in lines[1:])) if lines else ("", False)
    if (
        below
        and _WORDY.search(_COMMAND.sub("", answer.partition("=")[0]))
        and not (quantity(answer) and not _NUMBERED.match(answer))
    ):
        return None
    return answer[:LONGEST_ANSWER]


def _stated(text: str) -> tuple[int, str]:
    """(where it ends, what it says) of the last statement of an answer in words; of formulas before words."""
    tail = text[-TAIL:]
    begin = len(text) - len(tail)
    words = (-1, "")
    for said in reversed(list(_STATES.finditer(tail))):
        if shown := _displayed(tail[said.end() :]):
            return begin + said.end(), shown
        line = tail[said.end() :].split("\n", 1)[0][:200]
        if not line.strip():  # "Answer:" and the answer below it
            line = _BULLET.sub("", tail[said.end() :].strip().split("\n", 1)[0][:200])
        found = _trimmed(line)
        if _BOX.search(line[: len(found) + 10]) or (found and _FORMULA.search(found)):
            return begin + said.end(), found
        if found and words[0] < 0 and len(found.split()) <= 6:
            words = (begin + said.end(), found)
    return words if not _boxes(text) and _marked(text) is None else (-1, "")


def _displayed(rest: str) -> str:
    """What a formula or block of several lines says that the text begins with, of aligned steps the last; empty where it has none."""
    opens = _DISPLAY.match(rest)
    if opens is None:
        return ""
    closing = f"\\end{{{opens['name']}}}" if opens["name"] else _CLOSING[opens["open"][:2]]
    inside, closed, _ = rest[opens.end() : opens.end() + LONGEST_ANSWER].partition(closing)
    if not closed:
        return ""
    aligned = bool(opens["name"])
    while steps := _STEPS.fullmatch(inside):
        inside, aligned = steps["rows"], True
    found = " ".join(_last_row(inside, aligned).split()).rstrip("., ").removeprefix("= ")
    return found if opens["open"] != "```" or quantity(found) else ""


def _last_row(formula: str, aligned: bool) -> str:
    """The last row of aligned steps, or the whole formula, without marks of alignment; a matrix in it is left as it is."""
    rows, depth = [""], 0
    for piece in _ROWS.split(formula):
        depth += {"\\begin{": 1, "\\end{": -1}.get(piece, 0)
        if piece == "\\\\" and aligned and not depth:
            rows.append("")
        else:
            rows[-1] += " " if piece == "&" and not depth else piece
    return next((row for row in reversed(rows) if row.strip()), "")


def _boxes(text: str) -> list[tuple[int, int, str]]:
    """(begin, end, content) of every box, braces matched."""
    found = []
    for box in _BOX.finditer(text):
        if box["bare"]:
            found.append((box.start(), box.end(), box["bare"]))
            continue
        depth = 1
        for end in range(box.end(), min(len(text), box.end() + 1000)):
            depth += {"{": 1, "}": -1}.get(text[end], 0)
            if not depth:
                found.append((box.start(), end + 1, text[box.end() : end]))
                break
    return found[-50:]


def _one(text: str, boxes: list[tuple[int, int, str]]) -> str:
    """The last box, unless it stands in a row with another that holds something else."""
    begin, _, content = boxes[-1]
    if len(boxes) > 1:
        _, end, before = boxes[-2]
        between = text[end:begin]
        if before.split() != content.split() and len(between) < 60 and _JOINED.fullmatch(between):
            return ""
    return content


def _trimmed(answer: str) -> str:
    """What was said, up to the end of its sentence; of a sentence with one number in it, that number."""
    sentence = re.split(r"(?<=[^\d])(?<![ap]\.m)\.(?:\s|$)|(?<=\d)\.(?:\s|$)|[;。；]|\bbecause\b", answer, maxsplit=1)[
        0
    ]
    sentence = _OPTION.sub("", sentence.strip(" *").removesuffix(","))
    if _CHOSEN.match(sentence):
        return sentence
    if _OR.search(sentence):
        sides = [side.rpartition("=")[2].strip() for side in _OR.split(sentence)]
        if len(sides) > 1 and all(any(map(str.isdigit, side)) for side in sides):
            return "" if len(set(sides)) > 1 else sides[0]
    if (
        quantity(sentence)
        or "\\" in sentence
        or "$" in sentence[1:]
        or re.search(r"\d\s*:\s*\d|\b[ap]\.?m\b", sentence)
    ):
        return sentence.strip("$ ") if sentence.count("$") == 2 else sentence
    prose = re.search(r"[A-Za-z]{3}", sentence)
    return _from_line(sentence) or sentence if prose else sentence


def _from_line(line: str) -> str:
    """The number that a line comes to: what stands after its last `=`, or the only number in it."""
    if _OR.search(line) and line.count("=") > 1:
        return ""
    after = line.rpartition("=")[2] if "=" in line else line
    if quantity(after.strip().rstrip(".")):
        return after.strip().rstrip(".")
    found = dict.fromkeys(match[0].strip() for match in _IN_TEXT.finditer(after[:2000]))
    return next(iter(found)) if len(found) == 1 else ""
