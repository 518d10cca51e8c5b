"""The loop on real components: vLLM, Docker, the default checkpoint, TRL. One small run, looked at from every side."""

import contextlib
import json
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from tiny_checkpoints import tiny_reward_model
from typer.testing import CliRunner, Result

from checkpoints.directory import DEFAULT_DIR
from cli import app
from generators.catalog import CATALOG
from ledger import Ledger, LedgerError, Status, facts
from report.why import chain
from sandbox import clean, docker_problem

ROOT = Path(__file__).parents[2]
LAB = str(Path(sys.executable).with_name("lab"))
RECIPE = """
name: small
checkpoint: default
serving: {max_model_len: 1024, max_in_flight: 64, kv_cache_gb: 1}
generate:
  - {generator: code/execution-feedback, seeds: SEEDS/python-snippets.jsonl, count: 1, budget: {attempts: 2}, sampling: {max_tokens: 64}, options: {repairs: 1}}
  - {generator: code/rejection-sampling, seeds: EASY, samples: 4, sampling: {max_tokens: 120}}
OTHERStrain:
  sft: {max_steps: 2, batch_size: 2}
  dpo: {max_steps: 2, batch_size: 2}
evaluate: {problems: SEEDS/python-problems.jsonl, split: heldout, ids: 49-50, samples: 1, max_tokens: 32}
"""
OTHERS = [name for name in CATALOG if name not in ("code/execution-feedback", "code/rejection-sampling")]
"""Every other generator runs a few attempts on the same engine, on its own seeds."""

pytestmark = [
    pytest.mark.vllm,
    pytest.mark.docker,
    pytest.mark.skipif(docker_problem() is not None, reason=f"Docker: {docker_problem()}"),
    pytest.mark.skipif(not DEFAULT_DIR.exists(), reason="the default checkpoint is not made: `lab checkpoint`"),
]


def lab(*arguments: str, check: bool = True) -> Result:
    """The command in this process, for what starts no engine."""
    told = CliRunner().invoke(app, arguments)
    assert told.exit_code == 0 or not check, told.output
    return told


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The run, killed with -9 once in the middle of generating and gone on with."""
    folder = tmp_path_factory.mktemp("loop")
    seeds = ROOT / "recipes" / "seeds"
    rows = [json.loads(line) for line in (seeds / "python-problems.jsonl").open()]
    easy = [row for row in rows if row["difficulty"] == "easy" and row["split"] == "train"][:10]
    (folder / "easy.jsonl").write_text("".join(json.dumps(row) + "\n" for row in easy))
    recipe = RECIPE.replace("SEEDS", str(seeds)).replace("EASY", str(folder / "easy.jsonl"))
    (folder / "asks.jsonl").write_text('{"prompt": "Name a prime."}\n{"prompt": "Name a colour."}\n')
    recipe += f"reward_model: {tiny_reward_model(folder / 'base', folder / 'reward')}\n"
    options = {
        "math/tree": ", options: {simulations: 2}",
        "general/rejection-sampling": f", seeds: {folder / 'asks.jsonl'}, options: {{answers: 2}}",
    }
    others = (
        f"  - {{generator: {name}, count: 2, budget: {{attempts: 2}}, sampling: {{max_tokens: 24}}{options.get(name, '')}}}\n"
        for name in OTHERS
    )
    (folder / "small.yaml").write_text(recipe.replace("OTHERS", "".join(others)))
    out = folder / "run"
    command = [LAB, "run", str(folder / "small.yaml"), "--out", str(out)]
    first = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=ROOT)
    _until(lambda: _effects(out) > 30, first)
    first.send_signal(signal.SIGKILL)
    first.wait()
    done = subprocess.run([*command, "--json"], capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.returncode == 0, done.stderr
    (folder / "stdout.json").write_text(done.stdout)
    return out


def _until(true: Any, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + 180
    while not true() and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.25)  # a look is a ledger opened and read


def _effects(out: Path) -> int:
    if not (out / "ledger.sqlite").exists():
        return 0
    # The file is there a moment before its tables.
    with contextlib.suppress(LedgerError), Ledger(out, readonly=True) as ledger:
        return len(list(ledger.effects()))
    return 0


def test_the_command_prints_one_json_object_with_the_figures_of_the_run(run: Path) -> None:
    figures = json.loads((run.parent / "stdout.json").read_text())
    assert {"accepted", "attempts", "rejected", "output_tokens", "seconds"} <= figures.keys()
    assert figures["attempts"] >= 10 * 4
    assert figures["accepted"] >= 5, "the default checkpoint solves about a quarter of the easy problems"


def test_every_step_is_done_and_the_checkpoints_are_compared_with_the_start(run: Path) -> None:
    with Ledger(run, readonly=True) as ledger:
        assert {name: step["state"] for name, step in ledger.steps().items()} == dict.fromkeys(
            (
                "run",
                "evaluate start",
                "generate 0: code/execution-feedback",
                "generate 1: code/rejection-sampling",
                *(f"generate {number}: {name}" for number, name in enumerate(OTHERS, 2)),
                "train sft",
                "evaluate sft",
                "train dpo",
                "evaluate dpo",
            ),
            "done",
        )
        claims = ledger.all(facts.CLAIM)
        names = [f"{pair}/python-problems-heldout-49-50" for pair in ("sft/start", "dpo/start", "dpo/sft")]
        assert sorted(claims) == sorted(names)
        assert all(claim["verdict"] and claim["sampled"] for claim in claims.values())
        losses = ledger.read(facts.TRAINING, "dpo")["metrics"]
        assert losses


def test_both_data_sets_load_with_datasets_and_every_row_has_a_complete_chain(run: Path, tmp_path: Path) -> None:
    from datasets import load_dataset

    with Ledger(run, readonly=True) as ledger:
        for name, columns in (("sft", {"messages"}), ("preference", {"prompt", "chosen", "rejected"})):
            # A cache of its own: another run's data under the same temporary name must not answer.
            rows = load_dataset(str(run / "data" / name), split="train", cache_dir=str(tmp_path))
            assert columns <= set(rows.column_names)
            assert len(rows) > 0
            ids = [row[column] for row in rows for column in ("row", "rejected_row") if column in row]
            for row_id in ids:
                found = chain(ledger, row_id)
                kinds = {link["kind"] for link in found["chain"]}
                assert "ask" in kinds
                if row_id.startswith("code/") and not row_id.startswith("code/backtranslation"):
                    assert "run" in kinds, row_id


def test_every_accepted_program_passes_its_tests_in_a_plain_interpreter_too(run: Path) -> None:
    with Ledger(run, readonly=True) as ledger:
        accepted = list(ledger.rows("code/rejection-sampling", Status.accepted))
    for row in accepted[:20]:
        program = f"{row.sample.code}\n{row.sample.tests}"
        subprocess.run([sys.executable, "-I", "-c", program], check=True, capture_output=True, timeout=20)


def test_a_run_that_is_done_says_so_and_does_nothing_again(run: Path) -> None:
    before = _effects(run)
    again = lab("run", str(run.parent / "small.yaml"), "--out", str(run))
    assert "done already" in again.stdout
    assert _effects(run) == before


def test_another_recipe_is_refused_in_the_same_run(run: Path) -> None:
    refused = lab("run", str(run.parent / "small.yaml"), "--out", str(run), "--set", "train.sft.lr=0.1", check=False)
    # A generation with other sampling may not be mixed into it either.
    other = lab("generate", "code/rejection-sampling", "--samples", "2", "--out", str(run), check=False)
    assert (refused.exit_code, other.exit_code) == (1, 1)
    assert "another recipe" in refused.stderr and "another recipe" in other.stderr


@pytest.mark.parametrize("generator", OTHERS)
def test_every_generator_of_the_catalog_ends_its_attempts_with_reasons(run: Path, generator: str) -> None:
    with Ledger(run, readonly=True) as ledger:
        rows = list(ledger.rows(generator))
        assert 1 <= len(rows) <= 4
        assert all(row.reason or row.status is Status.accepted for row in rows)
        assert all(ledger.effect(key) for row in rows for key in row.effects)


def test_why_tells_the_whole_story_of_a_row(run: Path) -> None:
    told = lab("why", str(run), "code/rejection-sampling#0").stdout
    for part in ("asked code/answer@", "[user]", "[answer]", "decision:"):
        assert part in told
    unknown = lab("why", str(run), "code/rejection-sampling#99999", check=False)
    assert (unknown.exit_code, "no row" in unknown.stderr) == (1, True)


def test_runs_lists_it_as_done(run: Path) -> None:
    listed = json.loads(lab("runs", str(run.parent), "--json").stdout)["runs"]
    assert [(entry["state"], entry["accepted"] > 0) for entry in listed] == [("done", True)]


def test_a_trained_checkpoint_is_a_plain_hugging_face_directory(run: Path) -> None:
    from checkpoints.directory import check, identity, same_architecture

    start, sft, dpo = (DEFAULT_DIR, run / "checkpoints" / "sft", run / "checkpoints" / "dpo")
    assert len({identity(check(path)) for path in (start, sft, dpo)}) == 3
    assert same_architecture(start, sft)
    assert same_architecture(start, dpo)
    assert list((run / "checkpoints" / "sft").rglob("events.out.tfevents*"))


def test_no_container_of_a_process_that_is_gone_is_left(run: Path) -> None:
    assert clean() == 0
