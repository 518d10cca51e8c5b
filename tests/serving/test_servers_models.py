"""Somebody's server: which of its models answers, the key it wants, and the address it meant."""

from pathlib import Path

import pytest
from scripted_server import scripted_server
from typer.testing import CliRunner, Result

from cli import app
from rows.messages import Message

TWO = ("embed-small", "writer")


def answered(messages: list[Message]) -> str:
    return "The answer is 4."


def evaluate(url: str, tmp_path: Path, *more: str) -> Result:
    problems = tmp_path / "p.jsonl"
    problems.write_text('{"question": "2 + 2?", "answer": "#### 4"}\n')
    command = ["eval", url, "--problems", str(problems), "--out", str(tmp_path / "run"), *more]
    return CliRunner().invoke(app, command, catch_exceptions=False)


def test_of_a_server_with_several_models_none_is_guessed(tmp_path: Path) -> None:
    with scripted_server(answered, TWO) as (url, asked):
        told = evaluate(url, tmp_path)
        assert told.exit_code == 1 and not asked and not (tmp_path / "run").exists()
        assert (
            f"the server has 2 models (embed-small, writer); choose one with --model NAME, or as checkpoint {url}#NAME"
            in told.stderr
        )
        told = evaluate(url, tmp_path, "--model", "writr")
        assert 'no model "writr"; did you mean "writer"? It has: embed-small, writer' in told.stderr


@pytest.mark.parametrize("by_option", [True, False])
def test_the_model_that_was_chosen_answers(by_option: bool, tmp_path: Path) -> None:
    with scripted_server(answered, TWO) as (url, asked):
        told = evaluate(url, tmp_path, "--model", "writer") if by_option else evaluate(f"{url}#writer", tmp_path)
        assert told.exit_code == 0, told.stderr
        assert {request["model"] for request in asked} == {"writer"}
        assert "writer on p" in told.stdout


@pytest.mark.parametrize(("checkpoint", "said"), [("default", "is no server"), ("http://h/v1#a", "names one already")])
def test_a_model_is_refused_where_it_would_choose_nothing(checkpoint: str, said: str, tmp_path: Path) -> None:
    told = evaluate(checkpoint, tmp_path, "--model", "b")
    assert told.exit_code == 2 and said in " ".join(told.stderr.split())


def test_a_server_that_wants_a_key_says_where_the_key_goes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    with scripted_server(answered, key="right") as (url, _):
        assert "the server wants a key (401); set OPENAI_API_KEY" in evaluate(url, tmp_path).stderr
        monkeypatch.setenv("OPENAI_API_KEY", "wrong")
        assert "wants another key than OPENAI_API_KEY holds" in evaluate(url, tmp_path).stderr
        monkeypatch.setenv("OPENAI_API_KEY", "right")
        assert evaluate(url, tmp_path).exit_code == 0


def test_an_address_without_its_v1_is_told_the_one_that_was_meant(tmp_path: Path) -> None:
    with scripted_server(answered) as (url, _):
        assert f"lists no models (404); did you mean {url}?" in evaluate(url.removesuffix("/v1"), tmp_path).stderr
