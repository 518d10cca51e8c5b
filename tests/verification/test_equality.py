"""Whether two answers mean the same. Labelled pairs, and GSM8K's training answers in five spellings each."""

import json
import os
import random
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verification.answers import final_answer
from verification.equality import decided, equal
from verification.quantities import quantity

RIGHT = [
    ("42", "42"), ("42.0", "42"), ("42.00", "42"), ("$42", "42"), ("42 dollars", "42"), ("42 apples", "42"),
    ("1,234", "1234"), ("1{,}234", "1234"), ("$1,234.50", "1234.5"), ("-7", "-7"), ("−7", "-7"), ("+7", "7"),
    ("1/2", "0.5"), ("\\frac{1}{2}", "1/2"), ("\\frac12", "0.5"), ("\\dfrac{3}{4}", "0.75"), ("2 1/2", "2.5"),
    ("84/2", "42"), ("50%", "50"), ("50%", "0.5"), ("50 percent", "50"), ("3\\text{ cm}", "3"), ("3 cm", "3 centimeters"),
    ("\\boxed{42}", "42"), ("$42$", "42"), ("\\(42\\)", "42"), ("**42**", "42"), ("3e2", "300"), ("3 \\times 10^{2}", "300"),
    ("x^2+2x+1", "(x+1)^2"), ("\\sqrt{8}", "2\\sqrt{2}"), ("\\{1,2\\}", "\\{2,1\\}"), ("\\frac{\\pi}{2}", "0.5\\pi"),
    ("2x+3", "3+2x"), ("(1,2)", "(1, 2)"), ("\\frac{1}{\\sqrt{2}}", "\\frac{\\sqrt{2}}{2}"), ("[0,1)", "[0, 1)"),
    ("x=3", "3"), ("\\sin^2 x + \\cos^2 x", "1"), ("$5 per hour", "5"), ("90^\\circ", "90"), ("yes", "Yes"),
    ("12 square cm", "12 cm^2"), ("60 km/h", "60 km per hour"), ("ln x", r"\ln x"), (r"e^{i\pi}", "-1"),
    ("0.1+0.2", "0.3"), ("a(b+c)", "ab+ac"), (".5", "1/2"), ("10 km", "10 kilometers"), ("42.", "42"),
    ("5 lb", "5 lbs"), ("5 pounds", "5 lbs"), ("£5", "5 pounds"), ("5 oz", "5 ounces"), ("5 mL", "5 milliliters"),
    ("25°C", "25 degrees Celsius"), ("60 mph", "60 miles per hour"), ("50 cents", "$0.50"), ("3 weeks", "21 days"),
    ("2 years", "24 months"), ("18 years old", "18 years"), ("1 mile", "5280 feet"), ("500 yen", "¥500"),
    ("25\\text{ cm}^2", "25 square centimeters"), ("3√2", "3\\sqrt{2}"), ("x²", "x^2"), ("5²", "25"), ("1.5·10³", "1500"),
    ("(-∞, 3]", "(-\\infty,3]"), ("1 - \\frac{1}{\\mathrm{e}}", "1 - e^{-1}"), ("3+2\\mathrm{i}", "3+2i"), ("42个", "42"),
    ("1,000, 2,000", "1000, 2000"), ("(1,000, 2,000)", "(1000, 2000)"), ("(C) 12 apples", "C"), ("(C) 12 apples", "12"),
    ("\\text{(B) } 12", "(B)"), ("2.5 million", "2,500,000"), ("3 million dollars", "$3,000,000"), ("$2.5 million", "2500000"),
    ("5 million", "5"), ("2 dozen eggs", "24"), ("about 5", "5"), ("x = 3, y = 4", "y=4, x=3"), ("\\approx 3.14", "3.14"),
]  # fmt: skip
WRONG = [
    ("42", "43"), ("42", "-42"), ("42", "4.2"), ("42", "420"), ("1,234", "1.234"), ("1/2", "2"), ("1/3", "0.33"),
    ("0.333333333", "1/3"), ("3.14159265", "\\pi"), ("22/7", "\\pi"), ("5 km", "5 miles"), ("5 hours", "5 minutes"),
    ("50%", "0.05"), ("50%", "500"), ("2 1/2", "21/2"), ("x^2", "x^3"), ("x^2+1", "(x+1)^2"), ("\\sqrt{8}", "2.83"),
    ("\\sqrt{2}", "1.41421356"), ("[0,1)", "(0,1]"), ("(1,2)", "(2,1)"), ("\\{1,2\\}", "\\{1,3\\}"), ("2x+3", "2x-3"),
    ("x=3", "4"), ("", "42"), ("42", ""), ("forty-two apples and 3 pears", "3"), ("yes", "no"), ("12", "1 2"),
    ("1e3", "100"), ("$42", "€42"), ("42 or 43", "42"), ("between 3 and 5", "5"), ("a+b", "ab"), ("100", "100 000"),
    ("0", "1"), ("\\frac{2}{3}", "\\frac{3}{2}"), ("-x", "x"), ("\\infty", "10^9"), ("12:30", "12"), ("3 + 4", "3"),
    ("1/0", "1"), ("9999999999999999", "10000000000000000"), ("0.1000000001", "0.1"), ("10", "10 - 1"),
]  # fmt: skip


def test_labelled_pairs_are_told_apart_with_no_false_accept(capsys: pytest.CaptureFixture[str]) -> None:
    refused = [pair for pair in RIGHT if not equal(*pair)["equal"]]
    taken = [pair for pair in WRONG if equal(*pair)["equal"]]
    with capsys.disabled():
        print(f"\nmathematics: {len(taken)}/{len(WRONG)} false accepts, {len(refused)}/{len(RIGHT)} false rejects")
    assert len(RIGHT) >= 40
    assert len(WRONG) >= 40
    assert taken == []
    assert len(refused) <= 0.05 * len(RIGHT), refused


DIFFERENT = [
    (r"\frac{1}{2^{99}}", r"\frac{1}{2^{98}}"), (r"\frac{3}{7^{40}}", r"\frac{3}{7^{41}}"), (r"e^{-40}", r"e^{-41}"),
    (r"(\frac{5}{6})^{200}", r"(\frac{5}{6})^{201}"), (r"6.6\cdot 10^{-34}", r"9.1\cdot 10^{-31}"),
    ("10 a.m.", "10 p.m."), ("2:30 pm", "2:30 am"), ("R - r", "r - R"), (r"\frac{a}{A}", r"\frac{A}{a}"),
    (r"\sigma", r"\Sigma"), ("1011_2", "1011_3"), ("2516_8", "2516_9"), ("1011", "1011_2"),
    (r"5\sqrt{2}\text{ cm}", r"5\sqrt{2}\text{ m}"), ("5,3", "3,5"), (r"1\frac{1}{2}", "11/2"), (r"10\,000", "0"),
    ("10^{500}", "10^{500}+1"), (r"2\sqrt{3} cm", r"2\sqrt{3} m"), ("60 km/h", "60 mph"), ("12 cm^2", "12 cm^3"),
    (r"2\frac{1}{2}", "21/2"), (r"3\frac{1}{4}", "31/4"), (r"\{1,2\}", "(1,2)"), ("3x", "3"), ("y=3", "x=3"),
    (r"1 - \frac{1}{\mathrm{e}}", r"1 + \frac{1}{\mathrm{e}}"), ("3√2", "3√3"), ("5²", "5"), ("42个", "43"), ("(C) 12", "D"),
    (r"2\mathrm{e}", "2"), (r"3+2\mathrm{i}", "3+2"), (r"5\sqrt{2}\text{x}", r"5\sqrt{2}"), ("£5", "5 lb"), ("1,000, 2,000", "1000, 3000"), ("5 cents", "$5"), ("2 million", "2 billion"), ("x = 3, y = 4", "x = 4, y = 3"),
    ("€3 million", "$3,000,000"), ("2.5 million", "2.5 thousand"),
]  # fmt: skip
UNDECIDED = [
    (r"\unknown{3} + x", r"\foreign{3} - x"), ("1:12", "1/12"), ("1:12", "2:24"), ("180^\\circ", "\\pi"), ("0.333...", "1/3"),
    ("12", "C"), ("100,200, 300", "100, 200, 300"),
    ("ABCD", "DCBA"), ("7:1", "7"), (r"\sin 30", r"\sin 30^\circ"), ("1, 2", "2, 1"), ("happy", "3"), ("10", "10 a.m."),
    ("11", "1011_2"), ("|x|", "x"), ("2,5", "2, 5"), (r"\overline{AB}", "AB"), (r"\text{no solution}", r"\emptyset"), (r"5\sqrt{2}\text{ cm}", r"0.05\sqrt{2}\text{ m}"), ("", "3"), ("2^{3^{2}}!+1", "5"),
]  # fmt: skip


@pytest.mark.parametrize(("answer", "reference"), DIFFERENT)
def test_answers_that_differ_are_told_apart(answer: str, reference: str) -> None:
    assert equal(answer, reference)["equal"] is False
    assert equal(reference, answer)["equal"] is False


@pytest.mark.parametrize(("answer", "reference"), UNDECIDED)
def test_what_nothing_decides_is_undecided(answer: str, reference: str) -> None:
    assert equal(answer, reference)["equal"] is None
    assert equal(reference, answer)["equal"] is None


@pytest.mark.parametrize(
    "text", ["5!", "((" * 40, "x^{y^{z^{w^{v^{u}}}}}", "no idea at all", "1/0", "x" * 500, "3 or 4"]
)
def test_identical_texts_are_equal_before_any_guard_looks(text: str) -> None:
    assert decided(text, f" {text} ") is True
    assert equal(text, text)["equal"] is True


PAIRS = Path(__file__).parents[1] / "labelled/mathematics/pairs.jsonl"


def test_four_hundred_pairs_of_every_kind_have_no_false_accept_and_nothing_right_is_called_different() -> None:
    rows = [json.loads(line) for line in PAIRS.read_text(encoding="utf-8").splitlines()]
    said = [(equal(row["answer"], row["reference"])["equal"], row) for row in rows]
    assert len(rows) >= 400
    assert [row for outcome, row in said if outcome and row["label"] != "equal"] == []
    assert [row for outcome, row in said if outcome is False and row["label"] != "different"] == []
    right = [outcome for outcome, row in said if row["label"] == "equal"]
    assert sum(not outcome for outcome in right) <= 0.01 * len(right)
    wrong = [outcome for outcome, row in said if row["label"] == "different"]
    assert sum(outcome is None for outcome in wrong) <= 0.02 * len(wrong)


GSM8K = Path(os.environ.get("LAB_GSM8K", "nowhere"))
UNITS = ("dollars", "apples", "km", "hours", "minutes", "people")


def spellings(reference: str, order: random.Random) -> list[str]:
    """Five ways to write a whole number or decimal: commas, a unit, LaTeX, a fraction, words around."""
    number = Fraction(reference.replace(",", ""))
    text = reference.replace(",", "")
    top, bottom = (number * 6).as_integer_ratio() if number.denominator == 1 else (number * 3).as_integer_ratio()
    factor = 6 if number.denominator == 1 else 3
    commas = f"{int(text):,}" if number.denominator == 1 else f"{float(text):,}"
    return [
        commas,
        order.choice((f"${text}", f"{text} {order.choice(UNITS)}", f"{commas} {order.choice(UNITS)}")),
        order.choice(
            (
                f"\\boxed{{{text}}}",
                f"$\\boxed{{{commas}}}$",
                f"\\({text}\\)",
                f"${text}\\text{{ {order.choice(UNITS)}}}$",
            )
        ),
        order.choice((f"{top}/{bottom * factor}", f"\\frac{{{top}}}{{{bottom * factor}}}")),
        order.choice(
            (
                f"So the answer is {text}.",
                f"After 3 days and 2 nights it comes to this.\n#### {commas}",
                f"First 2 + 5 = 7.\nTherefore, the final answer is {commas} {order.choice(UNITS)}.",
                f"Adding all up we get {text}",
            )
        ),
    ]


@pytest.mark.skipif(not GSM8K.is_file(), reason="LAB_GSM8K names no file: GSM8K's train.jsonl")
def test_gsm8k_answers_equal_themselves_in_five_spellings_and_others_only_where_equal(
    capsys: pytest.CaptureFixture[str],
) -> None:
    references = [json.loads(line)["answer"].rpartition("####")[2].strip() for line in GSM8K.open()]
    order = random.Random(0)
    tried = accepted = wrongly = 0
    refused = []
    for number, reference in enumerate(references):
        other = references[(number + 1 + order.randrange(len(references) - 1)) % len(references)]
        truly = Fraction(other.replace(",", "")) == Fraction(reference.replace(",", ""))
        for spelling in spellings(reference, order):
            said = final_answer(spelling) if len(spelling.split()) > 3 or "boxed" in spelling else spelling
            tried += 1
            if equal(said, reference)["equal"]:
                accepted += 1
            else:
                refused.append((spelling, said, reference))
            wrongly += equal(said, other)["equal"] != truly
    with capsys.disabled():
        print(f"\nGSM8K: {accepted}/{tried} spellings accepted, {wrongly} answers of another problem taken wrongly")
        print(*refused[:20], sep="\n")
    assert accepted >= 0.99 * tried
    assert wrongly == 0


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("48 / 2 = 24\n48 + 24 = 72\n#### 72", "72"),
        ("So \\boxed{\\frac{1}{2}} it is.", "\\frac{1}{2}"),
        ("The answer is 1,234.", "1,234"),
        ("The final answer: $42$.", "42"),
        ("First 3. The answer is 4. No, the answer is 5.", "5"),
        ("He has 3 boxes of 4, so 3 * 4 = 12.", "12"),
        ("She has 72 clips in 2 boxes", ""),
        ("It costs 5 dollars", "5"),
        ("", ""),
        ("no number", ""),
        ("####", ""),
        ("The answer is x + 1.", "x + 1"),
    ],
)
def test_the_final_answer_of_a_text_is_what_it_states(text: str, answer: str) -> None:
    assert final_answer(text) == answer


@given(st.text(max_size=300))
def test_any_text_is_read_without_an_error(text: str) -> None:
    final_answer(text)
    quantity(text)
    decided(text, "1")
    decided(text, text)


@given(st.fractions(min_value=-(10**9), max_value=10**9, max_denominator=1000), st.sampled_from(["", "km", "$", "%"]))
def test_a_fraction_equals_itself_in_any_dress(number: Fraction, unit: str) -> None:
    text = f"{number.numerator}/{number.denominator} {unit}".strip()
    found = quantity(text)
    assert found is not None
    assert found.number == number
    assert decided(text, f"\\frac{{{number.numerator}}}{{{number.denominator}}}")
    assert not decided(text, f"{number.numerator + 1}/{number.denominator}")


@pytest.mark.parametrize(
    ("answer", "reference", "same"),
    [
        ("√0.25", "0.5", True), ("√0.25", "0", False), ("2√0.5", "0", False), ("√1.44", "1.2", True),
        ("$5 million", "$5", False), ("3 dozen eggs", "3 eggs", False), ("2.5 million people", "2.5 people", False),
        ("$5 million", "$5,000,000", True), ("$2.5 million", "2.5", True),
    ],
)  # fmt: skip
def test_a_root_takes_its_decimals_and_a_word_for_a_number_counts_beside_a_unit(
    answer: str, reference: str, same: bool
) -> None:
    assert equal(answer, reference)["equal"] is same


@pytest.mark.parametrize("answer", ["$\\sqrt{3}$", "-3\\sqrt{2}", "\\text{Yes}", "x = 12 when y is 3"])
def test_a_formula_behind_the_marks_is_the_answer_with_text_below_it(answer: str) -> None:
    assert final_answer(f"So it is.\n#### {answer}\n\nI hope that helps.") == answer
