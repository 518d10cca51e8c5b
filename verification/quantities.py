"""Reads an answer as an exact number with a unit where it is one, in the spellings of several countries and of LaTeX.

What a comma or a point in a number means: two different marks, the last is the decimal mark (`1.234,5`, `1,234.5`). One mark
that stands several times groups digits (`1.234.567`). A lone comma before exactly three digits groups them (`1,234`), any
other is a decimal comma (`3,5`, `0,125`, `12,3456`); a lone point is a decimal point. Spaces, thin spaces and apostrophes
group by threes, commas also as in India (`12,34,567`). In a text whose language writes decimal commas (`decimal_comma`) a
lone comma is one always, and a lone point before exactly three digits groups them: `pointed` rewrites such a text.

Scans with bounded patterns only: the text is hostile. Nothing here evaluates anything.
"""

import re
from dataclasses import dataclass
from fractions import Fraction

LONGEST_ANSWER = 400
"""Characters; a longer "final answer" is a whole text."""

_GAP = "[ '’\u00a0\u2009\u202f]"
NUMBER = (
    r"[-+]?(?:\d{1,3}(?:,\d{3})+(?:\.\d{1,40})?(?![\d,])"  # 1,234.5
    r"|\d{1,3}(?:\.\d{3})+,\d{1,40}(?!\d)|\d{1,3}(?:\.\d{3}){2,}(?!\d)"  # 1.234,5 and 1.234.567
    rf"|\d{{1,3}}(?:{_GAP}\d{{3}})+(?:[.,]\d{{1,40}})?(?!\d)"  # 1 234,5
    r"|\d{1,2}(?:,\d{2})+,\d{3}(?![\d,])"  # 12,34,567
    r"|\d{1,40},\d{1,40}(?![\d,])|\d{1,40}(?:\.\d{1,40})?)|[-+]?\.\d{1,40}"
)
_ALONE = re.compile(
    rf"(?P<currency>[$€£¥₹]?)[ ]?(?P<number>{NUMBER})"
    rf"(?:[ ]?/[ ]?(?P<under>\d{{1,3}}(?:,\d{{3}})+|\d{{1,40}})|[ ](?P<top>\d{{1,9}})/(?P<bottom>\d{{1,9}}))?"
    rf"(?P<power>[ ]?(?:\*|×|x)[ ]?10\^[-+]?\d{{1,2}}|[eE][-+]?\d{{1,2}})?"
    rf"[ ]?(?P<unit>[$€£¥₹¢%°]?[A-Za-zäöüß²³µμΩ /'.-]{{0,60}}(?:(?<=[a-z])\^[23])?%?)"
)
_REPEATING = re.compile(r"([-+]?)(\d{0,20})[.,](\d{0,20})(?:\\overline[ ]?\{(\d{1,20})\}|\((\d{1,20})\))")
_DIGIT = r"(?:\{[ ]?([-+]?[\d,.]{1,40})[ ]?\}|[ ]?(\d))"
_LATEX_FRACTION = re.compile(rf"(?P<whole>\d[ ]?)?(?P<brace>\{{?)\\[dtc]?frac[ ]?{_DIGIT}[ ]?{_DIGIT}(?P<close>\}}?)")
_TEXT = re.compile(r"\\(?:text|mathrm|mbox|textbf|mathbf|textit|textrm|operatorname)[ ]?\{([^{}]{0,80})\}")
_VULGAR = {
    "½": "1/2", "⅓": "1/3", "⅔": "2/3", "¼": "1/4", "¾": "3/4", "⅕": "1/5", "⅖": "2/5", "⅗": "3/5", "⅘": "4/5", "⅙": "1/6",
    "⅚": "5/6", "⅛": "1/8", "⅜": "3/8", "⅝": "5/8", "⅞": "7/8",
}  # fmt: skip
_UNITS = {
    "dollars": "$", "dollar": "$", "usd": "$", "bucks": "$", "euros": "€", "euro": "€", "eur": "€", "pounds sterling": "£",
    "percent": "%", "per cent": "%", "percentage": "%", "prozent": "%", "degrees": "°", "degree": "°",
    "hour": "h", "hours": "h", "hr": "h", "hrs": "h", "minute": "min", "minutes": "min", "mins": "min",
    "second": "s", "seconds": "s", "sec": "s", "secs": "s", "meter": "m", "meters": "m", "metre": "m", "metres": "m",
    "kilometer": "km", "kilometers": "km", "kilometre": "km", "kilometres": "km", "centimeters": "cm", "centimeter": "cm",
    "centimetre": "cm", "centimetres": "cm", "millimeter": "mm", "millimeters": "mm", "millimetre": "mm", "millimetres": "mm",
    "kilogram": "kg", "kilograms": "kg", "kgs": "kg", "gram": "g", "grams": "g", "liter": "l", "liters": "l", "litres": "l",
    "litre": "l", "mile": "mi", "miles": "mi", "foot": "ft", "feet": "ft", "inch": "in", "inches": "in",
    "yard": "yd", "yards": "yd", "lbs": "lb", "ounce": "oz", "ounces": "oz", "gallon": "gal", "gallons": "gal",
    "ml": "ml", "milliliter": "ml", "milliliters": "ml", "millilitre": "ml", "millilitres": "ml", "milligram": "mg",
    "milligrams": "mg", "year old": "year", "years old": "year", "yr": "year", "yrs": "year", "mph": "mi/h", "kph": "km/h",
    "kmh": "km/h", "cent": "¢", "cents": "¢", "yen": "¥", "rupees": "₹", "rupee": "₹", "newtons": "N", "newton": "N",
    "joules": "J", "joule": "J", "watts": "W", "watt": "W", "volts": "V", "volt": "V", "amperes": "A", "ampere": "A",
    "hertz": "Hz", "kelvin": "K", "°c": "°C", "° c": "°C", "celsius": "°C", "degrees celsius": "°C", "degree celsius": "°C",
    "°f": "°F", "° f": "°F", "fahrenheit": "°F", "degrees fahrenheit": "°F", "degree fahrenheit": "°F",
}  # fmt: skip
SCALES = {
    "m": ("length", Fraction(1)), "km": ("length", Fraction(1000)), "cm": ("length", Fraction(1, 100)),
    "mm": ("length", Fraction(1, 1000)), "dm": ("length", Fraction(1, 10)), "in": ("length", Fraction(254, 10_000)),
    "ft": ("length", Fraction(3048, 10_000)), "yd": ("length", Fraction(9144, 10_000)),
    "mi": ("length", Fraction(1_609_344, 1000)), "s": ("time", Fraction(1)), "min": ("time", Fraction(60)),
    "h": ("time", Fraction(3600)), "day": ("time", Fraction(86_400)), "week": ("time", Fraction(604_800)),
    "month": ("years", Fraction(1, 12)), "year": ("years", Fraction(1)), "kg": ("mass", Fraction(1000)),
    "g": ("mass", Fraction(1)), "mg": ("mass", Fraction(1, 1000)), "l": ("volume", Fraction(1)),
    "L": ("volume", Fraction(1)), "ml": ("volume", Fraction(1, 1000)), "$": ("money", Fraction(1)),
    "¢": ("money", Fraction(1, 100)),
}  # fmt: skip
"""Unit -> what it measures, and how much of that it is; units of one measure are converted."""
MAGNITUDES = {
    "dozen": 12, "hundred": 100, "thousand": 1000, "million": 10**6, "billion": 10**9, "trillion": 10**12,
}  # fmt: skip
"""Words behind a number that make a larger one of it: `2.5 million`."""
EITHER = {"pound": ("lb", "£")}
"""A unit's name that may mean one or the other."""
RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ⁿ", "0123456789+-n")
_COUNTED = {
    "zero": "0", "one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7", "eight": "8",
    "nine": "9", "ten": "10", "eleven": "11", "twelve": "12",
}  # fmt: skip
_SHORT = {
    "m",
    "s",
    "h",
    "l",
    "L",
    "g",
    "N",
    "J",
    "W",
    "V",
    "A",
    "K",
    "C",
    "F",
    "mg",
    "ml",
    "dm",
    "yd",
    "lb",
    "oz",
    "Hz",
    "am",
    "pm",
    "kW",
    "unit",
}
_ABOUT = re.compile(r"^(?:\\approx(?![a-z])|≈|(?:about|approximately|approx\.?|roughly|around)[ ])\s*", re.I)
_WORDS_OF = {
    "comma": """der die das ist und also ein eine antwort lautet le les est et la réponse donc une un el los es y respuesta
    entonces il è risposta quindi o os é e resposta het een en is antwoord dus svaret är och er og odpowiedź jest więc ответ
    и это равно в soit euro zusammen sind kostet""",
    "point": "the is are of and so we each total answer it has have in to a that this for was be",
}
"""Common words of languages that write decimal commas, and of English."""
_COMMA_WORDS, _POINT_WORDS = (frozenset(_WORDS_OF[mark].split()) for mark in ("comma", "point"))
_LONE_COMMA = re.compile(r"(?<![\d.,])\d{1,40},\d{1,40}(?![\d,])")
_LONE_POINT = re.compile(r"(?<![\d.,])\d{1,40}\.\d{1,40}(?![\d.])")
_LOCAL = re.compile(
    r"(?<![\d.,\w])(?P<open>[(\[{]?)(?P<number>\d{1,3}(?:\.\d{3})+(?:,\d{1,40})?|\d{1,40},\d{1,40})(?![\d,]|\.\d)"
)


@dataclass(frozen=True)
class Quantity:
    """An exact number, and what of."""

    number: Fraction
    unit: str = ""
    """In a normal form: `$`, `%`, `km`, `apple`; empty where none is said."""


def quantity(answer: str) -> Quantity | None:
    """The answer as an exact number with its unit; None where it is something else, or more than that."""
    text = spelled(plain(answer))
    if not text or len(text) > LONGEST_ANSWER:
        return None
    if repeating := _REPEATING.fullmatch(text):
        return Quantity(_repeated(*repeating.groups(default="")))
    match = _ALONE.fullmatch(text)
    if match is None:
        return None
    number = value(match["number"])
    if match["under"]:
        below = value(match["under"])
        if not below:
            return None
        number /= below
    elif match["top"]:
        below = value(match["bottom"])
        if not below or "." in match["number"]:
            return None
        part = value(match["top"]) / below
        number = number - part if match["number"].startswith("-") else number + part
    if match["power"]:
        number *= Fraction(10) ** int(re.split(r"[\^eE]", match["power"])[-1])
    if match["unit"].endswith("..") or match["unit"][:1] in ("²", "³"):
        return None  # 0.333... goes on, and 5² is 25
    unit = unit_of(match["unit"])
    if is_letters(match["unit"], unit):
        return None  # 3x^2 is no number of x
    currency = match["currency"]
    if currency and unit in ("", currency):
        unit = currency
    elif currency and unit in MAGNITUDES:
        unit = f"{unit} {currency}"
    return Quantity(number, unit)


def in_full(found: Quantity) -> Quantity:
    """Of 2.5 million dollars 2,500,000 dollars; any other as it is."""
    word, _, rest = found.unit.partition(" ")
    return Quantity(found.number * MAGNITUDES[word], unit_of(rest)) if word in MAGNITUDES else found


def is_letters(written: str, unit: str) -> bool:
    """Whether what stands behind a number are variables: one or two letters that are no unit."""
    base = unit.removesuffix("^2").removesuffix("^3")
    bare = written.strip().strip(".")
    return (base != unit or (written[:1].isalpha() and len(bare) < 3) or len(bare) == 1) and (
        base.isalpha() and base not in _SHORT and base not in _UNITS.values()
    )


def spelled(text: str) -> str:
    """The digits of a small number that is a word; any other text as it is."""
    return _COUNTED.get(text.strip().lower(), text)


def value(number: str) -> Fraction:
    """A number's value, its marks read as the module says."""
    digits = re.sub(_GAP, "", number)
    last = max(digits.rfind(","), digits.rfind("."))
    if last < 0:
        return Fraction(digits)
    mark = digits[last]
    other = "." if mark == "," else ","
    groups = not digits.lstrip("+-").startswith("0") and (
        digits.count(mark) > 1 or (mark == "," and other not in digits and len(digits) - last == 4 and last <= 4)
    )
    if groups and other not in digits:
        return Fraction(digits.replace(mark, ""))
    return Fraction(digits[:last].replace(other, "").replace(mark, "") + "." + digits[last + 1 :])


def decimal_comma(text: str) -> bool:
    """Whether a text writes decimal commas: by its words, or, in one without words, by numbers that can mean nothing else."""
    points = [found[0] for found in _LONE_POINT.finditer(text[:20_000])]
    commas = [found[0] for found in _LONE_COMMA.finditer(text[:20_000])]
    plainly = any(len(found.partition(",")[2]) != 3 or found.startswith("0") for found in commas)
    if any(len(found.partition(".")[2]) != 3 for found in points) and not plainly:
        return False
    words = set(re.findall(r"[^\W\d_]+", text[:20_000].lower()))
    local, english = len(words & _COMMA_WORDS), len(words & _POINT_WORDS)
    if local >= 2 and local > english:
        return True
    apart = re.sub(r"[(\[{][^()\[\]{}]{0,60}[)\]}]", " ", text[:20_000])
    sure = any(len(found[0].partition(",")[2]) != 3 for found in _LONE_COMMA.finditer(apart))
    return sure and not english and not points and "=" in text


def pointed(text: str) -> str:
    """A text that writes decimal commas, with decimal points and without marks between digits; any other as it is."""
    if not decimal_comma(text):
        return text
    return _LOCAL.sub(_in_points, text)


def _in_points(match: re.Match[str]) -> str:
    number, after = match["number"], match.string[match.end() : match.end() + 1]
    if match["open"] and after in tuple(")]}") and match["open"] != "{":
        return match[0]  # (2,5) is a point
    return match["open"] + number.replace(".", "").replace(",", ".")


def plain(answer: str) -> str:
    """Without the dress: dollar signs of LaTeX, `\\text{}`, thin spaces, emphasis, a closing full stop."""
    text = answer.strip()[: LONGEST_ANSWER + 1]
    if len(text) > 1 and text[0] == text[-1] == "$":
        text = text[1:-1]
    for begin, end in (("\\(", "\\)"), ("\\[", "\\]"), ("\\boxed{", "}"), ("\\fbox{", "}"), ("**", "**"), ("`", "`")):
        if text.startswith(begin) and text.endswith(end) and len(text) > len(begin):
            text = text[len(begin) : -len(end)].strip()
    text = _ABOUT.sub("", text)
    text = re.sub(r"\$(?=\s*\\text)|(?<=\d)\$(?=\s*[A-Za-z])", "", text) if text.count("$") <= 2 else text
    text = re.sub(r"^(\\?)\$(?=.*\d\s*\\[dt]?frac.*\}\$)", r"\1", text)
    text = _TEXT.sub(r" \1 ", text)
    text = re.sub(
        r"\\[,;!: ]|~|\{,\}|\\(?:left|right|displaystyle|quad)(?![a-z])",
        lambda match: "," if match[0] == "{,}" else "" if match[0] in ("\\!", "\\left", "\\right") else " ",
        text,
    )
    text = _LATEX_FRACTION.sub(_fraction, text)
    text = re.sub(r"(\d?)[ ]?([½⅓⅔¼¾⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞])", lambda m: f"{m[1]} {_VULGAR[m[2]]}", text)
    text = text.replace("\\$", "$").replace("\\%", "%").replace("−", "-").replace("–", "-").replace("\\times", "×")
    text = re.sub(r"(?<=10)[⁻⁺]?[⁰¹²³⁴-⁹]{1,2}(?![⁰¹²³⁴-⁹])", lambda m: "^" + m[0].translate(RAISED), text)
    text = re.sub(r"\\cdot|[·⋅]", "×", text) if "10^" in text else text
    text = re.sub(r"[\u00a0\u2009\u202f]", " ", text)
    text = re.sub(r"(?<=[a-z]) ?\^ ?\{?([23])\}?(?!\d)", r"^\1", text)
    text = re.sub(r"\\?\^\{?\\circ\}?|\\degree", "°", text)
    text = re.sub(r"10\^\{([-+]?\d{1,2})\}", r"10^\1", text)
    text = re.sub(r"^([-+])[ ]?([$€£¥])", r"\2\1", re.sub(r"\s+", " ", text).strip())
    return re.sub(r"^([-+]) (?=\d)", r"\1", text).removesuffix(".").strip()


def _fraction(match: re.Match[str]) -> str:
    """`\\frac{1}{2}` as `1/2`, behind a whole number with a space: 2 1/2."""
    top, bottom = match[3] or match[4], match[5] or match[6]
    braces = (match["brace"], match["close"])
    if braces not in (("", ""), ("{", "}")):
        top = f"{{{top}" if match["brace"] else top
        bottom = f"{bottom}}}" if match["close"] else bottom
    return f"{(match['whole'] or '').strip()} {top}/{bottom}" if match["whole"] else f"{top}/{bottom}"


def _repeated(sign: str, whole: str, fixed: str, one: str, other: str) -> Fraction:
    """0.1(6), or with a line over the 6."""
    again = one or other
    below: int = (10 ** len(again) - 1) * 10 ** len(fixed)
    number = Fraction(int((whole or "0") + fixed + again) - int((whole or "0") + fixed), below)
    return -number if sign == "-" else number


def unit_of(words: str) -> str:
    """A unit in its normal form, singular and short."""
    words = " ".join(words.replace("²", "^2").replace("³", "^3").split()).strip(" .'-/")
    if power := re.fullmatch(r"(square|sq\.?|cubic|cu\.?) ([A-Za-z]{1,20})", words, re.I):
        return unit_of(power[2]) + ("^2" if power[1][0].lower() == "s" else "^3")
    if power := re.fullmatch(r"([A-Za-z]{1,20})\^([23])", words):
        return f"{unit_of(power[1])}^{power[2]}"
    if rate := re.fullmatch(r"([A-Za-z$€£%°]{1,20}) ?(?:/| per ) ?([A-Za-z]{1,20})", words):
        return f"{unit_of(rate[1])}/{unit_of(rate[2])}"
    if words.lower() in _UNITS:
        return _UNITS[words.lower()]
    if len(words) > 2:
        words = words.lower()
    last = words.removeprefix("of ").removeprefix("more ")
    if last in _UNITS:
        return _UNITS[last]
    return last[:-1] if last.endswith("s") and len(last) > 3 and not last.endswith("ss") else last
