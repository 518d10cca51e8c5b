"""The command line as a person and a script meet it. Nothing here loads a model."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from cli import app
from sandbox import docker_problem
from serving.doctor import findings

ROOT = Path(__file__).parents[2]
COMMANDS = [
    [],
    ["doctor"],
    ["generate"],
    ["run"],
    ["train", "sft"],
    ["train", "dpo"],
    ["eval"],
    ["runs"],
    ["report"],
    ["why"],
    ["serve"],
    ["checkpoint"],
    ["prompts", "list"],
    ["prompts", "show"],
    ["prompts", "edit"],
    ["prompts", "preview"],
    ["prompts", "check"],
    ["prompts", "try"],
    ["prompts", "diff"],
    ["prompts", "ui"],
    ["watch"],
    ["export"],
    ["filter"],
    ["sandbox", "run"],
    ["sandbox", "build"],
    ["sandbox", "clean"],
    ["sandbox", "languages"],
    ["sandbox", "doctor"],
    ["sandbox", "bench"],
    ["sandbox", "shell"],
    ["sandbox", "serve"],
    ["sandbox", "report"],
    ["sandbox", "audit"],
]
needs_docker = pytest.mark.skipif(docker_problem() is not None, reason=f"Docker: {docker_problem()}")


@pytest.fixture(autouse=True)
def in_root(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)


def lab(*arguments: str) -> Result:
    """The command in this process; a fault of ours is raised here instead of shown."""
    return CliRunner().invoke(app, arguments, catch_exceptions=False)


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_every_command_has_help_with_an_example(command: list[str]) -> None:
    told = lab(*command, "--help")
    assert told.exit_code == 0
    assert not command or "Example" in told.stdout


def test_the_door_opens_without_loading_anything_heavy() -> None:
    program = "import sys, cli; heavy = {'torch', 'vllm', 'transformers', 'docker', 'trl', 'pyarrow'} & set(sys.modules); sys.exit(str(heavy) if heavy else 0)"
    assert subprocess.run([sys.executable, "-c", program], check=False, cwd=ROOT).returncode == 0


def test_a_letter_that_the_terminal_has_no_code_for_stands_by_its_number(tmp_path: Path) -> None:
    (tmp_path / "übung").mkdir()
    (tmp_path / "übung" / "job.json").write_text("{}")
    told = subprocess.run(
        [sys.executable, "-m", "cli", "runs", str(tmp_path)],
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )
    assert (told.returncode, "\\xfcbung" in told.stdout) == (0, True), told.stderr


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["generate", "code/poetry", "--out", "x"], 2, "no generator. Known: code/execution-feedback"),
        (["generate", "code/rejection-sampling", "--option", "judg=1", "--out", "x"], 2, 'did you mean "judge"?'),
        (["generate", "./nowhere.py", "--out", "x"], 2, "nowhere.py: cannot be read"),
        (["generate", "code/execution-feedback"], 2, "--out"),
        (["run", "nowhere.yaml"], 1, "nowhere.yaml: cannot be read"),
        (["report", "nowhere"], 1, "nowhere: not a run directory"),
        (["why", "nowhere", "x#1"], 1, "nowhere: not a run directory"),
        (["prompts", "show", "code/problme"], 1, 'did you mean "code/problem"'),
        (["prompts", "check", "--prompts", "nowhere"], 1, "nowhere: the prompts folder does not exist"),
        (["train", "sft", "nowhere", "--data", "x", "--out", "y"], 1, "nowhere: no such directory"),
        (["train", "sft", "default", "--data", "x", "--out", "y", "--set", "lrr=1"], 1, "lrr"),
        (["serve", "nowhere"], 1, "nowhere: no such directory"),
        (["sandbox", "run", "nowhere.py"], 2, "nowhere.py: No such file"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_what_is_wrong_is_said_with_its_mend(arguments: list[str], code: int, said: str) -> None:
    told = lab(*arguments)
    # Typer wraps its own messages at the terminal's width.
    assert said.replace(" ", "") in "".join((told.stderr + told.stdout).replace("│", "").split())
    assert told.exit_code == code


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--checkpoint", "/nowhere/at/all"], "/nowhere/at/all: no such directory"),
        (["--checkpoint", "http://127.0.0.1:9/v1"], "no OpenAI-compatible server answers there"),
        (["--problems", "nowhere.jsonl"], "nowhere.jsonl: no such file"),
        (["--set", "serving.max_model_length=5"], 'did you mean "max_model_len"'),
    ],
)
@needs_docker
def test_a_generation_that_cannot_start_says_why(tmp_path: Path, arguments: list[str], said: str) -> None:
    told = lab("generate", "code/rejection-sampling", "--samples", "1", "--out", str(tmp_path / "run"), *arguments)
    assert (told.exit_code, said in told.stderr) == (1, True), told.stderr


def test_dry_run_prints_the_plan_as_text_and_as_one_json_object() -> None:
    text = lab("run", "recipes/quickstart.yaml", "--dry-run").stdout
    assert "generate code/rejection-sampling" in text
    assert "together" in text
    plan = json.loads(
        lab("run", "recipes/quickstart.yaml", "--dry-run", "--json", "--set", "evaluate.0.samples=1").stdout
    )
    assert plan["recipe"]["evaluate"][0]["samples"] == 1
    assert sum(step["tokens"] for step in plan["plan"]) > 0


def test_doctor_names_what_it_looked_at() -> None:
    found = json.loads(lab("doctor", "--json").stdout)
    assert {"vLLM", "torch", "Docker", "sandbox image"} <= {finding["what"] for finding in found["findings"]}
    assert all(finding["mend"] for finding in found["findings"] if finding["needed"] and not finding["ok"])


@pytest.mark.parametrize("kept", [True, False])
def test_doctor_says_where_no_bytecode_is_kept_and_calls_it_no_need(
    kept: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.dont_write_bytecode", not kept)
    (told,) = (finding for finding in findings() if finding.what == "Python bytecode")
    assert told.ok == kept and ("PYTHONDONTWRITEBYTECODE" in told.mend) != kept and not told.needed


@needs_docker
def test_sandbox_run_judges_a_file_by_its_tests(tmp_path: Path) -> None:
    (tmp_path / "p.py").write_text("def add(a, b):\n    return a + b\n")
    (tmp_path / "good.py").write_text("assert add(1, 2) == 3\n")
    (tmp_path / "bad.py").write_text("assert add(1, 2) == 4\n")
    good = lab(
        "sandbox", "run", str(tmp_path / "p.py"), "--language", "python", "--tests", str(tmp_path / "good.py"), "--json"
    )
    report = json.loads(good.stdout)
    assert (good.exit_code, report["verdict"]) == (0, "accepted")
    assert {"verdict", "stages", "usage"} <= report.keys()
    bad = lab("sandbox", "run", str(tmp_path / "p.py"), "--tests", str(tmp_path / "bad.py"))
    assert bad.exit_code == 1
    assert "expected 4, got 3" in bad.stdout


def test_prompts_preview_renders_a_real_seed_with_its_tokens() -> None:
    told = lab("prompts", "preview", "code/problem", "--seed", "3", "--json")
    found = json.loads(told.stdout)
    assert found["tokens"] > 50
    assert "snippet/004" in found["values_from"]
    assert found["messages"][-1]["role"] == "assistant"


@pytest.mark.parametrize(
    "command",
    [
        ["generate", "code/rejection-sampling"],
        ["run", "recipes/quickstart.yaml"],
        ["pretrain", "import", "default"],
        ["filter", "x.jsonl"],
    ],
)
def test_an_empty_out_is_refused_and_is_not_the_working_directory(command: list[str]) -> None:
    result = CliRunner().invoke(app, [*command, "--out", ""])
    assert result.exit_code == 2 and "is empty; name a place" in result.stderr


def test_an_import_leaves_alone_what_lies_where_it_would_go(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")
    for command in (["import", "default"], ["export", str(tmp_path)]):
        result = CliRunner().invoke(app, ["pretrain", *command, "--out", str(tmp_path)])
        assert result.exit_code == 1 and "give another --out" in result.stderr
    assert (tmp_path / "thesis.txt").read_text() == "years of work"
