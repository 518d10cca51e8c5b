"""`--benchmark instructions`, and a file of one's own: strict and loose accuracy, by prompt and by constraint."""

import json
from pathlib import Path
from typing import Any

import pytest
from scripted_server import scripted_server
from typer.testing import CliRunner

from cli import app
from evaluation import problem_set, read_problems
from evaluation.benchmarks.instructions import Instructed
from generators.seeds.found import SeedError
from ledger import Ledger
from recipes.schema import Evaluate
from rows.messages import Message
from verification.instructions import KINDS, follows

ROWS = [
    {"id": "a", "prompt": "Two words.", "constraints": [{"kind": "words", "exactly": 2}]},
    {"id": "b", "prompt": "No comma, small.", "constraints": [{"kind": "without", "text": ","}, {"kind": "case", "text": "lower"}]},
    {"id": "c", "prompt": "JSON.", "constraints": [{"kind": "json"}]},
]  # fmt: skip
ANSWERS = {"Two words.": "two words", "No comma, small.": "Not small", "JSON.": "```json\n[1]\n```"}


def answered(messages: list[Message]) -> str:
    return ANSWERS[messages[-1]["content"]]


def written(path: Path, rows: list[Any]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def test_the_requests_that_are_ours_state_what_their_own_answers_follow() -> None:
    found = problem_set(Evaluate(benchmark="instructions"))
    requests: list[Instructed] = list(found.problems)
    assert (found.title, len(requests), len({request.prompt for request in requests})) == ("instructions", 65, 65)
    assert {wanted.kind for request in requests for wanted in request.constraints} == KINDS.keys()
    for request in requests:
        assert [wanted for wanted in request.constraints if not follows(request.reference, wanted)] == [], (
            request.prompt
        )


def test_each_answer_is_held_to_the_letter_and_loosely(tmp_path: Path) -> None:
    problems = written(tmp_path / "mine.jsonl", ROWS)
    command = ["eval", "URL", "--problems", str(problems), "--out", str(tmp_path / "run")]
    with scripted_server(answered) as (url, _):
        told = CliRunner().invoke(app, [*command[:1], url, *command[2:], "--json"])
        shown = CliRunner().invoke(app, [*command[:1], url, *command[2:]]).stdout
    found = json.loads(told.stdout)
    assert (found["n"], found["greedy"]["passed"], found["wrong"]["greedy"]) == (3, 1, {"not_followed": 2})
    cells = found["greedy"]["table"]["cells"]
    assert cells["prompts"] == {"strict": [1, 3], "loose": [2, 3]}
    assert cells["constraints"] == {"strict": [2, 4], "loose": [3, 4]}
    assert cells["case"] == {"strict": [0, 1], "loose": [0, 1]} and cells["json"] == {"strict": [0, 1], "loose": [1, 1]}
    assert "prompts         33%     67%       3" in shown
    with Ledger(tmp_path / "run", readonly=True) as ledger:
        (row,) = (row for row in ledger.rows() if row.seed_id == "b")
    assert row.sample.detail == "not followed: case"


def test_the_page_and_the_summary_of_a_run_show_the_table(tmp_path: Path) -> None:
    problems = written(tmp_path / "mine.jsonl", ROWS)
    with scripted_server(answered) as (url, _):
        CliRunner().invoke(app, ["eval", url, "--problems", str(problems), "--out", str(tmp_path / "run")])
    told = CliRunner().invoke(app, ["report", str(tmp_path / "run")], catch_exceptions=False)
    assert "followed (start, greedy)" in told.stdout
    assert '33% <span class="dim">1 of 3</span>' in (tmp_path / "run/report.html").read_text()


def test_rows_may_be_numbered_from_0_on(tmp_path: Path) -> None:
    rows = [{**ROWS[0], "id": number} for number in range(3)]
    assert [one.id for one in read_problems(written(tmp_path / "p.jsonl", rows)).problems] == ["0", "1", "2"]


def test_thinking_is_no_part_of_an_answer_and_one_that_never_ended_is_none(tmp_path: Path) -> None:
    thought = {"Two words.": "<think>\nLong thoughts, many words.\n</think>\n\ntwo words", "JSON.": "<think>\n[1]"}
    problems = written(tmp_path / "mine.jsonl", [ROWS[0], ROWS[2]])
    with scripted_server(lambda messages: thought[messages[-1]["content"]]) as (url, _):
        told = CliRunner().invoke(
            app, ["eval", url, "--problems", str(problems), "--out", str(tmp_path / "run"), "--json"]
        )
    cells = json.loads(told.stdout)["greedy"]["table"]["cells"]
    assert cells["words"] == {"strict": [1, 1], "loose": [1, 1]} and cells["json"] == {
        "strict": [0, 1],
        "loose": [0, 1],
    }


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ({"prompt": "Go.", "constraints": [{"kind": "word", "exactly": 1}]}, 'no constraint of kind "word"; did you mean'),
        ({"prompt": "Go.", "constraints": []}, 'no constraints: needs "constraints", a list such as'),
        ({"constraints": [{"kind": "json"}]}, 'no text under "prompt"'),
    ],
)  # fmt: skip
def test_a_row_that_states_no_constraint_is_refused_with_its_line(
    row: dict[str, Any], told: str, tmp_path: Path
) -> None:
    with pytest.raises(SeedError) as refused:
        read_problems(written(tmp_path / "p.jsonl", [ROWS[0], row]))
    assert "p.jsonl:2" in str(refused.value) and told in str(refused.value)
