"""Studies from text to result: durable runs, the scaling study, the mix search, and their commands."""

import itertools
import json
import os
import random
import signal
import subprocess
import sys
import time
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from commands.pretrain import studies as pretrain_studies
from commands.shape import Commands
from pretrain.data.loader import Loader, Source
from pretrain.errors import PretrainError
from pretrain.model import parameter_count
from pretrain.studies import scaling
from pretrain.studies.mix_search import fit_mixing_law, proposals, search_mixes
from pretrain.studies.scaling import Shapes, Study, budgets, ladder, run_study
from pretrain.studies.small_runs import Evaluation, Finished, SmallRun, _model, batches, fingerprint, run_all, run_flops
from pretrain.studies.sources import parse, ready
from pretrain.training.schedules import learning_rate

TOY = Study(
    flops=1e9, sizes=4, tokens_per_parameter=3, spread=4, batch_tokens=512, sequence_length=32, evaluation_tokens=4096
)
WORDS = [f"{a}{b}" for a in ("ba", "do", "ki", "lu", "me", "no", "ra", "su") for b in ("n", "l", "r", "sh", "t", "m")]


def sentence(rng: random.Random, words: list[str]) -> str:
    """Words that mostly depend on the one before, so that there is something to learn."""
    at, out = rng.randrange(len(words)), []
    for _ in range(80):
        at = (at * 7 + rng.choice((1, 1, 1, 2, 5))) % len(words)
        out.append(words[at])
    return " ".join(out)


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> tuple[Source, ...]:
    root = tmp_path_factory.mktemp("studies")
    rng = random.Random(1)
    for name, words in (("one", WORDS[:24]), ("two", WORDS[24:])):
        (root / name).mkdir()
        for i in range(200):
            (root / name / f"{i:03d}.txt").write_text(sentence(rng, words))
    return ready([parse(f"{root / 'one'}@0.9"), parse(f"{root / 'two'}@0.1")], root, held_out=0.1, vocabulary_size=300)


def toy_run(sources: tuple[Source, ...], name: str, tokens: int = 4096, **changes: object) -> SmallRun:
    shapes = Shapes(ladder(300, 32), TOY, sources)
    run = shapes.run(1e9, shapes.configs[0])
    training = replace(run.training, tokens=tokens, warmup_tokens=0)
    return replace(run, name=name, training=training, **changes)


def store(run: SmallRun, folder: Path, shift: float = 0.0) -> None:
    """The result of a run in a world whose losses follow a known law, as `run_one` would have stored it."""
    parameters = parameter_count(run.model)
    flops = run_flops(run, run.model)
    loss = 1.7 + 30 * parameters**-0.34 + 200 * run.training.tokens**-0.4 + shift
    finished = Finished(run.name, {"held-out": loss}, parameters, run.training.tokens, flops, loss, 1.0, 1.0, 0.1)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{run.name}.json").write_text(json.dumps({"run": fingerprint(run), **asdict(finished)}))


def test_a_study_predicts_the_larger_run_from_the_stored_small_ones(sources, tmp_path, monkeypatch):
    monkeypatch.setattr(scaling, "RESAMPLES", 20)
    study = Study(flops=3e11, spread=3)
    shapes = Shapes(ladder(300, study.sequence_length), study, sources)
    for budget in [*budgets(study), 4 * budgets(study)[-1]]:
        for config in shapes.configs:
            store(shapes.run(budget, config), tmp_path / "runs", shift=(config.hidden_size % 5 - 2) * 5e-4)
            store(shapes.run(budget, config, "predicted"), tmp_path / "runs", shift=0.01)
    said: list[str] = []
    result = run_study(study, sources, tmp_path, say=said.append)
    assert sum(curve.bracketed for curve in result.curves) >= 3 and {run.budget for run in result.runs} == set(
        budgets(study)
    )
    assert result.tokens_law.exponent == pytest.approx(0.34 / 0.74, abs=0.1)
    low, high = result.tokens_law.exponent_interval
    assert low < result.tokens_law.exponent < high
    assert result.target.flops == pytest.approx(4 * max(budgets(study)), rel=0.01)
    assert result.error == pytest.approx(result.prediction.loss / result.target.loss - 1) and abs(result.error) < 0.03
    assert any("predicted by the" in text for text in said)
    assert json.loads((tmp_path / "scaling.json").read_text())["error"] == result.error
    assert json.loads((tmp_path / "prediction.json").read_text())["loss"] == result.prediction.loss
    assert (tmp_path / "scaling.svg").read_text().startswith("<svg")
    assert result.prediction.loss not in [run.loss for run in result.runs]
    with pytest.raises(PretrainError, match="made with other options"):
        run_study(replace(study, lr=0.02), sources, tmp_path)


def test_a_budget_without_room_for_the_least_number_of_steps_is_refused_before_a_run(sources, tmp_path):
    with pytest.raises(PretrainError, match=r"is less than 8 steps of 65,536 tokens at width .* raise flops, or lower"):
        run_study(Study(flops=3e10, batch_tokens=65_536), sources, tmp_path)
    assert not (tmp_path / "runs").exists()


def test_small_models_begin_at_half_the_widths_own_deviation(sources):
    run = toy_run(sources, "one")
    deviation = _model(run).embedding.weight.detach().std()
    assert float(deviation) == pytest.approx(0.5 * run.model.hidden_size**-0.5, rel=0.05)


def test_a_run_that_was_broken_off_with_other_options_is_refused_and_not_gone_on_with(sources, tmp_path, monkeypatch):
    run = toy_run(sources, "one", tokens=8192)
    with monkeypatch.context() as patch:
        patch.setattr("pretrain.training.trainer.held_out_loss", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            run_all([run], tmp_path, processes=0)
    other = replace(run, training=replace(run.training, lr=run.training.lr / 2))
    with pytest.raises(PretrainError, match=r"one/state was made with other options.* choose another --out"):
        run_all([other], tmp_path, processes=0)
    assert run_all([run], tmp_path, processes=0)[0].losses


def test_a_tokenizer_trained_for_another_vocabulary_is_refused(sources, tmp_path):
    (tmp_path / "text").mkdir()
    (tmp_path / "text" / "a.txt").write_text("to be or not to be " * 50)
    given = [parse(str(tmp_path / "text"))]
    for _ in range(2):
        ready(given, tmp_path / "out", held_out=0.1, vocabulary_size=300)
    with pytest.raises(PretrainError, match=r"trained for a vocabulary of 300, not 400; choose another --out"):
        ready(given, tmp_path / "out", held_out=0.1, vocabulary_size=400)


def test_without_held_out_documents_nothing_is_trained(sources, tmp_path):
    whole = tuple(replace(source, held_out=0.0) for source in sources)
    run = toy_run(sources, "one")
    run = replace(run, sources=whole, evaluations=(Evaluation("held-out", whole),))
    with pytest.raises(PretrainError, match=r"no document is held out.* give held_out a share above 0"):
        run_all([run], tmp_path, processes=0)
    assert not (tmp_path / "one").exists()


def test_a_run_judged_again_from_another_stage_is_refused_and_from_the_same_one_keeps_its_rate(tmp_path, monkeypatch):
    def export(run: Path, stage: str, out: Path, dtype: str) -> None:
        out.mkdir(parents=True)
        (out / "config.json").write_text("{}")

    monkeypatch.setattr("pretrain.run.export.export_state", export)
    run, out = tmp_path / "run", tmp_path / "out"
    run.mkdir()
    metrics = run / "metrics.jsonl"
    metrics.write_text('{"stage": "initial", "lr": 0.5}\n')
    assert pretrain_studies._half_trained(run, "", out) == (out / "checkpoint", 0.5)
    metrics.write_text(metrics.read_text() + '{"stage": "annealing", "lr": 0.25}\n')
    assert pretrain_studies._half_trained(run, "", out) == (out / "checkpoint", 0.5)
    with pytest.raises(PretrainError, match=r"was taken from .*run, stage the last begun; choose another --out"):
        pretrain_studies._half_trained(run, "annealing", out)


def test_a_budget_whose_best_size_is_at_its_end_gets_further_sizes(sources, tmp_path, monkeypatch):
    monkeypatch.setattr(scaling, "RESAMPLES", 20)
    study = Study(flops=3e11, sizes=4, spread=1.6, tokens_per_parameter=12)
    shapes = Shapes(ladder(300, study.sequence_length), study, sources)
    for budget in [*budgets(study), 4 * budgets(study)[-1]]:
        for config in shapes.configs:
            store(shapes.run(budget, config), tmp_path / "runs")
            store(shapes.run(budget, config, "predicted"), tmp_path / "runs")
    result = run_study(study, sources, tmp_path)
    counts = [sum(run.budget == budget for run in result.runs) for budget in budgets(study)]
    assert max(counts) > 4 and min(counts) >= 4


def test_a_killed_study_leaves_no_worker_and_goes_on_with_the_runs_it_has(sources, tmp_path):
    runs = [toy_run(sources, f"run-{i}", tokens=(4 - i) * 12_288, seed=i) for i in range(3)]
    expected = run_all(runs[2:], tmp_path / "alone", processes=0)
    code = (
        "import pickle, sys; from pathlib import Path; from pretrain.studies.small_runs import run_all\n"
        "if __name__ == '__main__': run_all(pickle.load(open(sys.argv[1], 'rb')), Path(sys.argv[2]), processes=1)"
    )
    (tmp_path / "study.py").write_text(code)
    import pickle

    (tmp_path / "runs.pickle").write_bytes(pickle.dumps(runs))
    folder = tmp_path / "runs"
    environment = {**os.environ, "PYTHONPATH": str(Path.cwd()), "OMP_NUM_THREADS": "1"}
    study = subprocess.Popen(
        [sys.executable, str(tmp_path / "study.py"), str(tmp_path / "runs.pickle"), str(folder)], env=environment
    )
    deadline = time.monotonic() + 120
    while not (folder / "run-1").exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    workers = children(study.pid)
    study.send_signal(signal.SIGKILL)
    study.wait()
    while any(alive(pid) for pid in workers) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert workers and not any(alive(pid) for pid in workers)
    first = (folder / "run-0.json").stat().st_mtime_ns
    results = run_all(runs, folder, processes=0)
    assert [result.name for result in results] == ["run-0", "run-1", "run-2"]
    assert (folder / "run-0.json").stat().st_mtime_ns == first
    assert results[2].losses == expected[0].losses
    assert not [path for path in folder.iterdir() if path.is_dir()]


def children(pid: int) -> list[int]:
    tasks = Path(f"/proc/{pid}/task")
    return [int(child) for task in tasks.iterdir() for child in (task / "children").read_text().split()]


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def test_held_out_documents_are_never_trained_on(sources):
    evaluation = batches(Evaluation("held-out", sources, tokens=8192), 32)
    held = {tuple(piece) for batch in evaluation for piece in batch.tokens.view(-1, 32).tolist()}
    loader = Loader(sources, sequence_length=32, rows=16, seed=3)
    seen: set[tuple[int, ...]] = set()
    while max(loader.epochs().values()) < 1.5:
        seen |= {tuple(row) for row in loader.batch().tokens.view(-1, 32).tolist()}
    assert not held & seen
    assert batches(Evaluation("held-out", sources, tokens=8192), 32)[0].tokens.equal(evaluation[0].tokens)


def test_the_ladder_climbs_and_a_budgets_sizes_surround_its_middle(sources):
    configs = ladder(1024, 128)
    counts = [parameter_count(config) for config in configs[:24]]
    assert counts == sorted(set(counts)) and max(b / a for a, b in itertools.pairwise(counts)) < 2
    study = Study(flops=1e12)
    shapes = Shapes(configs, study, sources)
    for budget in budgets(study):
        chosen = [shapes.run(budget, config) for config in shapes.around(budget)]
        ratios = [run.training.tokens / parameter_count(run.model) for run in chosen]
        assert len(chosen) == 5 and ratios == sorted(ratios, reverse=True)
        assert ratios[0] > 30 > ratios[-1]
        for run in chosen:
            last = learning_rate(run.training, run.training.tokens - 512, run.training.tokens)
            assert last == pytest.approx(0.01 * run.training.lr)
            assert run.training.lr * run.model.hidden_size == pytest.approx(0.012 * 64)


def test_a_mixing_law_is_found_again_and_its_least_is_inside():
    rng = np.random.default_rng(0)
    weights = proposals(3, 14, seed=0)
    truth = lambda w: 1.5 + np.exp(np.asarray(w) @ np.array([0.2, 0.9, -0.7]))  # noqa: E731
    law = fit_mixing_law(weights, [float(truth(w)) + 1e-4 * rng.standard_normal() for w in weights])
    fresh = np.array(proposals(3, 50, seed=1))
    assert law(fresh) == pytest.approx(truth(fresh), abs=0.01)
    assert fresh.sum(axis=1) == pytest.approx(np.ones(50))


def test_the_mix_search_moves_weight_to_a_source_that_is_short_of_it(sources, tmp_path):
    study = replace(TOY, flops=4e9)
    found = search_mixes(study, sources, [], tmp_path, candidates=6, processes=0)
    assert found.given.weights == pytest.approx({"one": 0.9, "two": 0.1})
    assert 0.3 < found.best.weights["two"] < 0.7
    assert found.best.loss < found.given.loss
    assert found.best.loss == min(mix.loss for mix in (found.proposed, *found.candidates))
    assert len(found.candidates) == 6 and (tmp_path / "mixes.json").exists()
    with pytest.raises(PretrainError, match="at least two"):
        search_mixes(study, sources[:1], [], tmp_path)
    with pytest.raises(PretrainError, match="make at least 4"):
        search_mixes(study, sources, [], tmp_path, candidates=3)


@pytest.mark.parametrize(
    ("text", "name", "path", "weight"),
    [
        ("{}", None, "{}", 1.0),
        ("{}@0.3", None, "{}", 0.3),
        ("web={}", "web", "{}", 1.0),
        ("web={}@2", "web", "{}", 2.0),
        ("web=hf:owner/set@0.5", "web", "hf:owner/set", 0.5),
        ("web=hf:owner/set@english", "web", "hf:owner/set@english", 1.0),
        ("web=hf:owner/set@english@2", "web", "hf:owner/set@english", 2.0),
        ("library=python:*.py@0.2", "library", "python:*.py", 0.2),
        ("far=needles:python:*.py#650", "far", "needles:python:*.py#650", 1.0),
    ],
)
def test_a_source_is_read_from_one_argument(tmp_path, text, name, path, weight):
    given = parse(text.format(tmp_path))
    assert (given.name, given.path, given.weight) == (name or tmp_path.name, path.format(tmp_path), weight)


@pytest.mark.parametrize(
    ("text", "mend"), [("{}@much", "must be a number"), ("{}/none", "no such"), ("{}@-1", "negative")]
)
def test_a_source_that_cannot_be_read_says_why(tmp_path, text, mend):
    with pytest.raises(PretrainError, match=mend):
        parse(text.format(tmp_path))


def test_the_commands_fail_with_one_line_that_says_what_to_change(tmp_path):
    app = Commands()
    pretrain_studies.add(app)
    for arguments, words in (
        (["scaling", "--source", f"{tmp_path}/none", "--out", f"{tmp_path}/out"], "no such file or folder"),
        (["scaling", "--source", f"{tmp_path}", "--out", f"{tmp_path}/out", "--budgets", "3"], "at least 4"),
        (
            ["judge", f"{tmp_path}", "--checkpoint", f"{tmp_path}", "--mix", f"mix={tmp_path}", "--evaluate", f"{tmp_path}",
             "--out", f"{tmp_path}/out"],
            "no state of a pre-training",
        ),
    ):  # fmt: skip
        result = CliRunner().invoke(app, arguments)
        assert result.exit_code == 1 and words in result.stderr and "Traceback" not in result.stderr
