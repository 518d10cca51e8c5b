"""A report says how its verdict was proved."""

import pytest
from sandboxed import run_program

from sandbox import Case, Limits, Program, Proof, Report, Verdict, render
from sandbox.show import Run, gather, page_of_many, page_of_run, render_many

ADD = "def add(a, b):\n    return a + b\n"
BASH_ECHO = "read x\necho $x\n"


@pytest.mark.docker
def test_python_beside_its_tests_and_cases_are_isolated() -> None:
    tested = run_program(Program(ADD, "assert add(1, 2) == 3"))
    cased = run_program(Program(BASH_ECHO, language="bash", cases=(Case("a", "a"),)))
    assert [(report.verdict, report.proof) for report in (tested, cased)] == [(Verdict.accepted, Proof.isolated)] * 2


@pytest.mark.docker
def test_tests_inside_the_program_are_never_better_than_their_control() -> None:
    echo = "double() { echo $(($1 + $1)); }\n"
    controlled = run_program(Program(echo, '[ "$(double 2)" = "4" ] || exit 1\n', language="bash"))
    assert (controlled.verdict, controlled.proof) == (Verdict.accepted, Proof.control)


@pytest.mark.docker
def test_a_test_that_no_control_changes_leaves_the_proof_plain() -> None:
    double = "double() { echo $(($1 + $1)); }\n"
    some = run_program(Program(double, '[ "$(double 2)" = 4 ]\n[ "$(double 3)" = "$(double 3)" ]\n', language="bash"))
    assert (some.verdict, some.proof) == (Verdict.accepted, Proof.plain)


@pytest.mark.docker
def test_a_trick_in_one_test_among_right_ones_is_no_control() -> None:
    trick = '[() { case "$3" in [a-z]*) return 0;; esac; builtin [ "$@"; }\nlabel() { [ "$1" -lt 9 ] || echo 10; }\n'
    tests = '[ "$(label 10)" = 10 ]\n[ "$(label 3)" = "three" ]\n[ "$(label 30)" = 10 ]\n'
    found = run_program(Program(trick, tests, language="bash"))
    assert not found.accepted or found.proof is Proof.plain


@pytest.mark.docker
def test_a_run_that_nothing_judged_is_plain() -> None:
    assert run_program(Program("print(1)")).proof is Proof.plain


def test_the_order_of_proofs_is_isolated_control_plain() -> None:
    assert [[str(least) for least in Proof if proof.suffices(least)] for proof in Proof] == [
        ["isolated", "control", "plain"],
        ["control", "plain"],
        ["plain"],
    ]


def test_a_proof_survives_json_and_an_older_report_reads_as_plain() -> None:
    stored = Report(Verdict.accepted, proof=Proof.control).to_dict()
    assert stored["proof"] == "control" and Report.from_dict(stored).proof is Proof.control
    del stored["proof"]
    assert Report.from_dict(stored).proof is Proof.plain


def test_text_and_pages_name_the_proof_and_count_by_it() -> None:
    tested = {"index": 0, "line": 1, "source": "assert f()", "passed": True, "message": ""}
    shown = [
        Run(
            str(proof),
            Program(f"{proof} = 1"),
            Report.from_dict({**Report(Verdict.accepted).to_dict(), "tests": [tested], "proof": proof}),
        )
        for proof in Proof
    ]
    for run in shown:
        assert f"proof  {run.report.proof}: " in render(run.report, run.program, Limits())
        assert f"Proof: {run.report.proof}, " in page_of_run(run)
    found = gather("r", shown)
    assert found.to_dict()["accepted_by_proof"] == {"isolated": 1, "control": 1, "plain": 1}
    assert "accepted by proof: 1 isolated, 1 control, 1 plain" in render_many(found)
    assert "Accepted, by proof" in page_of_many(found)
