"""What somebody new tries, and what they are told: nothing they say is passed over in silence."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from scripted_server import scripted_server
from typer.testing import CliRunner, Result

from cli import app
from generators.drive import Progress
from generators.lab import Tally
from ledger import Ledger, Row, Status, facts
from pretrain.tokenizer.train import train_tokenizer
from report.live.stage import time_left
from rows.sample import Sample

CHAT = {
    "messages": [{"role": "user", "content": "Hello there, how are you?"}, {"role": "assistant", "content": "Fine."}]
}


def lab(*arguments: object) -> Result:
    return CliRunner().invoke(
        app, [str(argument) for argument in arguments], catch_exceptions=False, terminal_width=300
    )


def said(told: Result) -> str:
    return " ".join((told.stderr + told.stdout).replace("│", "").split())


def jsonl(path: Path, *rows: Any) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sandbox.docker_problem", lambda: None)


@pytest.mark.parametrize(
    ("more", "complaint"),
    [
        (["hi.xyz"], "hi.xyz: which language is it? Say --language NAME"),
        (["hi"], "hi: which language is it? Say --language NAME"),
        (["a.py", "--html", "nowhere/x.html"], "there is no folder nowhere"),
        (["a.py", "--tests", "t.py", "--cases", "c.jsonl"], "by --tests or by --cases; give one of them"),
        (["a.py", "--entry-point", "f"], "is called by a test script; give --tests too"),
        (["a.py", "--stdin", "in.txt", "--cases", "c.jsonl"], "each of the --cases has its own"),
        (["a.py", "--tests", "t.py", "--entry-point", "f"], "have no `check(candidate)` to hand it to"),
        (["hi", "-l", "ruby", "--tests", "t.py", "--entry-point", "f"], "is for Python alone"),
        (["hi", "-l", "sql", "--no-lint"], "sql has no linter"),
        (["a.py", "--limits", "cpu=1"], "Invalid value for --limits: no limit is called 'cpu'"),
    ],
)
def test_sandbox_run_refuses_what_it_would_pass_over(more: list[str], complaint: str) -> None:
    for name in ("hi.xyz", "hi", "a.py", "t.py", "in.txt"):
        Path(name).write_text("print(1)\n")
    jsonl(Path("c.jsonl"), {"stdin": "", "stdout": "1"})
    told = lab("sandbox", "run", *more)
    assert told.exit_code == 2 and complaint in said(told)


def test_the_command_to_run_a_program_again_is_the_one_that_was_given(monkeypatch: pytest.MonkeyPatch) -> None:
    from sandbox import Report, Verdict

    Path("my add.py").write_text("def add(a, b): return a + b\n")
    Path("test_add.py").write_text("assert add(1, 2) == 3\n")
    monkeypatch.setattr("sandbox.run_once", lambda *_, **__: Report(Verdict.accepted))
    more = ("--tests", "test_add.py", "--limits", "cpu_s=1", "--fresh")
    told = lab("sandbox", "run", "my add.py", *more, "--html", "x.html")
    assert "lab sandbox run 'my add.py' --tests test_add.py --limits cpu_s=1 --fresh" in said(told)
    page = Path("x.html").read_text()
    assert "--tests test_add.py --limits cpu_s=1 --fresh" in page and "once saved" not in page


def test_an_audit_writes_no_jsonl_into_a_file_of_another_name() -> None:
    jsonl(Path("d.jsonl"), {"code": "x", "tests": "y"})
    told = lab("sandbox", "audit", "d.jsonl", "--out", "x.csv")
    assert told.exit_code == 2 and "x.csv: what is written is .parquet or .jsonl" in said(told)


@pytest.mark.parametrize(
    ("name", "text", "kind"),
    [
        ("rows.csv", "a,b\n1,2\n", "CSV"),
        ("rows.json", '[{"a": 1}]', "a JSON array"),
        ("rows.jsonl", '[{"a": 1}]', "a JSON array"),
        ("array.jsonl", '[\n{"a": 1}\n]\n', "a JSON array"),
        ("rows.tsv", "a\tb\n", "tabs"),
    ],
)
def test_a_table_is_refused_by_name_and_is_no_file_of_damaged_rows(name: str, text: str, kind: str) -> None:
    Path(name).write_text(text)
    for command in (("filter", name, "--out", "o"), ("eval", "default", "--problems", name, "--out", "o")):
        told = lab(*command)
        assert told.exit_code == 1 and f"{kind} is not read; needed: JSONL" in said(told), said(told)
    assert not Path("o").exists()


def test_a_filter_says_that_it_replaces_what_lay_there_and_names_no_file_of_none_dropped() -> None:
    jsonl(Path("d.jsonl"), CHAT)
    command = ("filter", "d.jsonl", "--out", "clean", "--filters", "none", "--dedup", "none")
    first = lab(*command)
    assert "what was dropped" not in first.stdout and "replaced" not in first.stderr
    assert "clean: what an earlier filter had left there is replaced" in lab(*command).stderr


def test_a_template_that_overrides_nothing_is_told_the_one_that_was_meant() -> None:
    Path("mine/code").mkdir(parents=True)
    ours = lab("prompts", "show", "code/answer").stdout
    (Path("mine/code") / "anwser.j2").write_text(ours)
    told = lab("prompts", "check", "--prompts", "mine")
    assert "code/anwser: overrides nothing; did you mean code/answer?" in told.stderr
    (Path("mine/code") / "anwser.j2").rename(Path("mine/code") / "answer.j2")
    assert "overrides nothing" not in lab("prompts", "check", "--prompts", "mine").stderr


@pytest.mark.parametrize("template", ["code/answer", "code/problem"])
def test_a_preview_shows_the_seeds_of_who_asks_the_template_in_any_directory(template: str) -> None:
    with scripted_server(lambda messages: "") as (url, _):
        Path("r.yaml").write_text(
            f"checkpoint: {url}\ngenerate: [{{generator: code/execution-feedback}}, {{generator: code/rejection-sampling}}]\n"
        )
        found = json.loads(lab("prompts", "preview", template, "--seed", 3, "--recipe", "r.yaml", "--json").stdout)
    kind = "python-problems" if template == "code/answer" else "snippet"
    assert kind in found["values_from"], found["values_from"]


def stopped_run(path: Path, *, stage: Any = None) -> None:
    async def work() -> None:
        with Ledger(path) as ledger:
            for attempt in (0, 1, 3):
                status = Status.accepted if attempt else Status.rejected
                await ledger.record_row(Row("own/x", attempt, status, "" if attempt else "short", "s", Sample()))
            await ledger.record(facts.SPENT, 500, "own/x")
            await ledger.record(facts.SECONDS, 7.0, "own/x")
            if stage:
                await ledger.record(facts.STAGE, stage, "own/x")

    asyncio.run(work())


def test_runs_shows_names_that_begin_alike_whole_in_80_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    names = [f"eval-127.0.0.1-33209-some-problems-n4-t0.{n}" for n in (7, 8)]
    for name in names:
        stopped_run(Path("runs", name))
    shown = "".join(line.split()[0] for line in lab("runs").stdout.splitlines()[1:])
    assert all(name in shown for name in names)


def test_runs_tells_what_a_stopped_run_spent_and_that_one_without_a_count_is_done() -> None:
    stopped_run(Path("runs/stopped"))
    stopped_run(Path("runs/done"), stage=Progress("own/x", None, 4).to_dict())
    stopped_run(Path("runs/budget"), stage={**Progress("own/x", 9, None).to_dict(), "stopped_by": "budget: tokens"})
    found = {Path(run["path"]).name: run for run in json.loads(lab("runs", "--json").stdout)["runs"]}
    assert {name: run["state"] for name, run in found.items()} == {
        "stopped": "stopped",
        "done": "done",
        "budget": "stopped",
    }
    for run in found.values():
        assert (run["accepted"], run["attempts"], run["output_tokens"], run["seconds"]) == (2, 3, 500, 7.0)
    for name in found:
        report = json.loads(lab("report", f"runs/{name}", "--json").stdout)
        assert (report["output_tokens"], report["seconds"]) == (500, 7.0), "what a run cost is told alike everywhere"
        assert "an accepted row cost 250 tokens and 3.50 s" in lab("report", f"runs/{name}").stdout


def test_runs_lists_evaluations_with_their_scores_and_trainings_and_pretrainings() -> None:
    jsonl(Path("p.jsonl"), {"question": "2 + 2?", "answer": "#### 4"})
    with scripted_server(lambda messages: "The answer is 4.") as (url, _):
        assert lab("eval", url, "--problems", "p.jsonl", "--out", "runs/e").exit_code == 0
    jsonl(Path("runs/pt/metrics.jsonl"))
    Path("runs/pt/recipe.json").write_text("{}")
    jsonl(Path("runs/t/job.json"), {})
    found = {Path(run["path"]).name: run for run in json.loads(lab("runs", "--json").stdout)["runs"]}
    assert {name: (run["kind"], run["state"]) for name, run in found.items()} == {
        "e": ("evaluation", "done"),
        "pt": ("pre-training", "unfinished"),
        "t": ("training", "unfinished"),
    }
    assert (found["e"]["accepted"], found["e"]["attempts"]) == (1, 1) and found["e"]["output_tokens"] > 0
    assert "100%" in lab("runs").stdout
    assert "`lab report runs/pt` tells how far it is" in lab("watch", "runs/pt").stderr


@pytest.mark.parametrize(("model", "state"), [(None, "unfinished"), ("model", "done")])
def test_runs_tells_tokens_and_time_of_trainings_and_calls_done_what_has_its_model(model: Any, state: str) -> None:
    jsonl(Path("runs/pt/metrics.jsonl"))
    Path("runs/pt/recipe.json").write_text("{}")
    stages = [{"tokens": 600, "seconds": 4.0}, {"tokens": 400, "seconds": 3.0}]
    Path("runs/pt/stages.json").write_text(json.dumps({"stages": stages, "model": model}))
    jsonl(Path("runs/t/job.json"), {})
    jsonl(Path("runs/t/training.json"), {"result": {"tokens": 1000, "seconds": 7.0}})
    found = {Path(run["path"]).name: run for run in json.loads(lab("runs", "--json").stdout)["runs"]}
    assert (found["pt"]["state"], found["t"]["state"]) == (state, "done")
    for run in found.values():
        assert (run["output_tokens"], run["seconds"]) == (1000, 7.0)
    assert [line.split()[3:] for line in lab("runs").stdout.splitlines()[1:]] == [["1,000", "7", "s"]] * 2


def test_runs_tells_a_rounds_scores_by_the_names_of_its_benchmarks_as_its_checkpoints_came_to_be() -> None:
    async def evaluated(ledger: Ledger) -> None:
        for checkpoint, passed in (("start", 0.1), ("sft", 0.2), ("dpo", 0.3)):
            await ledger.record_step(f"evaluate {checkpoint}", "done", {})
            for benchmark, more in (("humaneval", 0.0), ("own", 0.5)):
                for decoding, rate in (("greedy", passed), ("sampled", 0.99)):
                    score: Any = {"pass@1": rate + more}
                    await ledger.record(facts.SCORE, score, f"{checkpoint}/{benchmark}/{decoding}")

    with Ledger(Path("runs/x")) as ledger:
        asyncio.run(evaluated(ledger))
    told = lab("runs").stdout
    named = {" ".join(line.split()) for line in told.splitlines()}
    assert {"x humaneval 10% -> 20% -> 30%", "x own 60% -> 70% -> 80%"} <= named and "99%" not in told


@pytest.mark.parametrize(("folder", "complaint"), [("nope", "nope: no such folder"), ("runs/x", "is a run itself")])
def test_runs_of_no_folder_or_of_a_run_are_refused(folder: str, complaint: str) -> None:
    stopped_run(Path("runs/x"))
    told = lab("runs", folder)
    assert told.exit_code == 1 and complaint in said(told)


def test_why_tells_an_attempt_that_was_under_way_from_one_that_never_was() -> None:
    stopped_run(Path("runs/x"))
    assert "attempt 2 of own/x was under way when the run stopped" in lab("why", "runs/x", "own/x#2").stderr
    assert 'no row "own/x#9"; rows are STAGE#ATTEMPT, of: own/x (3 of 0-3)' in lab("why", "runs/x", "own/x#9").stderr


def test_the_time_left_is_no_longer_than_the_budget_and_has_hours() -> None:
    progress = Progress("s", 100, None, accepted=1, session_seconds=40, seconds=40, most_seconds=45)
    assert progress.eta_s == 5
    tally = Tally(output_tokens=80)
    progress = Progress("s", 100, None, accepted=1, session_seconds=40, earlier_tokens=20, tally=tally, most_tokens=110)
    assert progress.eta_s == 5
    assert time_left(120_480) == "time left: about 33:28:00" and time_left(5) == "time left: about 0:05"


def test_a_plan_speaks_of_one_epoch() -> None:
    made = "generate: [{generator: code/execution-feedback, count: 20}]"
    Path("r.yaml").write_text(f"{made}\ntrain: {{sft: {{epochs: 1}}, dpo: {{epochs: 2}}}}\n")
    told = said(lab("run", "r.yaml", "--dry-run"))
    assert "1 epoch" in told and "2 epochs" in told and "1 epochs" not in told


def test_a_dry_run_fits_eighty_columns_and_names_every_budget(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    budget = "budget: {seconds: 45, tokens: 9000}"
    Path("r.yaml").write_text(f"generate: [{{generator: code/execution-feedback, count: 2000, {budget}}}]\n")
    told = lab("run", "r.yaml", "--dry-run").stdout
    assert "2,000 accepted rows, or at most 400,000 attempts or 9,000 tokens or 45 s" in told
    assert max(map(len, told.splitlines())) <= 80


def test_a_program_in_no_language_is_named_with_its_folder() -> None:
    jsonl(Path("d/rows.jsonl"))
    assert "d/rows.jsonl: which language is it?" in said(lab("sandbox", "run", "d/rows.jsonl"))


def test_a_dry_run_has_no_more_tokens_than_its_seconds_allow() -> None:
    Path("r.yaml").write_text("generate: [{generator: code/execution-feedback, count: 20, budget: {seconds: 45}}]\n")
    (step,) = json.loads(lab("run", "r.yaml", "--dry-run", "--json").stdout)["plan"]
    assert step["seconds"] <= 45 and step["tokens"] <= 45 * 800


@pytest.mark.parametrize("place", ["rows.jsonl", "folder", "run"])
def test_a_training_takes_jsonl_and_a_run_as_a_filter_does(place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from alignment.tokens.reading import read_rows

    jsonl(Path("rows.jsonl"), CHAT)
    jsonl(Path("folder/messages.jsonl"), CHAT)
    with Ledger(Path("run")):
        pass
    jsonl(Path("run/data/sft/x.jsonl"), CHAT)
    seen: list[Path] = []

    async def train(name: str, start: Path, data: Path, *_: Any) -> Any:
        seen.append(data)
        raise KeyboardInterrupt

    monkeypatch.setattr("alignment.child.train_in_child", train)
    monkeypatch.setattr("checkpoints.directory.find", Path)
    lab("train", "sft", "default", "--data", place, "--out", "o")
    assert [row for _, row in read_rows(seen[0], ["messages"])] == [CHAT]


@pytest.mark.parametrize(("steps", "right"), [(-2, False), (-1, True), (0, False), (1, True)])
def test_no_number_of_steps_means_another(steps: int, right: bool) -> None:
    tree = {"checkpoint": "default", "train": {"sft": {"max_steps": steps}}}
    Path("r.yaml").write_text(json.dumps(tree))
    told = lab("run", "r.yaml", "--out", "o", "--dry-run")
    assert ("steps are 1 or more; -1 is none" in said(told)) != right


@pytest.mark.parametrize("training", ["sft", "dpo"])
def test_a_training_on_data_that_is_not_there_makes_no_directory(training: str) -> None:
    told = lab("train", training, "default", "--data", "missing.jsonl", "--out", "o")
    assert (told.exit_code, "missing.jsonl: no such data set" in said(told)) == (1, True)
    assert not Path("o").exists()


@pytest.mark.parametrize(
    ("command", "complaint"),
    [
        ("generate math/solutions --out o --set generate.samples=3", "did you mean generate.0.samples?"),
        (
            "generate math/solutions --out o --count 0",
            "Invalid value for '--count': Input should be greater than or equal to 1",
        ),
        (
            "generate math/solutions --out o --max-seconds 0",
            "Invalid value for '--max-seconds': 0 is not above 0",
        ),
        ("run nope.yaml", "nope.yaml: cannot be read: No such file or directory"),
        ("export nope", "nope: no such directory"),
        ("generate code/rejection-sampling --out o --seeds odd.jsonl", "(line 1, line 2: no tests:"),
    ],
)
def test_a_message_names_what_was_typed_and_says_a_thing_once(command: str, complaint: str) -> None:
    jsonl(Path("odd.jsonl"), {"a": 1}, {"a": 2})
    told = lab(*command.split())
    text = " ".join(told.stderr.split())
    assert told.exit_code in (1, 2) and complaint in text and "Errno" not in text, text
    assert not Path("o").exists()


def test_a_generations_dry_run_tells_its_plan_and_makes_nothing() -> None:
    command = ("generate", "code/execution-feedback", "--count", 20, "--max-seconds", 45, "--out", "o", "--dry-run")
    told = json.loads(lab(*command, "--json").stdout)
    assert told["plan"][0]["seconds"] <= 45 and told["recipe"]["generate"][0]["count"] == 20
    assert "together" in lab(*command).stdout
    assert not Path("o").exists()
    nowhere = lab("generate", "math/solutions", "--count", 2, "--dry-run")
    assert (nowhere.exit_code, "out: to be named with --out" in nowhere.stdout) == (0, True), nowhere.stderr


def test_a_servers_weights_are_not_trained_and_the_message_offers_no_url() -> None:
    told = lab("train", "sft", "http://127.0.0.1:9/v1", "--data", "x", "--out", "o")
    assert told.exit_code == 1 and "a server's weights cannot be trained; give a Hugging Face directory" in said(told)
    assert not Path("o").exists()


@pytest.mark.parametrize(
    ("command", "complaint"),
    [
        ("export r --public", "--public changes nothing without --push"),
        ("filter x -o y --prompts p", "--prompts changes nothing without --tag or --judge"),
        ("filter x -o y --model m", "--model changes nothing without --tag or --judge"),
        ("filter x -o y -c http://h/v1", "a server is asked by --tag and --judge alone"),
        ("filter x -o y -c other --dedup exact", "nothing asks it"),
        ("filter x -o y --no-rules --filters empty", "changes nothing beside --no-rules"),
        ("filter x -o y --dedup exact --minhash-threshold 0.5", "changes nothing where --dedup has no minhash"),
        ("filter x -o y --dedup exact --semantic-threshold 0.5", "changes nothing where --dedup has no semantic"),
        ("filter x -o y --dedup exct", "exct: known are exact, minhash, semantic"),
        ("generate --list --count 3", "--count changes nothing beside --list"),
        ("generate x --list", "lists all of them"),
        ("generate math/tree -o y --option width=2 --option width=3", "width stands there twice, and one counts"),
        ("watch r --json --once", "--once changes nothing beside --json"),
        ("eval default --temperature 0.5", "give --samples too"),
        ("eval default --problems x --benchmark humaneval", "one or the other"),
        ("sandbox bench --tests t.py", "changes nothing without a program"),
        ("pretrain generate c p --top-p 0.5", "--top-p changes nothing without --temperature"),
        ("pretrain generate c p --seed 3", "--seed changes nothing without --temperature"),
        ("pretrain scaling --source x --out y --mixes 8 --factor 3", "--factor changes nothing beside --mixes"),
        ("pretrain scaling --source x --out y --evaluate z", "--evaluate changes nothing without --mixes"),
        ("pretrain scaling --source x --out y --tokenizer t --vocabulary 9", "--vocabulary changes nothing beside"),
        ("pretrain tokenizer train a.txt --column b --vocab-size 300 --out y", "is plain text, without columns"),
    ],
)
def test_an_option_that_would_change_nothing_is_refused(command: str, complaint: str) -> None:
    Path("a.txt").write_text("words and words\n")
    told = lab(*command.split())
    assert (told.exit_code, complaint in said(told)) == (2, True), said(told)
    assert not Path("y").exists()


@pytest.mark.parametrize(
    "command",
    [
        "pretrain pack text --tokenizer default --out packed",
        "pretrain tokenizer compare default default -l en=text",
    ],
)
def test_a_tokenizer_is_called_default_as_a_checkpoint_is(command: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("checkpoints.directory.DEFAULT_DIR", Path("nowhere"))
    Path("text").mkdir()
    Path("text/a.txt").write_text("A text of some words.\n")
    told = lab(*command.split())
    assert (told.exit_code, "`lab checkpoint` makes it" in said(told)) == (2, True)
    train_tokenizer(["a text of some words and a word more " * 20], 300, Path("mine"))
    monkeypatch.setattr("checkpoints.directory.DEFAULT_DIR", Path("mine"))
    assert lab(*command.split()).exit_code == 0


@pytest.mark.parametrize(
    ("generator", "more", "told"),
    [
        ("math/solutions", "--count 9", "of 2 seeds at most 8 rows are exported (data.max_per_problem 4): give more"),
        ("math/solutions", "--count 9", "--set data.max_per_problem=5"),
        ("math/solutions", "--count 8", ""),
        ("math/solutions", "--count 9 --set data.max_per_problem=5", ""),
        ("math/steps", "--count 9", ""),
        ("math/solutions", "--samples 9", ""),
    ],
)
def test_a_plan_says_what_of_a_count_so_few_seeds_cannot_export(generator: str, more: str, told: str) -> None:
    jsonl(Path("p.jsonl"), *({"question": f"{n} + 1?", "answer": f"#### {n + 1}"} for n in range(2)))
    plan = lab("generate", generator, "--problems", "p.jsonl", "--out", "r", "--dry-run", *more.split())
    assert plan.exit_code == 0
    assert told in said(plan) if told else "are exported" not in said(plan)
