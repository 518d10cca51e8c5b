"""Controls of what differs finely, and what stands around an expected value."""

import random
import re

import pytest

from sandbox.languages.control import controls, covers
from sandbox.languages.finely import WAYS, exchanged, finely
from sandbox.languages.literals import compares_elsewhere
from sandbox.languages.titles import retitled


def differently(line: str, language: str) -> list[str]:
    return [finely(line, language, way, random.Random(way)) for way in range(WAYS)]


def test_a_list_differs_by_its_order_its_last_item_and_how_many_there_are() -> None:
    turned, other, longer = differently("assert_equal([1, 2, 3], ordered(xs))", "ruby")
    assert turned in ("assert_equal([2, 1, 3], ordered(xs))", "assert_equal([1, 3, 2], ordered(xs))")
    assert other.startswith("assert_equal([1, 2, ") and other != "assert_equal([1, 2, 3], ordered(xs))"
    assert longer == "assert_equal([1, 2, 3, 3], ordered(xs))"


def test_a_text_differs_by_its_order_the_case_of_one_letter_and_white_space() -> None:
    turned, cased, spaced = (
        (re.search(r"'(.*)'", one) or [""])[1] for one in differently("assert(f(x) === 'abc');", "javascript")
    )
    assert sorted(turned) == sorted("abc") != list(turned)
    assert cased.lower() == "abc" != cased and "".join(filter(str.isalpha, spaced)) == "abc" != spaced


def test_letters_lists_and_numbers_differ_from_what_only_reads_alike() -> None:
    assert set(differently("assert_equal 'é', f(x)", "ruby")) == {"assert_equal 'e\u0301', f(x)"}
    assert differently("assert_equal '07', f(x)", "ruby")[2] == "assert_equal '007', f(x)"
    seen = {finely("assert_equal [[1], [2, 3]], f(x)", "ruby", 2, random.Random(n)) for n in range(20)}
    assert seen == {"assert_equal [[1], [2, 3, 3]], f(x)", "assert_equal [[1], [2, [3]]], f(x)"} or "[2, [3]]" in str(
        seen
    )
    seen = {finely("assert_equal 7, f(x)", "ruby", 1, random.Random(n)) for n in range(20)}
    assert seen == {"assert_equal '7', f(x)", "assert_equal 67, f(x)"}


def test_a_pair_of_two_kinds_is_not_turned_where_that_does_not_compile() -> None:
    line = 'std::map<std::string, int> want = {{"the", 2}, {"cat", 1}};'
    assert '{"cat", ' in finely(line, "cpp", 0, random.Random(0))


def test_a_text_differs_by_a_sign_that_is_left_out() -> None:
    seen = {finely("assert_equal 'a, b', f(x)", "ruby", 2, random.Random(n)) for n in range(20)}
    assert seen == {"assert_equal 'a b', f(x)", "assert_equal 'a,  b', f(x)"}


def test_nothing_differs_from_false() -> None:
    assert differently("assert_nil f(x)", "ruby")[1] == "assert_equal false, f(x)"
    assert differently("assert(f($x) === null);", "php")[1] == "assert(f($x) === false);"


def test_a_number_differs_by_tens_sixty_and_its_sign() -> None:
    tens, sixty, sign = (
        int(one.replace("'", "").removeprefix("assert_equal ").removesuffix(", f(x)"))
        for one in differently("assert_equal 7, f(x)", "ruby")
    )
    assert (tens - 7) % 10 == 0 and sixty in (67, 7) and sign == -7


@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("javascript", "expect(f(x)).toEqual(new Set([1, 2]));"),
        ("php", "$this->assertEqualsCanonicalizing([1, 2], f($x));"),
        ("php", "$this->assertEqualsIgnoringCase('ab', f($x));"),
        ("cpp", 'EXPECT_STRCASEEQ(f(1), "ab");'),
        ("ruby", "assert_in_delta 1.55, f(x), 0.1"),
        ("ruby", "assert_equal 1, f(x) % 10"),
        ("javascript", "assert(f(x) < 7);"),
        ("rust", "assert_eq!(f(3), 'a');"),
        ("php", "assert(f(x) == '10');"),
    ],
)
def test_what_a_comparison_may_rightly_be_blind_to_stays(language: str, line: str) -> None:
    assert differently(line, language)[0 if "'10'" not in line else 2] == line


def test_tests_expect_what_others_do_or_what_is_handed_in() -> None:
    lines = [
        "assert.strictEqual(f(1), 'Fizz');",
        "assert.strictEqual(f(2), 'Buzz');",
        "assert.strictEqual(most([4, 9]), 9);",
        "assert.strictEqual(f(3), null);",
    ]
    made = exchanged(lines, [1, 2, 3, 4], "javascript", random.Random(1))
    assert made == {
        1: "assert.strictEqual(f(1), 'Buzz');",
        2: "assert.strictEqual(f(2), 'Fizz');",
        3: "assert.strictEqual(most([4, 9]), 4);",
    }


@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("bash", '[ "$(double 2)" = "4" ]'),
        ("javascript", "assert.strictEqual(f(4.0), 4);"),
        ("javascript", """assert.strictEqual(f("a"), 'a');"""),
        ("ruby", 'assert_equal "#{a}", "b"'),
    ],
)
def test_what_reads_otherwise_and_is_the_same_is_no_other_value(language: str, line: str) -> None:
    assert exchanged([line], [1], language, random.Random(0)) == {}


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("count", [1, 2, 5])
def test_every_way_is_tried_whatever_the_number_of_tests(seed: int, count: int) -> None:
    lines = [f"assert.strictEqual(f({n} + 0), 'word{'abcde'[n]}');" for n in range(count)]
    units = (*((n, line) for n, line in enumerate(lines, 1)), (1, "the test script"))
    made = controls("\n".join(lines), units, "javascript", random.Random(seed))
    found = [line for control in made if control.fine for line in control.tests.split("\n") if line not in lines]
    texts = [(re.search(r"'(.*)'", line) or [""])[1] for line in found]
    assert any(set(text) & set(" .-") for text in texts) and any(text.lower() != text for text in texts)
    assert len(made) <= 9


@pytest.mark.parametrize(
    ("above", "line", "changed", "told"),
    [
        (
            "test('gives 4 for 2', () => {",
            "  expect(f(2)).toBe(4);",
            "  expect(f(2)).toBe(6);",
            "test('gives 6 for 2', () => {",
        ),
        ("// 2 squared is 4", "assert(f(2) === 4);", "assert(f(2) === 5);", "// 2 squared is 5"),
        ("def test_gives_4_for_2", "  assert_equal 4, f(2)", "  assert_equal 7, f(2)", "def test_gives_7_for_2"),
        ("TEST(F, Gives4) {", "  EXPECT_EQ(f(2), 4);", "  EXPECT_EQ(f(2), 5);", "TEST(F, Gives5) {"),
        ("# 2 gives 2", "assert_equal 2, f(2)", "assert_equal 3, f(2)", "# 2 gives 3"),
        (
            "it('sorts [3, 1] to [1, 3]', () => {",
            "  expect(f(x)).toEqual([1, 3]);",
            "  expect(f(x)).toEqual([2, 5]);",
            "it('sorts [3, 1] to [2, 5]', () => {",
        ),
        ("it('is four', () => {", "  expect(f(2)).toBe(4);", "  expect(f(2)).toBe(6);", "it('is six', () => {"),
        ("const four = 4;", "assert(f(2) === 4);", "assert(f(2) === 5);", "const four = 4;"),
    ],
)
def test_titles_names_and_comments_above_say_what_is_expected(above: str, line: str, changed: str, told: str) -> None:
    assert retitled([above, line], [above, changed]) == [told, changed]


def test_a_name_changes_wherever_it_stands_but_to_one_that_there_is() -> None:
    lines = ["def gives_4", "  assert_equal 4, f(2)", "end", "gives_4"]
    changed = [lines[0], "  assert_equal 5, f(2)", *lines[2:]]
    assert retitled(lines, changed) == ["def gives_5", changed[1], "end", "gives_5"]
    assert retitled([*lines, "gives_5"], [*changed, "gives_5"])[0] == lines[0]


def test_each_line_of_a_test_is_changed_alone_in_one_control() -> None:
    lines = ["it('does both', () => {", "  expect(f(2 + 0)).toBe(4);", "  expect(g(2 + 0)).toBe(true);", "});"]
    units = ((1, "it('does both')"), (1, "the test script"))
    made = [
        control.tests.split("\n")
        for control in controls("\n".join(lines), units, "javascript", random.Random(3))
        if control.fine
    ]
    alone = [[n for n in (1, 2) if one[n] != lines[n]] for one in made]
    assert [1] in alone and [2] in alone and [1, 2] not in alone


@pytest.mark.parametrize(
    ("line", "elsewhere"),
    [
        ("assert(agree(f(2), 4));", True),
        ("assert(agree([4], f(2)));", True),
        ("assert(isPrime(7));", False),
        ("assert(f(2) === 4);", False),
        ("assert(labSame(f(2), 4));", False),
    ],
)
def test_a_value_that_a_function_of_the_tests_compares_is_in_no_control(line: str, elsewhere: bool) -> None:
    assert compares_elsewhere(line, "javascript") is elsewhere
    assert covers(line, ((1, line), (1, "the test script")), "javascript") is not elsewhere
