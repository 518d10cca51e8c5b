"""Finds the final answer in what a model wrote, and reads it as an exact number with a unit where it is one.

Scans with bounded patterns only: the text is hostile. Nothing here evaluates anything.
"""

import re
from dataclasses import dataclass
from fractions import Fraction

LONGEST_ANSWER = 400
"""Characters; a longer "final answer" is a whole text."""
DIGITS = 40
"""A longer number is a model that ran away."""

_SAID = re.compile(
    r"(?:final answer|answer|result|therefore|so the total|total)\b[^\n:=]{0,40}?(?:\bis\b|\bare\b|:|=)[ \t]*",
    re.I,
)
_NUMBER = r"[-+]?(?:\d{1,3}(?:,\d{3})+(?!\d)|\d{1,40})(?:\.\d{1,40})?|[-+]?\.\d{1,40}"
_ALONE = re.compile(
    rf"(?P<currency>[$€£¥]?)[ ]?(?P<number>{_NUMBER})"
    rf"(?:[ ]?/[ ]?(?P<under>\d{{1,3}}(?:,\d{{3}})+|\d{{1,40}})|[ ](?P<top>\d{{1,9}})/(?P<bottom>\d{{1,9}}))?"
    rf"(?P<power>[ ]?(?:\*|×|x)[ ]?10\^[-+]?\d{{1,2}}|[eE][-+]?\d{{1,2}})?"
    rf"[ ]?(?P<unit>[$€£¥%°]?[A-Za-z²³ /'-]{{0,60}}%?)"
)
_IN_TEXT = re.compile(rf"(?<![\w.,/^])[$€£¥]?[ ]?(?:{_NUMBER})(?:[ ]?/[ ]?\d{{1,40}})?%?(?![\w/^]|\.\d)")
_LATEX_FRACTION = re.compile(r"\\[dt]?frac[ ]?\{([-+]?[\d,.]{1,40})\}[ ]?\{([\d,.]{1,40})\}|\\[dt]?frac(\d)(\d)")
_TEXT = re.compile(r"\\(?:text|mathrm|mbox|textbf|mathbf)[ ]?\{([^{}]{0,80})\}")
_UNITS = {
    "dollars": "$", "dollar": "$", "usd": "$", "bucks": "$", "euros": "€", "euro": "€", "pounds sterling": "£",
    "percent": "%", "per cent": "%", "percentage": "%", "degrees": "°", "degree": "°",
    "hour": "h", "hours": "h", "hr": "h", "hrs": "h", "minute": "min", "minutes": "min", "mins": "min",
    "second": "s", "seconds": "s", "sec": "s", "secs": "s", "meter": "m", "meters": "m", "metre": "m", "metres": "m",
    "kilometer": "km", "kilometers": "km", "kilometre": "km", "kilometres": "km", "centimeters": "cm", "centimeter": "cm",
    "kilogram": "kg", "kilograms": "kg", "kgs": "kg", "gram": "g", "grams": "g", "liter": "l", "liters": "l", "litres": "l",
    "litre": "l", "mile": "mi", "miles": "mi", "foot": "ft", "feet": "ft", "inch": "in", "inches": "in",
}  # fmt: skip


@dataclass(frozen=True)
class Quantity:
    """An exact number, and what of."""

    number: Fraction
    unit: str = ""
    """In a normal form: `$`, `%`, `km`, `apple`; empty where none is said."""


def final_answer(text: str) -> str:
    """The final answer that a solution states: what is boxed, what follows `####`, what follows "the answer is", what the
    last line comes to. Empty where it states none, or several that differ.
    """
    text = text.strip()
    if found := boxed(text):
        return found[:LONGEST_ANSWER]
    if "####" in text:
        lines = text.rpartition("####")[2].strip().splitlines()
        return lines[0].strip()[:LONGEST_ANSWER] if lines else ""
    if said := list(_SAID.finditer(text[-4000:])):
        return _trimmed(text[-4000:][said[-1].end() :].split("\n", 1)[0][:200])
    lines = [line for line in text.splitlines() if line.strip()]
    return _from_line(lines[-1]) if lines else ""


def quantity(answer: str) -> Quantity | None:
    """The answer as an exact number with its unit; None where it is something else, or more than that."""
    plain = _plain(answer)
    if not plain or len(plain) > LONGEST_ANSWER:
        return None
    match = _ALONE.fullmatch(plain)
    if match is None:
        return None
    number = _fraction(match["number"])
    if match["under"]:
        below = _fraction(match["under"])
        if not below:
            return None
        number /= below
    elif match["top"]:
        below = _fraction(match["bottom"])
        if not below or "." in match["number"]:
            return None
        part = _fraction(match["top"]) / below
        number = number - part if match["number"].startswith("-") else number + part
    if match["power"]:
        number *= Fraction(10) ** int(re.split(r"[\^eE]", match["power"])[-1])
    unit = _unit(match["unit"])
    currency = match["currency"]
    if currency and unit in ("", currency):
        unit = currency
    return Quantity(number, unit)


def _trimmed(answer: str) -> str:
    """What was said, up to the end of its sentence; of a sentence with one number in it, that number."""
    sentence = re.split(r"(?<=[^\d])\.(?:\s|$)|(?<=\d)\.(?:\s|$)|;|\bbecause\b", answer, maxsplit=1)[0].strip()
    if quantity(sentence) or "\\" in sentence or "$" in sentence[1:]:
        return sentence.strip("$ ") if sentence.count("$") == 2 else sentence
    prose = re.search(r"[A-Za-z]{3}", sentence)
    return _from_line(sentence) or sentence if prose else sentence


def _from_line(line: str) -> str:
    """The number that a line comes to: what stands after its last `=`, or the only number in it."""
    after = line.rpartition("=")[2] if "=" in line else line
    if quantity(after.strip().rstrip(".")):
        return after.strip().rstrip(".")
    found = dict.fromkeys(match[0].strip() for match in _IN_TEXT.finditer(after[:2000]))
    return next(iter(found)) if len(found) == 1 else ""


def _plain(answer: str) -> str:
    """Without the dress: dollar signs of LaTeX, `\\text{}`, thin spaces, emphasis, a closing full stop."""
    plain = answer.strip()[: LONGEST_ANSWER + 1]
    if len(plain) > 1 and plain[0] == plain[-1] == "$":
        plain = plain[1:-1]
    for begin, end in (("\\(", "\\)"), ("\\[", "\\]"), ("\\boxed{", "}"), ("**", "**"), ("`", "`")):
        if plain.startswith(begin) and plain.endswith(end) and len(plain) > len(begin):
            plain = plain[len(begin) : -len(end)].strip()
    plain = _TEXT.sub(r" \1 ", plain)
    plain = re.sub(
        r"\\[,;!: ]|~|\{,\}", lambda match: "," if match[0] == "{,}" else "" if match[0] == "\\!" else " ", plain
    )
    plain = _LATEX_FRACTION.sub(lambda m: f"{m[1]}/{m[2]}" if m[1] else f"{m[3]}/{m[4]}", plain)
    plain = (
        plain.replace("\\$", "$").replace("\\%", "%").replace("−", "-").replace("\u00a0", " ").replace("\\times", "×")
    )
    plain = re.sub(r"\\?\^\{?\\circ\}?|\\degree", "°", plain)
    plain = re.sub(r"10\^\{([-+]?\d{1,2})\}", r"10^\1", plain)
    plain = re.sub(r"^([-+])[ ]?([$€£¥])", r"\2\1", re.sub(r"\s+", " ", plain).strip())
    return plain.removesuffix(".").strip()


def _fraction(number: str) -> Fraction:
    return Fraction(number.replace(",", ""))


def _unit(words: str) -> str:
    words = " ".join(words.lower().split()).strip(" .'-/")
    if words in _UNITS:
        return _UNITS[words]
    last = words.removeprefix("of ").removeprefix("more ")
    return last[:-1] if last.endswith("s") and len(last) > 3 and not last.endswith("ss") else last


def boxed(solution: str) -> str:
    """What the last `\\boxed{...}` holds, braces matched; empty where there is none."""
    at = solution.rfind("\\boxed{")
    if at < 0:
        return ""
    begin = at + len("\\boxed{")
    depth = 1
    for end in range(begin, min(len(solution), begin + 1000)):
        depth += {"{": 1, "}": -1}.get(solution[end], 0)
        if not depth:
            return solution[begin:end]
    return ""
