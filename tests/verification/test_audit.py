"""Whether tests prove anything is found out by running them: on faulty solutions, again, and on other inputs."""

import ast
import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sandboxed import started

from rows.sample import Sample
from sandbox import Report, SandboxError, Verdict, docker_problem
from verification.audits import (
    Audited,
    Findings,
    Settings,
    audit,
    figures,
    journal_path,
    output_of,
    read_rows,
    rows_of_run,
    summary,
)
from verification.differential import Call, answers_in, compare, majority, new_inputs
from verification.python_source import parse

needs_docker = pytest.mark.skipif(docker_problem() is not None, reason=f"Docker: {docker_problem()}")

CLAMP = '''
def clamp(value, low, high):
    """Keep value within low and high."""
    if value < low:
        return low
    if value > high:
        return high
    return value
'''
THOROUGH = "\n".join(
    f"assert clamp({value}, 1, 10) == {answer}"
    for value, answer in ((-3, 1), (0, 1), (1, 1), (2, 2), (9, 9), (10, 10), (11, 10), (30, 10))
)


# -- inputs -----------------------------------------------------------------------------------------------------------


def test_new_inputs_are_calls_the_tests_do_not_make_with_values_of_the_same_types() -> None:
    code = "def f(n, words, pair): ...\n"
    tests = "def check(candidate):\n    assert candidate(3, ['a', 'b'], (1, 2.5)) == 1\n"
    calls = new_inputs(tests, "f", code, at_most=20)
    assert len(calls) == 20
    assert calls == new_inputs(tests, "f", code, at_most=20)
    assert all(call.function == "f" for call in calls)
    assert all([type(a) for a in call.arguments] == [int, list, tuple] for call in calls)
    assert all(len(call.arguments[2]) == 2 for call in calls)
    assert "f(3, ['a', 'b'], (1, 2.5))" not in [call.source() for call in calls]


@pytest.mark.parametrize("argument", ["x", "open('/etc/passwd')", "[i for i in range(3)]", "1e999", "{[]}"])
def test_a_call_with_anything_but_literals_gives_no_input(argument: str) -> None:
    assert new_inputs(f"assert f({argument}) == 1", "f", "def f(a): ...", at_most=5) == []


def test_answers_are_read_from_marked_lines_alone() -> None:
    lines = ["m 0 ['value', '3']", "x 1 ['value', '4']", "m 1 ['raised', 'KeyError']", "m 9 ['value', '1']", "m 2 ["]
    told = Report(Verdict.untested, stdout="\n".join(lines))
    assert answers_in(told, "m", 3) == ["3", "raised KeyError", None]


def test_a_difference_is_counted_where_the_reference_has_a_value() -> None:
    reference = ["[1, 2]", "0.3", "raised ValueError", None, "{1, 2}", "'a'", "1"]
    own = ["(1, 2)", "0.30000000000000004", "3", "3", "{2, 1}", None, "raised ValueError"]
    assert compare(own, reference) == ([0, 1, 4, 5, 6], [5, 6])


def test_a_majority_is_more_than_half_of_at_least_three() -> None:
    assert majority([["1", "2"], ["1", "3"], ["2", "4"]]) == ["1", None]
    assert majority([["1"], ["1"]]) == [None]


# -- data sets --------------------------------------------------------------------------------------------------------


def write_jsonl(path: Path, *rows: dict[str, Any]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def test_rows_are_read_in_the_shapes_people_have(tmp_path: Path) -> None:
    ours = {"row": "s#1", "code": "def f(): return 1", "tests": "assert f() == 1"}
    mbpp = {
        "task_id": 2,
        "code": "def g(): return 1",
        "test_list": ["assert g() == 1"],
        "test_setup_code": "import math",
    }
    mbxp = {
        "task_id": "MBPP/3",
        "prompt": "def h():\n",
        "canonical_solution": "    return 1\n",
        "test": "def check(c): assert c() == 1",
        "entry_point": "h",
    }
    answer = {**mbxp, "code": "def h(): return 2"}
    rows = read_rows(write_jsonl(tmp_path / "d.jsonl", ours, mbpp, mbxp, answer))
    assert [row.name for row in rows] == ["s#1", "2", "MBPP/3", "MBPP/3"]
    assert rows[1].tests == "import math\nassert g() == 1\n"
    assert rows[2].code == "def h():\n    return 1\n"
    assert (rows[2].reference, rows[3].reference) == ("", "def h():\n    return 1\n")
    assert len(read_rows(tmp_path / "d.jsonl", limit=1)) == 1


def test_a_body_alone_is_completed_in_any_language(tmp_path: Path) -> None:
    script = {
        "task_id": "JS/1",
        "language": "javascript",
        "prompt": "// Adds.\nfunction add(a, b){",
        "canonical_solution": "\n  return a + b;\n}\n",
        "test": "if (add(1, 2) !== 3) throw new Error();",
    }
    (row,) = read_rows(write_jsonl(tmp_path / "d.jsonl", script))
    assert row.code == "// Adds.\nfunction add(a, b){\n  return a + b;\n}\n"


def test_an_export_is_audited_by_the_rows_of_the_run_around_it(tmp_path: Path) -> None:
    import pyarrow
    import pyarrow.parquet

    data = tmp_path / "sft"
    data.mkdir()
    recorded = {"s#8": Sample(code="def f(): return 1", tests="assert f() == 1", completion="Here.")}
    table = pyarrow.table({"messages": [[{"role": "user", "content": "x"}]], "row": ["s#8"]})
    pyarrow.parquet.write_table(table, data / "train.parquet")
    assert [row.code for row in read_rows(data, beside=recorded)] == ["def f(): return 1"]
    earlier = pyarrow.table({"messages": table["messages"], "row": ["s#8"], "run": ["another"]})
    pyarrow.parquet.write_table(
        pyarrow.concat_tables([table, earlier], promote_options="default"), data / "train.parquet"
    )
    assert [row.code for row in read_rows(data, beside=recorded)] == ["def f(): return 1", ""]
    (row,) = rows_of_run(tmp_path, recorded)
    assert (row.name, row.data) == ("s#8", {"row": "s#8", "code": "def f(): return 1", "tests": "assert f() == 1"})
    with pytest.raises(SandboxError, match="no row has code and tests"):
        read_rows(data)
    assert output_of(data) == data.with_name("sft-audited.parquet")
    assert output_of(tmp_path, is_run=True) == tmp_path / "audited.jsonl"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "d.jsonl:1: not JSON"),
        ("[]", "a JSON array is not read"),
        ('{"text": "x"}', "no row has code and tests"),
        ("", "no row has code"),
    ],
)
def test_a_data_set_that_cannot_be_audited_is_refused_with_the_reason(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "d.jsonl"
    path.write_text(text)
    with pytest.raises(SandboxError, match=said):
        read_rows(path)
    with pytest.raises(SandboxError, match="no such data set"):
        read_rows(tmp_path / "none.jsonl")


# -- the audit itself -------------------------------------------------------------------------------------------------


def audited(path: Path, out: Path, **wishes: Any) -> list[Audited]:
    loop, box = started()
    work = audit(
        box, read_rows(path), out, Settings(**{"mutants": 12, "reruns": 2, **wishes}), lambda done, every: None
    )
    return asyncio.run_coroutine_threadsafe(work, loop).result(240)


def findings(tmp_path: Path, **row: Any) -> Findings:
    (found,) = audited(write_jsonl(tmp_path / "d.jsonl", row), tmp_path / "out.jsonl")
    return found.findings


@needs_docker
def test_thorough_tests_kill_every_mutant_that_is_no_equivalent(tmp_path: Path) -> None:
    found = findings(tmp_path, code=CLAMP, tests=THOROUGH)
    assert (found.verdict, found.mutants, found.calls, found.flake_rate) == ("accepted", 12, True, 0.0)
    # At value == low and value == high both branches return the same: those two say what the original says.
    assert all("<= low" in diff or ">= high" in diff for diff in found.survivors)
    assert found.mutants_killed is not None
    assert found.mutants_killed > 0.8


@needs_docker
def test_tests_that_check_only_a_type_let_faults_through(tmp_path: Path) -> None:
    found = findings(tmp_path, code=CLAMP, tests="assert isinstance(clamp(5, 0, 10), int)")
    assert found.mutants_killed is not None
    assert found.mutants_killed < 0.5
    assert any("-    if value < low:" in diff for diff in found.survivors)


@needs_docker
def test_tests_that_call_nothing_are_named_and_no_mutant_is_tried_on_them(tmp_path: Path) -> None:
    found = findings(tmp_path, code=CLAMP, tests="assert 1 + 1 == 2")
    assert (found.verdict, found.calls, found.mutants_killed) == ("untested", False, None)


@needs_docker
def test_a_solution_that_ends_now_so_now_so_is_flaky(tmp_path: Path) -> None:
    code = "import os\ndef coin():\n    return os.urandom(1)[0] % 2\n"
    path = write_jsonl(tmp_path / "d.jsonl", {"code": code, "tests": "assert coin() == 0"})
    (found,) = audited(path, tmp_path / "out.jsonl", reruns=24)
    assert found.findings.flake_rate is not None
    assert 0 < found.findings.flake_rate < 1


@needs_docker
def test_a_solution_fitted_to_its_tests_differs_from_the_reference_elsewhere(tmp_path: Path) -> None:
    row = {
        "tests": "assert parity(12) == 'even'\nassert parity(7) == 'odd'",
        "reference": "def parity(n): return 'odd' if n % 2 else 'even'",
    }
    fitted = findings(
        tmp_path, code="def parity(n):\n    print('noise')\n    return {12: 'even', 7: 'odd'}.get(n, 'even')", **row
    )
    right = findings(tmp_path, code="def parity(n): return ('even', 'odd')[n & 1]", **row)
    assert fitted.verdict == right.verdict == "accepted"
    assert fitted.differs
    assert any("reference 'odd'" in text for text in fitted.differences)
    assert (right.differs, right.differences) == (0.0, ())


@needs_docker
def test_without_a_reference_most_solutions_of_a_problem_are_it(tmp_path: Path) -> None:
    row = {"problem_id": "p", "tests": "assert double(2) == 4"}
    bodies = ["return n * 2", "return n + n", "return n << 1", "return n ** 2"]
    path = write_jsonl(tmp_path / "d.jsonl", *({**row, "code": f"def double(n):\n    {body}\n"} for body in bodies))
    found = [item.findings.differs for item in audited(path, tmp_path / "out.jsonl")]
    assert found[:3] == [0.0, 0.0, 0.0]
    assert found[3]


@needs_docker
def test_a_mutant_that_never_ends_is_killed_in_a_second(tmp_path: Path) -> None:
    code = "def count(n):\n    total = 0\n    while total < n:\n        total += 1\n    return total\n"
    found = findings(tmp_path, code=code, tests="assert count(3) == 3\nassert count(0) == 0")
    assert found.mutants_killed is not None
    assert found.mutants_killed > 0.8


@needs_docker
def test_the_output_is_the_rows_with_the_findings_as_columns(tmp_path: Path) -> None:
    import pyarrow.parquet

    rows = [
        {"code": CLAMP, "tests": "assert clamp(5, 0, 10) == 5", "topic": "numbers \ud800"},
        {"code": CLAMP, "tests": "assert clamp(5, 0, 10) == 6"},
        {"topic": "no code at all"},
        {"code": "echo hello", "tests": "", "language": "cobol"},
    ]
    found = audited(write_jsonl(tmp_path / "d.jsonl", *rows), tmp_path / "out.parquet")
    table = pyarrow.parquet.read_table(tmp_path / "out.parquet")
    assert table.column("audit_verdict").to_pylist() == ["accepted", "test_failure", "", ""]
    killed = table.column("audit_mutants_killed").to_pylist()
    assert killed[0] == found[0].findings.mutants_killed
    assert killed[1:] == [None, None, None]
    assert table.column("topic").to_pylist()[2] == "no code at all"
    assert len(table.column("audit_survivors").to_pylist()[0]) == len(found[0].findings.survivors)


@needs_docker
def test_a_row_audited_before_is_not_run_again_also_after_a_kill_in_mid_line(tmp_path: Path) -> None:
    path = write_jsonl(
        tmp_path / "d.jsonl",
        {"code": CLAMP, "tests": THOROUGH},
        {"code": CLAMP, "tests": "assert clamp(5, 0, 10) == 5"},
    )
    out = tmp_path / "out.jsonl"
    first = audited(path, out)
    journal = journal_path(out)
    whole = journal.read_bytes()
    journal.write_bytes(whole[:-50])  # killed while the second line was being written
    again = audited(path, out)
    assert sorted(item.before for item in again) == [False, True]
    assert [item.findings for item in again] == [item.findings for item in first]
    assert all(item.before for item in audited(path, out))
    assert not any(item.before for item in audited(path, out, mutants=3))  # another question


def test_two_audits_of_one_output_do_not_write_at_once(tmp_path: Path) -> None:
    from verification.audits.journal import Journal

    out = tmp_path / "out.jsonl"
    with Journal(out), pytest.raises(SandboxError, match="another audit writes it; wait for its end"), Journal(out):
        pass
    with Journal(out):
        pass


def test_a_file_that_is_no_journal_is_not_written_over(tmp_path: Path) -> None:
    from verification.audits.journal import Journal

    out = tmp_path / "out.jsonl"
    journal_path(out).write_text("precious\n")
    with pytest.raises(SandboxError, match="not a journal of an audit"), Journal(out):
        pass
    assert journal_path(out).read_text() == "precious\n"


def test_the_summary_fits_eighty_columns_and_shows_no_control_character(tmp_path: Path) -> None:
    path = write_jsonl(
        tmp_path / "d.jsonl",
        *({"row": f"r\x1b[31m{n}" + "y" * 60, "code": "x" * 90, "tests": "assert f()"} for n in range(30)),
    )
    diff = "--- a\n+++ b\n@@ @@\n-" + "\x1b[2J" + "a" * 100 + "\n+b"
    findings = Findings("accepted", 10, 0.5, (diff,), 0.0, True, 20, 0.1, ("f(1): 2, reference 3",))
    items = [Audited(row, findings, False) for row in read_rows(path)]
    told = summary(items)
    assert max(map(len, told.split("\n"))) <= 80
    assert "\x1b" not in told
    assert figures(items)["mutants_killed_mean"] == 0.5
    assert figures(items)["with_survivor"] == 30
    assert json.dumps(figures([]))


def test_findings_come_back_from_their_columns() -> None:
    found = Findings("accepted", 10, 0.5, ("d",), 0.0, True, 20, 0.1, ("x",))
    assert Findings.from_columns(json.loads(json.dumps(found.columns()))) == found


@given(st.text(max_size=200))
def test_any_text_is_read_as_a_tree_or_not_at_all(text: str) -> None:
    tree = parse(text)
    assert tree is None or isinstance(tree, ast.Module)
    assert isinstance(new_inputs(text, None, text, at_most=3), list)
    assert Call("f", (1,)).source() == "f(1)"


@needs_docker
def test_the_command_tells_the_figures_and_goes_on_after_the_last_row(tmp_path: Path) -> None:
    from typer.testing import CliRunner

    from commands.sandbox import sandbox_app

    path = write_jsonl(tmp_path / "d.jsonl", {"code": CLAMP, "tests": THOROUGH}, {"code": CLAMP, "tests": "assert 1"})
    asked = ["audit", str(path), "--mutants", "4", "--reruns", "1"]
    first = CliRunner().invoke(sandbox_app, asked)
    assert "tests that prove least" in first.output
    again = CliRunner().invoke(sandbox_app, [*asked, "--json"])
    found = json.loads(again.output.strip().split("\n")[-1])
    assert (found["rows"], found["done_before"], found["uncalled"], found["none_killed"]) == (2, 2, 1, 0)
    assert len((tmp_path / "d-audited.jsonl").read_text().splitlines()) == 2
    assert CliRunner().invoke(sandbox_app, ["audit", str(tmp_path / "none.jsonl")]).exit_code == 1
