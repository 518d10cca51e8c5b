"""What a solution's final answer is: the last that it states, its thinking apart, in its language's numbers."""

from fractions import Fraction

import pytest

from verification.answers import boxed, final_answer
from verification.arithmetic import false_equations
from verification.quantities import decimal_comma, quantity

MATRIX = "\\begin{pmatrix} 1 & 2 \\\\ 3 & 4 \\end{pmatrix}"
STATED = [
    # a later sentence that happens to hold a cue word states nothing
    ("The answer is 3. In total the trip was a happy one, and the result is happy.", "3"),
    ("So the answer is 12. Therefore this is it.", "12"),
    ("The answer is 12.\nThe total is what we were asked for.", "12"),
    ("The answer is 12. The answer is easy to check.", "12"),
    ("#### 72\nThe result is a nice one.", "72"),
    ("Hence \\boxed{8}.\nThe answer is thus found.", "8"),
    ("The answer is 8, therefore the claim is true.", "8"),
    ("3 * 4 = 12\nThe result is good.", "12"),
    # the last that is stated counts
    ("\\boxed{5}\nI made a mistake. The answer is 7.", "7"),
    ("The answer is 5. No: \\boxed{7}.", "7"),
    ("#### 5\nWrong.\n#### 7", "7"),
    ("First \\boxed{5}. No: \\boxed{7}.", "7"),
    ("The answer is not 5. The answer is 7.", "7"),
    ("The answer is 7. The answer is not 5.", "7"),
    ("The final answer is $\\boxed{7}$. I hope it is correct.", "7"),
    ("Answer:\n7", "7"),
    ("**Final answer:** 7", "7"),
    ("The answer is: $\\frac{1}{2}$.", "\\frac{1}{2}"),
    # thinking is apart
    ("<think>\nMaybe \\boxed{5}? No.\n</think>\nThe answer is 7.", "7"),
    ("Maybe \\boxed{5}? No.\n</think>\nThe answer is 7.", "7"),
    ("<think>#### 5</think>\n3 + 4 = 7", "7"),
    ("<think>The answer is 5.</think> It is \\boxed{7}.", "7"),
    ("<think>The answer is 5.</think>", ""),
    ("<think>The answer is 5.", ""),
    # several are none
    ("x is \\boxed{2} or \\boxed{3}.", ""),
    ("The answer is \\boxed{2}, \\boxed{3}", ""),
    ("The answer is \\boxed{2} and \\boxed{3}.", ""),
    ("$\\boxed{2}$ oder $\\boxed{3}$", ""),
    ("x = 2 or x = 3", ""),
    ("The answer is 2 or 3.", ""),
    ("x is \\boxed{2} or, written otherwise, \\boxed{2}.", "2"),
    # boxes of several kinds
    ("Hence \\fbox{\\frac{1}{2}}", "\\frac{1}{2}"),
    ("Hence \\boxed {7}", "7"),
    ("Hence \\boxed 7", "7"),
    ("Hence \\framebox{7}", "7"),
    # a language's numbers
    ("Zuerst ist 2,5 + 1 = 3,5.\nDie Antwort ist 3,5.", "3.5"),
    ("Die Antwort lautet 1.234,50 Euro.", "1234.50 Euro"),
    ("Es sind also 1.234 Stück. Die Antwort ist 1.234.", "1234"),
    ("La réponse est 2,75.", "2.75"),
    ("La respuesta es 0,5. Y es todo.", "0.5"),
    ("2,5 + 1 = 3,5", "3.5"),
    ("The answer is 1,234.", "1,234"),
    ("The point is (2,5), so the answer is (2,5).", "(2,5)"),
    ("The answer is 10 a.m. on Monday.", "10 a.m. on Monday"),
    ("答案是 7。", "7"),
    ("答案是 7。因为 3 + 4 = 7。", "7"),
    ("The answer is 7, because 3 + 4 = 7.", "7"),
    # below the words that announce it
    ("The answer is:\n\\[\n\\frac{1}{2}\n\\]", "\\frac{1}{2}"),
    ("The answer is\n$$\n42\n$$\nThat is all.", "42"),
    ("The answer is \\(\n7\n\\).", "7"),
    ("The answer is: \\[\nx = 5.\n\\]", "x = 5"),
    ("The answer is:\n\\[\n\\begin{pmatrix} 1 \\\\ 2 \\end{pmatrix}\n\\]", "\\begin{pmatrix} 1 \\\\ 2 \\end{pmatrix}"),
    ("The answer is \\begin{align*}\nx &= 2 + 3 \\\\\n&= 5\n\\end{align*}", "5"),
    ("Answer:\n$$\n\\begin{aligned}\nx &= 2 + 3 \\\\\n&= 5\n\\end{aligned}\n$$", "5"),
    ("The answer is $$\\begin{aligned} x &= 2 + 3 \\\\ &= 5 \\end{aligned}$$.", "5"),
    ("Answer: \\begin{equation}\\begin{split} x &= 2 + 3 \\\\ &= 5. \\end{split}\\end{equation}", "5"),
    ("Answer:\n\\begin{equation}\n\\begin{pmatrix} 1 & 2 \\\\ 3 & 4 \\end{pmatrix}\n\\end{equation}", MATRIX),
    ("Answer:\n\\[\n\\begin{pmatrix} 1 & 2 \\\\ 3 & 4 \\end{pmatrix}\n\\]", MATRIX),
    (
        "Answer:\n\\begin{align}\nA &= BC \\\\\n&= \\begin{pmatrix} 1 & 2 \\\\ 3 & 4 \\end{pmatrix}\n\\end{align}",
        MATRIX,
    ),
    ("The answer is:\n```\n42\n```", "42"),
    ("The final answer is:\n\\[\n\\boxed{7}\n\\]", "7"),
    ("**Answer:**\n- 42", "42"),
    ("Answer:\n-42", "-42"),
    ("So the answer is option (C).", "(C)"),
    # a heading is no answer
    ("#### Step 1\n3 + 4 = 7\n#### Step 2: add\n7 + 1 = 8\nSo the total is 8.", "8"),
    ("#### 2. Add the two\n3 + 4 = 7", "7"),
    ("#### Case 1: x = 2\nThen y = 3, so the result is 5.", "5"),
    ("#### Step 2: total = 5 * 3\nThe total is 15.", "15"),
    ("#### Final Answer\nThe answer is 42.", "42"),
    ("#### Final Answer\n42", "42"),
    ("#### Answer: yes\n#### yes", "yes"),
    ("#### 42 apples\nI hope that helps.", "42 apples"),
]


@pytest.mark.parametrize(("text", "answer"), STATED)
def test_the_last_answer_that_is_stated_counts(text: str, answer: str) -> None:
    assert final_answer(text) == answer


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1\\frac{1}{2}", "3/2"), ("2\\frac12", "5/2"), ("-2\\frac{1}{2}", "-5/2"), ("2\\,\\frac{1}{2}", "5/2"),
        ("2\\dfrac{1}{2}", "5/2"), ("2\\tfrac{1}{2}", "5/2"), ("\\$2\\frac{1}{2}", "5/2"), ("$1\\frac{3}{4}$ cups", "7/4"),
        ("10\\frac{1}{2}\\%", "21/2"), ("3\\frac{1}{4}", "13/4"), ("3 1/4", "13/4"), ("2½", "5/2"), ("½", "1/2"),
        ("1{\\frac{3}{4}}", "7/4"), ("2\\frac 12", "5/2"), ("\\frac{21}{2}", "21/2"), ("\\frac1{2}", "1/2"),
        ("\\cfrac{1}{2}", "1/2"), ("-½", "-1/2"), ("12\\frac{3}{4}\\text{ km}", "51/4"),
        ("10\\,000", "10000"), ("10{,}000", "10000"), ("10 000", "10000"), ("10'000", "10000"), ("10.000.000", "10000000"),
        ("1.234,5", "2469/2"), ("1,234.5", "2469/2"), ("12,34,567", "1234567"), ("3,5", "7/2"), ("0,125", "1/8"),
        ("1,234", "1234"), ("1.234", "617/500"), ("1\u202f234", "1234"), ("1 234 567,5", "2469135/2"),
        ("0.\\overline{3}", "1/3"), ("0.1(6)", "1/6"), ("2.\\overline{45}", "27/11"), ("-0.(3)", "-1/3"),
        ("6.6\\cdot 10^{-34}", "33/50000000000000000000000000000000000"),
    ],
)  # fmt: skip
def test_a_number_is_read_as_it_is_written(text: str, number: str) -> None:
    found = quantity(text)
    assert found is not None
    assert found.number == Fraction(number)


@pytest.mark.parametrize(
    "text", ["1 2", "5,3,1", "(3,5)", "2^{\\frac12}", "1.5\\frac{1}{2}", "3x^2", "1,2345,678", "x", "3x", "2ab"]
)
def test_what_is_no_number_alone_is_read_as_none(text: str) -> None:
    assert quantity(text) is None


@pytest.mark.parametrize(
    ("text", "comma"),
    [
        ("Die Antwort ist 3,5.", True),
        ("2,5 + 1 = 3,5", True),
        ("Il prezzo è 3,5 e la risposta è 7", True),
        ("Die Antwort ist 3.5 und nicht 4.5.", False),
        ("The answer is 3,5.", False),
        ("f(2,5) = 7", False),
        ("1,234 + 1 = 1,235", False),
        ("", False),
    ],
)
def test_a_texts_words_say_what_its_commas_are(text: str, comma: bool) -> None:
    assert decimal_comma(text) is comma


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        ("Es ist also 2,5 + 1 = 3,5 und 3,5 * 2 = 7 und 7 / 2 = 3,5.", 0),
        ("Das ist 1.500 + 500 = 2.000 und also 2.000 Euro.", 0),
        ("La somme est 0,5 + 0,25 = 0,75 et la réponse est 0,75.", 0),
        ("2,5 + 1 = 3,5", 0),
        ("Es ist also 2,5 + 1 = 4,5 und fertig.", 1),
        ("It is 1,000 + 234 = 1,234.", 0),
        ("<think>2 + 2 = 5? No.</think>2 + 2 = 4", 0),
        ("2 + 2 = 5", 1),
    ],
)
def test_equations_hold_in_the_numbers_of_their_language(text: str, faults: int) -> None:
    assert len(false_equations(text)) == faults


def test_the_box_of_a_reference_is_its_last() -> None:
    assert boxed("\\boxed{1} and \\fbox{\\frac{1}{2}}") == "\\frac{1}{2}"
    assert boxed("\\boxed{never closed") == ""
