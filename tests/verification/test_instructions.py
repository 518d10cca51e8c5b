"""Each kind of constraint takes what follows it and nothing else; a row that states none is told the mend."""

import time
from typing import Any

import pytest

from verification.instructions import KINDS, constraint_of, follows, follows_loosely

CASES: list[tuple[dict[str, Any], list[str], list[str]]] = [
    ({"kind": "words", "at_most": 3}, ["one two three", "don't well-known 3.", " a "], ["one two three four", ""]),
    ({"kind": "words", "exactly": 2}, ["two words"], ["one", "three words here"]),
    ({"kind": "words", "at_least": 2, "at_most": 3}, ["a b", "a b c"], ["a", "a b c d"]),
    (
        {"kind": "words", "exactly": 4},
        ["मुझे हिन्दी अच्छी लगती", "我喜欢茶。", "私は学生", "مى\u200cخواهم كتاب\u064c جديد اليوم", "Tie\u0302\u0301ng Vie\u0323\u0302t hay lắm", "Tom 喝茶 Tom"],
        ["मुझे हिन्दी", "我喜欢喝茶。"],
    ),
    (
        {"kind": "sentences", "exactly": 2},
        ["One. Two!", 'He said "no." Then he left.', "It is 3.5 m. Yes", "好。对。", "1. First\n2. Second. Third.", "Wait... what?", "मैं आया। वह गया।", "كيف؟ نعم."],
        ["One.", "One. Two. Three.", "..."],
    ),
    ({"kind": "paragraphs", "exactly": 2}, ["a\nb\n\nc", "a\n \n\nb\n"], ["a\nb", "a\n\nb\n\nc"]),
    ({"kind": "lines", "exactly": 2}, ["a\n\nb"], ["a", "a\nb\nc"]),
    ({"kind": "bullets", "exactly": 2}, ["- a\n- b", "Two:\n  * a\n  • b", "+ a\n- **b**"], ["-a\n-b", "- a", "- a\n- b\n- c"]),
    ({"kind": "bullets", "exactly": 0}, ["a - b"], ["- a"]),
    ({"kind": "numbered", "at_least": 2}, ["1. a\n2) b"], ["1.a\n2.b", "1. a", "in 2024 a\nb"]),
    ({"kind": "headings", "exactly": 1}, ["# A\ntext", "text\n### A"], ["#A", "text # A", "# A\n# B"]),
    ({"kind": "highlighted", "at_least": 2}, ["*a* and **b**", "* *a*\n* *b*"], ["*a*", "* a\n* b", "2 * 3 * 4"]),
    ({"kind": "placeholders", "at_least": 2}, ["[a] [b c]"], ["[a] []", "[a\nb] [c]"]),
    ({"kind": "capitals", "exactly": 1}, ["a BIG dog", "I am IT"], ["a big dog", "A dog", "TWO WORDS"]),
    ({"kind": "include", "texts": ["sea", "old man"]}, ["The Sea, the old man.", "SEA old MAN"], ["season, old man", "the sea"]),
    ({"kind": "include", "texts": ["茶"]}, ["我喜欢茶。"], ["我喜欢水。"]),
    ({"kind": "include", "texts": ["[date]"]}, ["until [date]."], ["until date"]),
    ({"kind": "exclude", "texts": ["cat"]}, ["a category", "a dog"], ["A Cat.", ""]),
    ({"kind": "times", "text": "tide", "exactly": 2}, ["Tide in, tide out; tides."], ["tide", "tide tide tide"]),
    ({"kind": "letter", "text": "e", "exactly": 0}, ["A small dog"], ["Every dog", "thE"]),
    ({"kind": "letter", "text": "S", "at_least": 2}, ["Sss", "Is so"], ["so"]),
    ({"kind": "letter", "text": "ß", "exactly": 0}, ["Wasser, Masse"], ["Straße"]),
    ({"kind": "letter", "text": "s", "exactly": 1}, ["Straße"], ["Strasse"]),
    ({"kind": "letter", "text": "Σ", "exactly": 2}, ["σας"], ["σα"]),
    ({"kind": "without", "text": ","}, ["a b"], ["a, b"]),
    ({"kind": "begins", "text": "Long ago"}, ["long ago there", "  Long ago."], ["Not long ago", "Ago long"]),
    ({"kind": "ends", "text": "The end."}, ["So. The end.", "the END. \n"], ["The end. Really."]),
    ({"kind": "case", "text": "lower"}, ["all small, 2 of 3!"], ["Not this", "123", "aB"]),
    ({"kind": "case", "text": "upper"}, ["ALL BIG 2!"], ["Not this", "..."]),
    ({"kind": "json"}, ["[1]", ' {"a": 1} ', '"x"'], ["```json\n[1]\n```", "{a: 1}", "NaN", "[1] and", "[" * 100_000]),
    ({"kind": "json", "texts": ["a", "b"]}, ['{"b": 1, "a": null, "c": 2}'], ['{"a": 1}', "[]", '["a", "b"]']),
    ({"kind": "script", "text": "Cyrillic"}, ["Доброе утро, Том!", "Привет 2"], ["Good morning", "12", "Привет everybody here"]),
    ({"kind": "script", "text": "Japanese"}, ["こんにちは世界", "カタカナ"], ["안녕하세요"]),
    ({"kind": "script", "text": "Han"}, ["你好"], ["こんにちは"]),
    ({"kind": "script", "text": "Devanagari"}, ["मुझे वसंत"], ["mujhe vasant"]),
    ({"kind": "quoted"}, ['"A tree."', '""'], ["A tree.", '"', '"A" tree', "“A tree.”"]),
    ({"kind": "one_of", "texts": ["Yes", "No"]}, ["Yes", " No\n"], ["yes", "Yes.", "Yes No", "Maybe"]),
]  # fmt: skip


@pytest.mark.parametrize(("row", "right", "wrong"), CASES, ids=[str(row) for row, _, _ in CASES])
def test_an_answer_follows_a_constraint_or_does_not(row: dict[str, Any], right: list[str], wrong: list[str]) -> None:
    wanted = constraint_of(row)
    assert [answer for answer in right if not follows(answer, wanted)] == []
    assert [answer for answer in wrong if follows(answer, wanted)] == []


def test_every_kind_is_shown_right_and_wrong_answers() -> None:
    assert {row["kind"] for row, _, _ in CASES} == KINDS.keys()


@pytest.mark.parametrize(
    ("row", "answer", "loosely"),
    [
        ({"kind": "words", "at_most": 2}, "Sure, here you are:\ntwo words", True),
        ({"kind": "json"}, "```json\n[1]\n```", True),
        ({"kind": "ends", "text": "Bye."}, "Well. Bye.\nAnything else?", True),
        ({"kind": "case", "text": "lower"}, "Sure!\nwell\nYes?", True),
        ({"kind": "quoted"}, '**"A tree."**', True),
        ({"kind": "words", "at_most": 2}, "far too many\nwords and more\nof them here", False),
        ({"kind": "words", "at_most": 2}, "", False),
    ],
)
def test_loosely_a_greeting_a_closing_line_and_emphasis_are_no_fault(
    row: dict[str, Any], answer: str, loosely: bool
) -> None:
    wanted = constraint_of(row)
    assert (follows(answer, wanted), follows_loosely(answer, wanted)) == (False, loosely)


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("words", "a constraint is an object"),
        ({"kind": "word", "exactly": 1}, 'no constraint of kind "word"; did you mean "words"? Known: words, sentences'),
        ({"kind": "words", "atmost": 1}, 'has no "atmost"; did you mean "at_most"?'),
        ({"kind": "words"}, 'needs "exactly", or "at_least" or "at_most" or both'),
        ({"kind": "words", "exactly": 2, "at_most": 3}, 'needs "exactly", or'),
        ({"kind": "words", "at_least": 5, "at_most": 3}, "wants at least 5 and at most 3"),
        ({"kind": "words", "at_most": 2.5}, '"at_most" of a constraint of kind "words" is no whole number'),
        ({"kind": "words", "at_most": True}, "is no whole number"),
        ({"kind": "include"}, 'needs "texts"'),
        ({"kind": "include", "texts": "sea"}, '"texts" of a constraint of kind "include" is no list of texts'),
        ({"kind": "ends", "text": 5}, '"text" of a constraint of kind "ends" is no text'),
        ({"kind": "script", "text": "Cyrilic"}, '"Cyrilic" is no script; did you mean "Cyrillic"?'),
        ({"kind": "case", "text": "small"}, '"small" is no case. Known: lower, upper'),
        ({"kind": "letter", "text": "ab", "exactly": 0}, 'is one letter, not "ab"'),
    ],
)
def test_what_states_no_constraint_is_told_with_the_mend(row: Any, told: str) -> None:
    with pytest.raises(ValueError) as refused:
        constraint_of(row)
    assert told in str(refused.value)


HOSTILE = [
    mark * 200_000
    for mark in (".", "*", "[", "-", "a-", "1. ", " ", "\n", '"', "#", "\\", "{", "a\u0301", ". a", "-\t")
]


@pytest.mark.parametrize("row", [row for row, _, _ in CASES], ids=str)
def test_an_answer_that_runs_away_is_read_in_time(row: dict[str, Any]) -> None:
    wanted, began = constraint_of(row), time.process_time()
    for answer in HOSTILE:
        follows(answer, wanted)
    assert time.process_time() - began < 5
