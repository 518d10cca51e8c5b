"""A reason means one thing: at which hurdle an attempt fell, and whether its answer is a negative."""

from generators.catalog import CATALOG
from generators.reasons import VERDICTS, Hurdle, Meaning, Reason, Shared, meanings
from sandbox import Verdict


def test_no_word_has_two_meanings() -> None:
    words = [str(verdict) for verdict in Verdict]
    words += [
        str(reason) for enum in (Shared, *(e for entry in CATALOG.values() for e in entry.reasons)) for reason in enum
    ]
    assert len(words) == len(set(words))


def test_the_wrong_answers_among_the_reasons_are_those_that_something_judged() -> None:
    known = meanings(enum for entry in CATALOG.values() for enum in entry.reasons)
    assert {word for word, meaning in known.items() if meaning.negative} == {
        "wrong_answer",
        "judge_wrong",
        "judge_style",
    }
    assert known["cut_off"] == Meaning(Hurdle.answered)
    assert known["lint_error"] == Meaning(Hurdle.linted)
    assert known["weak_tests"] == Meaning()
    assert {Verdict.accepted, Verdict.test_failure, Verdict.untested, Verdict.sandbox_fault} == {*Verdict} - {*VERDICTS}


def test_a_reason_is_its_word() -> None:
    class Own(Reason):
        too_short = "too short", Hurdle.answered
        wrong = "wrong", None, True
        plain = "plain"

    assert [str(reason) for reason in Own] == ["too short", "wrong", "plain"]
    assert Own("wrong").negative and Own.too_short.hurdle is Hurdle.answered
    assert (Own.plain.hurdle, Own.plain.negative) == (None, False)
