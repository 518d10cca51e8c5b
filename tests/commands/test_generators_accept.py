"""Every generator of the catalog through the real CLI and the real sandbox, on a server that answers well: it accepts what is right."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from good_answers import GoodAnswers
from scripted_server import scripted_server
from tiny_checkpoints import tiny_reward_model, tiny_step_scorer
from typer.testing import CliRunner

from cli import app
from generators.catalog import CATALOG
from ledger import Ledger, Status
from report.why import chain
from sandbox import docker_problem

pytestmark = [
    pytest.mark.docker,
    pytest.mark.skipif(docker_problem() is not None, reason=f"Docker: {docker_problem()}"),
]
OPTIONS = {
    "code/execution-feedback": ["languages=python,php,javascript,cpp,bash"],
    "code/rejection-sampling": ["steer=true", "judge=true", "revisions=1"],
}


DOUBLE = {
    "task_id": 1,
    "prompt": "Write a Python function `double_it(n)` that returns twice the number n.",
    "entry_point": "double_it",
    "code": "def double_it(n):\n    return 2 * n\n",
    "test_list": [f"assert double_it({n}) == {2 * n}" for n in (0, 2, 7, -3, 100)],
}
SNIPPET = {"id": "double", "code": "def double_it(n):\n    result = n + n\n    return result\n"}
SEEDS = {
    "code/translation": [DOUBLE],
    "code/backtranslation": [SNIPPET],
    "general/rejection-sampling": [{"prompt": "the cat sat on?"}],
}
"""Where the server knows answers to some seeds only, or the generator brings none."""


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with scripted_server(GoodAnswers()) as (url, _):
        yield url


@pytest.mark.parametrize("generator", CATALOG)
def test_generator_accepts_what_is_right_and_writes_its_data(generator: str, server: str, tmp_path: Path) -> None:
    out = tmp_path / "run"
    options = [part for option in OPTIONS.get(generator, []) for part in ("--option", option)]
    if generator in SEEDS:
        (tmp_path / "seeds.jsonl").write_text("".join(f"{json.dumps(row)}\n" for row in SEEDS[generator]))
        options += ["--seeds", str(tmp_path / "seeds.jsonl")]
    if generator == "general/rejection-sampling":
        options += ["--reward-model", str(tiny_reward_model(tmp_path / "base", tmp_path / "reward"))]
    if generator == "math/tree":
        options += ["--stepwise-model", str(tiny_step_scorer(tmp_path / "base", tmp_path / "stepwise"))]
    if generator == "code/from-source":
        (tmp_path / "repository").mkdir()
        source = 'def double_it(n: int) -> int:\n    """Twice the number.\n\n    >>> double_it(4)\n    8\n    """\n    return n + n\n'
        (tmp_path / "repository" / "numbers_of.py").write_text(source)
        options += ["--seeds", str(tmp_path / "repository")]
    command = ["generate", generator, "--checkpoint", server, "--out", str(out), "--json", "--samples", "5", *options]
    told = CliRunner().invoke(app, [*command, "--count", "1", "--max-attempts", "40"])
    assert told.exit_code == 0, told.output
    figures = json.loads(told.stdout)
    assert figures["accepted"] == 1, figures
    sets = {found["name"]: found["rows"] for found in figures["data"]}
    assert sets["sft"] or sets.get("stepwise")
    with Ledger(out, readonly=True) as ledger:
        for row in ledger.rows(status=Status.accepted):
            assert chain(ledger, row.id)["chain"], row.id
            assert row.sample.messages[-1]["role"] == "assistant"
            assert row.sample.problem
        assert ledger.templates()
        assert any(ledger.effects("score")) == ("-model" in " ".join(options))
    assert (out / "data" / "sft" / "README.md").exists()


def test_what_was_wrong_first_is_counted_as_corrected_and_becomes_a_pair(tmp_path: Path) -> None:
    out = str(tmp_path / "run")
    with scripted_server(GoodAnswers()) as (url, _):
        command = [
            "generate",
            "code/execution-feedback",
            "--checkpoint",
            url,
            "--out",
            out,
            "--max-attempts",
            "4",
            "--json",
        ]
        assert CliRunner().invoke(app, command).exit_code == 0
    (stage,) = json.loads(CliRunner().invoke(app, ["report", out, "--json"]).stdout)["stages"].values()
    assert stage["corrected_share"] == 1  # all four ask for the same solution at once, and have one answer
    with Ledger(tmp_path / "run", readonly=True) as ledger:
        row, *_ = [row for row in ledger.rows(status=Status.accepted) if row.sample.rejected]
    assert "n + 2" in row.sample.rejected
    assert [turn["role"] for turn in row.sample.messages] == ["user", "assistant", "user", "assistant"]
