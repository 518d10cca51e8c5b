"""Every option of every command changes what is done, or is refused: said twice, once with the option and once without.

What a command hands to the packages is recorded in place of being done (`seams`), with what it prints and how it ends. An
option of which nothing here says what it changes fails the first test: a new option needs a line.
"""

import inspect
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, is_dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from cli import app
from ledger import Ledger
from sandbox import Program, Report, Verdict
from sandbox.show import Run

ROOT = Path(__file__).parents[1]
URL = "http://127.0.0.1:9/v1"


class Stopped(Exception):
    """The command has handed over what it would do."""


@dataclass(frozen=True)
class Case:
    """A command, what it hands over, and its options with a value that differs from the default."""

    base: str
    options: dict[str, str | tuple[str, str]]
    """Option -> its value; with what must stand there for it to count, on both sides of the comparison."""
    seams: dict[str, Any] = field(default_factory=dict)
    """`module.function` -> what it gives back; `Stopped` ends the command there."""


RECIPE = {"--out": "o2", "--set": "seed=3", "--json": ""}
TRIAL = {
    "--checkpoint": "c", "--n": "3", "--generator": "g", "--recipe": "r.yaml", "--seeds": "s.jsonl", "--first": "2",
    "--prompts": "mine", "--out": "o", "--json": "",
}  # fmt: skip
TRAIN = {"--data": "p.jsonl", "--out": "o2", "--set": "lr=0.5", "--dry-run": "", "--json": "", "--processes": "2"}
STUDIES = "commands.pretrain.studies"
STUDIED = SimpleNamespace(summary=dict)
STUDY = {
    "pretrain.studies.sources.ready": [SimpleNamespace(name="x")], "pretrain.studies.scaling.run_study": STUDIED,
    "pretrain.studies.mix_search.search_mixes": STUDIED, "pretrain.studies.annealing_judge.judge": STUDIED,
    f"{STUDIES}._print_study": None, f"{STUDIES}._print_judgement": None,
    f"{STUDIES}._evaluations": [], f"{STUDIES}._half_trained": (Path("half"), None),
}  # fmt: skip


@dataclass(frozen=True)
class Speed:
    """Of a training."""

    device: str = "cpu"

    def __getattr__(self, name: str) -> float:
        return 1.0


class Words:
    """Stands in for a tokenizer."""

    eos_token_id = 0

    def __call__(self, text: str) -> dict[str, list[int]]:
        return {"input_ids": [1]}

    def decode(self, tokens: list[int], **_: Any) -> str:
        return " and more"


EXTENDED = SimpleNamespace(new_tokens=(), old_size=1, ascii_tokens=0)

CASES = {
    "generate": Case("generate math/solutions --out o", {
        **RECIPE, "--checkpoint": "c", "--model": ("m", f"-c {URL}"), "--count": "4", "--seeds": "s.jsonl",
        "--mix": "2", "--option": "votes=2", "--split": "train", "--samples": "3", "--max-tokens": "9",
        "--max-seconds": "9", "--max-attempts": "9", "--adaptive": ("", "--samples 3"), "--reward-model": "rm", "--stepwise-model": "sm", "--strict": "", "--prompts": "mine", "--list": "",
        "--dry-run": "",
    }, {"commands.generate.in_run": Stopped}),
    "run": Case("run r.yaml", {**RECIPE, "--dry-run": ""}, {"commands.run.in_run": Stopped}),
    "rounds": Case("rounds rounds.yaml", {**RECIPE, "--until": "plateau", "--dry-run": ""}, {
        "commands.training.rounds.in_run": Stopped,
    }),
    "eval": Case("eval c", {
        **RECIPE, "--set": "evaluate.max_tokens=9", "--problems": "p.jsonl", "--benchmark": "humaneval", "--split": "train",
        "--ids": "1-3", "--samples": "2", "--temperature": ("0.5", "-n 2"), "--model": ("m", f"--problems {URL}"),
        "--against": "run", "--compare": "run runs/one", "--prompts": "mine", "--reward-model": ("rm", "-n 2"),
    }, {"commands.eval.in_run": Stopped}),
    "filter": Case("filter d.jsonl --out o", {
        "--out": "o2", "--filters": "empty", "--rules": "--no-rules", "--dedup": "exact", "--decontaminate": "p.jsonl",
        "--tag": "", "--judge": "code", "--checkpoint": "c", "--model": ("m", f"--tag -c {URL}"), "--json": ("", "--tag"),
        "--minhash-threshold": "0.5", "--semantic-threshold": "0.5", "--prompts": ("mine", "--tag"),
    }, {
        "curation.pipeline.run": Stopped, "checkpoints.directory.find": lambda name: Path(name),
        "alignment.ready.check_checkpoint": None,
    }),
    "runs": Case("runs", {"--json": ""}),
    "watch": Case("watch run", {"--json": "", "--once": ""}),
    "why": Case("why run own/x#0", {"--json": ""}, {"report.why.chain": {}, "report.why.print_chain": Stopped}),
    "report": Case("report run", {"--open": "", "--json": ""}, {"webbrowser.open": None}),
    "export": Case("export run", {
        "--format": "alpaca", "--out": "o", "--push": "me/x", "--public": ("", "--push me/x"), "--json": "",
    }, {
        "rows.formats.data_of": Path("sft"), "rows.formats.push": "there",
        "rows.formats.convert": SimpleNamespace(rows=1, left_out=0),
    }),
    "doctor": Case("doctor", {"--json": ""}, {"serving.doctor.findings": []}),
    "serve": Case("serve", {}),
    "checkpoint": Case("checkpoint", {"--json": ""}, {"checkpoints.default.make_default": Path("made")}),
    "train pretrain": Case("train pretrain r.yaml", RECIPE, {
        "pretrain.run.recipe.load": SimpleNamespace(name="n"), "pretrain.run.stages.run": Stopped,
        "pretrain.training.progress.Progress": SimpleNamespace(close=lambda: None),
    }),
    "train sft": Case("train sft c --data d.jsonl --out o", TRAIN, {
        "alignment.child.train_in_child": Stopped, "alignment.dry_run.dry_run": Stopped,
        "checkpoints.directory.find": lambda name: Path(name),
    }),
    "train dpo": Case("train dpo c --data d.jsonl --out o", TRAIN, {
        "alignment.child.train_in_child": Stopped, "alignment.dry_run.dry_run": Stopped,
        "checkpoints.directory.find": lambda name: Path(name),
    }),
    "train reward": Case("train reward c --data d.jsonl --out o", TRAIN, {
        "alignment.child.train_in_child": Stopped, "alignment.dry_run.dry_run": Stopped,
        "checkpoints.directory.find": lambda name: Path(name),
    }),
    "train stepwise": Case("train stepwise c --data d.jsonl --out o", TRAIN, {
        "alignment.child.train_in_child": Stopped, "alignment.dry_run.dry_run": Stopped,
        "checkpoints.directory.find": lambda name: Path(name),
    }),
    "train ppo": Case("train ppo c --data d.jsonl --out o", TRAIN, {
        "alignment.child.train_in_child": Stopped, "alignment.dry_run.dry_run": Stopped,
        "checkpoints.directory.find": lambda name: Path(name),
    }),
    "train distill": Case("train distill c --data d.jsonl --out o", TRAIN, {
        "alignment.child.train_in_child": Stopped, "alignment.dry_run.dry_run": Stopped,
        "checkpoints.directory.find": lambda name: Path(name),
    }),
    "train average": Case("train average c d --out o", {
        "--out": "o2", "--weights": "3,1", "--decay": "0.5", "--json": "", "--greedy": ("", "--problems p.jsonl"),
        **{option: (value, "--greedy" + more) for option, value, more in (
            ("--problems", "p.jsonl", ""), ("--benchmark", "humaneval", ""),
            ("--split", "train", " --problems p.jsonl"), ("--ids", "1-3", " --problems p.jsonl"),
            ("--set", "evaluate.max_tokens=9", " --problems p.jsonl"),
        )},
    }, {
        "commands.training.average.in_run": Stopped, "alignment.averages.soup.check_soup": None,
        "checkpoints.average.average": lambda *given: given[1], "checkpoints.directory.find": lambda name: Path(name),
    }),
    "pretrain pack": Case("pretrain pack d.jsonl --tokenizer t --out o", {
        "--tokenizer": "t2", "--out": "o2", "--column": "b", "--workers": "2", "--strict": "", "--verify": "", "--json": "",
    }, {
        "pretrain.data.pack.pack": SimpleNamespace(dropped={}, n_documents=1, n_tokens=1),
        "pretrain.data.shards.describe": {"characters_per_token": 1.0},
        "pretrain.data.shards.PackedDocuments": SimpleNamespace(verify=lambda: None),
    }),
    "pretrain scaling": Case("pretrain scaling --source d.jsonl --out o", {
        "--source": "p.jsonl", "--out": "o2", "--flops": "1e9", "--budgets": "6", "--factor": "3", "--sizes": "7",
        "--tokens-per-parameter": "9", "--lr": "0.5", "--batch-tokens": "64", "--sequence-length": "64",
        "--vocabulary": "300", "--tokenizer": "t", "--held-out": "0.5", "--mixes": "9", "--evaluate": ("p", "--mixes 9"),
        "--processes": "1", "--seed": "3", "--json": "",
    }, STUDY),
    "pretrain judge": Case("pretrain judge d.jsonl --checkpoint c --mix s.jsonl --evaluate s.jsonl --out o", {
        "--checkpoint": "c2", "--mix": "p.jsonl", "--evaluate": "p.jsonl", "--out": "o2", "--tokens": "9", "--lr": "0.5",
        "--seeds": "5", "--share": "0.5", "--batch-tokens": "64", "--sequence-length": "64", "--stage": "s",
        "--tokenizer": "t", "--held-out": "0.5", "--processes": "1", "--json": "",
    }, STUDY),
    "pretrain import": Case("pretrain import c --out o", {"--out": "o2", "--json": ""}, {
        "pretrain.huggingface.load_huggingface": None, "checkpoints.directory.find": lambda name: Path(name),
        "pretrain.huggingface.stored_dtype": None, "pretrain.huggingface.save_huggingface": None,
        "commands.pretrain.checkpoints._checked": Stopped,
    }),
    "pretrain export": Case("pretrain export run --out o", {
        "--out": "o2", "--stage": "s", "--dtype": "float32", "--json": "",
    }, {"pretrain.run.export.export_state": None, "commands.pretrain.checkpoints._checked": Stopped}),
    "pretrain bench": Case("pretrain bench smollm2-135m", {
        "--sequence-length": "64", "--rows": "1", "--mean-document": "9", "--dtype": "float32", "--steps": "2",
        "--compile": "", "--json": "",
    }, {"pretrain.training.speed.bench": Speed()}),
    "pretrain generate": Case("pretrain generate run words", {
        "--max-tokens": "9", "--temperature": "0.5", "--top-p": ("0.5", "--temperature 0.5"),
        "--seed": ("3", "--temperature 0.5"), "--json": "",
    }, {
        "pretrain.huggingface.load_huggingface": None, "checkpoints.files.read_tokenizer": Words(),
        "pretrain.generate.generate": [1],
    }),
    "pretrain tokenizer train": Case("pretrain tokenizer train d.jsonl --vocab-size 300 --out o", {
        "--vocab-size": "400", "--out": "o2", "--digits": "1", "--column": "b", "--json": "",
    }, {
        "pretrain.tokenizer.train.train_tokenizer": None,
        "pretrain.data.pack.read_codec": SimpleNamespace(vocabulary_size=300),
    }),
    "pretrain tokenizer extend": Case("pretrain tokenizer extend t -l de=d.jsonl --new-tokens 9 --out o", {
        "--language": "hi=d.jsonl", "--new-tokens": "8", "--out": "o2", "--english": "d.jsonl", "--checkpoint": "c",
        "--column": "b", "--json": "",
    }, {"pretrain.tokenizer.extend.extend_tokenizer": EXTENDED, "pretrain.tokenizer.extend.extend_checkpoint": None}),
    "pretrain tokenizer compare": Case("pretrain tokenizer compare t u -l de=d.jsonl", {
        "--language": "hi=d.jsonl", "--column": "b", "--json": "",
    }, {"pretrain.tokenizer.train.compare_tokenizers": []}),
    "arena": Case("arena c --prompts p.jsonl", {
        "--prompts": "s.jsonl", "--answers": "p.jsonl", "--out": "o", "--temperature": "0.5", "--max-tokens": "9",
        "--port": "9", "--open": "", "--json": "",
    }, {"alignment.arena.questions.questions_in": [], "asyncio.run": Stopped}),
    "prompts list": Case("prompts list", {"--prompts": "mine", "--json": ""}),
    "prompts show": Case("prompts show code/answer", {"--prompts": "mine"}),
    "prompts edit": Case("prompts edit code/answer", {"--prompts": "mine"}, {"prompts.edit.edit": []}),
    "prompts preview": Case("prompts preview code/answer", {
        "--recipe": "r.yaml", "--seed": "2", "--prompts": "mine", "--json": "",
    }, {"generators.trials.preview.preview": Stopped, "commands.prompts.templates.print_json": None}),
    "prompts check": Case("prompts check", {"--prompts": "mine", "--json": ""}),
    "prompts try": Case("prompts try code/answer", TRIAL, {"commands.prompts.trials._run": Stopped}),
    "prompts diff": Case(
        "prompts diff code/answer mine", {**TRIAL, "--samples": "2"}, {"commands.prompts.trials._run": Stopped}
    ),
    "prompts ui": Case("prompts ui", {
        "--prompts": "mine", "--checkpoint": "c", "--generator": "g", "--recipe": "r.yaml", "--seeds": "s.jsonl",
        "--port": "9", "--open": "", "--json": "",
    }, {"asyncio.run": Stopped}),
    "sandbox run": Case("sandbox run a.py", {
        "--tests": "t.py", "--cases": "c.jsonl", "--language": "php", "--entry-point": ("f", "--tests t.py"),
        "--stdin": "t.py", "--limits": "cpu_s=1", "--lint": "--no-lint", "--html": "x.html", "--runtime": "runsc",
        "--fresh": "", "--json": "",
    }, {"sandbox.run_once": Report(Verdict.accepted), "sandbox.show.write": None}),
    "sandbox languages": Case("sandbox languages", {"--json": ""}, {"sandbox.doctor.listing": []}),
    "sandbox doctor": Case("sandbox doctor", {"--json": ""}, {"sandbox.doctor.findings": []}),
    "sandbox bench": Case("sandbox bench a.py", {"--tests": "t.py", "--slots": "3", "--seconds": "1", "--json": ""}, {
        "asyncio.run": SimpleNamespace(slots=1, runs=1, runs_per_s=1, median_ms=1, p99_ms=1, to_dict=dict),
    }),
    "sandbox shell": Case("sandbox shell", {"--language": "php", "--runtime": "runsc"}, {
        "sandbox.containers.shell.shell": Stopped,
    }),
    "sandbox build": Case("sandbox build", {"--languages": "php"}, {"sandbox.build_image": Stopped}),
    "sandbox clean": Case("sandbox clean", {}),
    "sandbox serve": Case("sandbox serve", {
        "--host": "localhost", "--port": "9", "--token": "t", "--slots": "3", "--queue": "9", "--runtime": "runsc",
        "--fresh": "",
    }, {"sandbox.service.service.serve": Stopped}),
    "sandbox report": Case("sandbox report reports.jsonl", {"--out": "o.html", "--open": "", "--json": ""}, {
        "webbrowser.open": None,
    }),
    "sandbox audit": Case("sandbox audit d.jsonl", {
        "--out": "o.jsonl", "--mutants": "3", "--reruns": "1", "--limit": "2", "--fresh": "", "--json": "",
    }, {
        "verification.audits.read_rows": [], "verification.audits.audit_data": [], "verification.audits.figures": {},
        "verification.audits.summary": "",
    }),
}  # fmt: skip

SHOWN_ELSEWHERE = {
    "watch --once": "test_watch_shows_the_stage_its_yield_and_what_a_row_costs",
    "prompts preview --json": "test_prompts_preview_renders_a_real_seed_with_its_tokens",
}
"""Options that count only where more goes on than is recorded here -> the test that shows it."""


def commands(group: Any = typer.main.get_command(app), path: str = "") -> Iterator[tuple[str, Any]]:
    for name in group.list_commands(None):
        found = group.get_command(None, name)
        if hasattr(found, "list_commands"):
            yield from commands(found, f"{path}{name} ")
        else:
            yield f"{path}{name}", found


ALL = dict(commands())
OPTIONS = [
    (name, parameter.opts[0])
    for name, command in ALL.items()
    for parameter in command.params
    if parameter.param_type_name == "option" and parameter.name != "help"
]


def told(value: Any, deep: int = 9) -> Any:
    """What a value holds: of a function or coroutine what it closes over, of a generator its items, of an object its parts."""
    if isinstance(value, str | int | float | bool | Path | type(None)):
        return repr(value)
    if not deep:
        return type(value).__name__
    if isinstance(value, Mapping):
        return {str(key): told(item, deep - 1) for key, item in value.items()}
    if inspect.iscoroutine(value):
        held = told(dict(value.cr_frame.f_locals), deep)
        value.close()
        return held
    if isinstance(value, list | tuple | Iterator):
        return [told(item, deep - 1) for item in value]
    if inspect.isfunction(value):
        cells = [cell.cell_contents for cell in value.__closure__ or ()]
        return told(dict(zip(value.__code__.co_freevars, cells, strict=True)), deep - 1)
    if is_dataclass(value) and not isinstance(value, type):
        return told({name: getattr(value, name) for name in value.__dataclass_fields__}, deep)
    if hasattr(value, "model_dump"):
        return repr(value)
    return (
        told(vars(value), deep - 1) if hasattr(value, "__dict__") and not isinstance(value, type) else str(type(value))
    )


def outcome(words: str, case: Case, monkeypatch: pytest.MonkeyPatch) -> str:
    """All that the command hands over, prints and ends with."""
    seen: list[Any] = []

    def recorder(name: str, back: Any) -> Any:
        def record(*given: Any, **named: Any) -> Any:
            if name.endswith("in_run"):  # the recipe as it would be run
                given = (given[0]().to_plain(), *given[1:2])
            seen.append((name, told(given), told(named)))
            if back is Stopped:
                raise Stopped
            return back(*given) if inspect.isfunction(back) else back

        return record

    with monkeypatch.context() as patched:
        for name, back in case.seams.items():
            patched.setattr(name, recorder(name, back))
        ended = CliRunner().invoke(app, words.split())
    assert isinstance(ended.exception, SystemExit | Stopped | type(None)), ended.exception
    return re.sub(r"0x[0-9a-f]+", "0x", repr((seen, ended.output, ended.exit_code, type(ended.exception))))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory with a little of all that the commands read."""
    here = tmp_path_factory.mktemp("options")
    rows = [
        {"id": str(n), "text": "words", "b": "others", "question": f"{n} + 1?", "answer": "#### 2"} for n in range(3)
    ]
    for name in ("d.jsonl", "s.jsonl", "p.jsonl", "c.jsonl"):
        rows = [{"stdin": "", "stdout": "1"}] if name == "c.jsonl" else rows
        (here / name).write_text("".join(json.dumps(row) + "\n" for row in rows))
    (here / "r.yaml").write_text("name: r\n")
    asked = "rounds: {count: 2}\ngenerate: {}\ntrain: {sft: {}}\nevaluate: {problems: s.jsonl}\n"
    (here / "rounds.yaml").write_text(asked.replace("{}", "[{generator: math/solutions}]", 1))
    for name in ("a.py", "t.py"):
        (here / name).write_text("print(1)\n")
    (here / "mine/code").mkdir(parents=True)
    ours = (ROOT.parent / "prompts/code/answer.j2").read_text()
    (here / "mine/code/answer.j2").write_text(ours + "\n{{ unknown }}\n")
    with Ledger(here / "run"):
        pass
    with Ledger(here / "runs/one"):
        pass
    (here / "run/data/sft").mkdir(parents=True)
    (here / "run/tokenizer.json").write_text("{}")
    stored = Run("a", Program("print(1)"), Report(Verdict.untested))
    (here / "reports.jsonl").write_text(json.dumps(stored.to_dict()) + "\n")
    return here


def test_every_command_and_option_has_a_line_here() -> None:
    lines = {f"{name} {option}" for name, case in CASES.items() for option in case.options} | SHOWN_ELSEWHERE.keys()
    assert {f"{name} {option}" for name, option in OPTIONS} - lines == set(), "say what shows it"
    assert lines - {f"{name} {option}" for name, option in OPTIONS} == set(), "there is no such option any more"
    assert ALL.keys() == CASES.keys()


@pytest.mark.parametrize("named", SHOWN_ELSEWHERE.values())
def test_what_is_shown_elsewhere_is_a_test(named: str) -> None:
    assert any(f"def {named}(" in file.read_text() for file in ROOT.rglob("test_*.py"))


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if case.options])
def test_every_option_changes_what_is_done_or_is_refused(
    name: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder)
    case = CASES[name]
    idle = []
    for option, given in case.options.items():
        if f"{name} {option}" in SHOWN_ELSEWHERE:
            continue
        value, before = (given, "") if isinstance(given, str) else given
        switch = option if not value.startswith("--") else ""
        without = f"{case.base} {before}".strip()
        if f" {option} " in f" {without} ":  # it stands there already, with another value
            with_it = re.sub(rf"{option} \S+", f"{option} {value}", without)
        else:
            with_it = f"{without} {switch} {value}".strip()
        if outcome(without, case, monkeypatch) == outcome(with_it, case, monkeypatch):
            idle.append(option)
    assert not idle, f"lab {name}: nothing changes with {', '.join(idle)}"
