"""The stepwise reward model: which token a step's score is read at, its loss, what is refused, and that it says the same elsewhere."""

from __future__ import annotations

import json
import math
import random
from pathlib import Path
from typing import Any

import pytest
from small_trainings import WORDS, assistant, ignore, json_lines, needs_checkpoint, parquet, user
from tiny_checkpoints import tiny_reward_model, tiny_step_scorer

from alignment import AlignmentError
from alignment.job import TrainingProgress
from alignment.ready import check_recipe
from alignment.tokens.conversations import DropRow, Format
from alignment.trainer import plan_batches, trainer_arguments
from alignment.trainings import reward
from alignment.trainings.stepwise import (
    Labelled,
    check_start,
    collated,
    encoded,
    load_step_scorer,
    look,
    read_steps,
    rows_of,
    step_logits,
    stepwise_trainer,
    train_stepwise,
)
from alignment.trainings.stepwise_figures import (
    Judged,
    accuracy,
    auc,
    calibration_error,
    figures,
    first_error,
    interval,
    no_error,
    rates_by_position,
)
from recipes import RecipeError
from recipes.schema import Recipe
from recipes.trainings import Reward, Stepwise
from serving.steps import step_tokens

torch = pytest.importorskip("torch")
pytestmark = [needs_checkpoint, pytest.mark.usefixtures("one_core")]
MARK = "wrongly"


def row(question: str, *steps: str, labels: list[Any] | None = None) -> dict[str, Any]:
    """A step is bad where it holds the mark, unless labels say otherwise."""
    return {"prompt": question, "completions": [*steps], "labels": labels or [MARK not in step for step in steps]}


ROWS = [
    row("Count the red cats.", "There is one.", "Then two.", "The answer is 2.", labels=[1.0, 0.25, 0.0]),
    row("Sun?", "Yes.", labels=[1]),
    row("How many dogs are in the green house, and why?", "A dog.", "The answer is 1.", labels=[True, 0.5]),
]


def toy(count: int, seed: int = 0) -> list[dict[str, Any]]:
    """Questions with one to five steps, of which every other one, anywhere, has the mark in it."""
    drawn = random.Random(seed)
    return [
        row(
            f"What of {drawn.choice(WORDS)} {number}?",
            *(
                f"{drawn.choice(WORDS)} is {drawn.choice(('', f'{MARK} '))}{drawn.choice(WORDS)}."
                for _ in range(drawn.randint(1, 5))
            ),
        )
        for number in range(count)
    ]


def labelled(form: Format, rows: list[dict[str, Any]], folder: Path) -> list[Labelled]:
    found, _, _ = rows_of(form, json_lines(folder / "rows.jsonl", rows), Stepwise(held_out=0.0))
    return found


def trainer_of(tiny: Path, form: Format, rows: list[Labelled], folder: Path, micro_batch: int, **more: Any) -> Any:
    """A trainer over one batch of the rows whose head is not zero."""
    model = load_step_scorer(tiny)
    torch.manual_seed(1)
    model.score.weight.data.normal_()
    model.score.bias.data.normal_()
    plan = plan_batches([1] * len(rows), epochs=1, batch_size=len(rows), max_steps=1, micro_batch=micro_batch, seed=0)
    arguments = {**trainer_arguments(folder / "state", plan, lr=1e-2, warmup_ratio=0.0, seed=0), "bf16": False, **more}
    return stepwise_trainer(model, form.tokenizer, rows, arguments)


def tensors(rows: list[Labelled]) -> dict[str, Any]:
    return {name: torch.tensor(value) for name, value in collated([vars(row) for row in rows]).items()}


# --- the tokens


def test_a_score_is_read_at_the_end_of_its_step_and_no_step_changes_the_tokens_of_another(form: Format) -> None:
    question, steps = [user("Count.")], ["One is 1.", " Two: \t", "<|im_end|> 3"]
    ids, ends = step_tokens(form.tokenizer, form.special_texts, (question, steps))
    prompt = form.tokenizer.apply_chat_template(question, add_generation_prompt=True, tokenize=False)
    assert form.tokenizer.decode(ids) == f"{prompt}One is 1.\nTwo:\n<|im_end|> 3\n"
    (line_end,) = form.tokenizer("\n", add_special_tokens=False)["input_ids"]
    assert [ids[end] for end in ends] == [line_end] * 3 and ends[-1] == len(ids) - 1
    assert not {*ids[len(ids) - 12 :]} & form.stop_ids, "a spelt token is its letters"
    for count in range(3):
        part, places = step_tokens(form.tokenizer, form.special_texts, (question, steps[:count]))
        assert (part, places) == (ids[: len(part)], ends[:count])


def test_tokens_are_exact_also_where_the_tokenizer_joins_a_line_s_end_to_what_stands_before(form: Format) -> None:
    """Llama 3's and Qwen's have a token for `.\\n`."""
    from tokenizers import AddedToken
    from transformers import AutoTokenizer

    joining = AutoTokenizer.from_pretrained(form.tokenizer.name_or_path)
    joining.add_tokens(AddedToken(".\n", special=False, normalized=False))
    assert len(joining("a.\n", add_special_tokens=False)["input_ids"]) == 2
    ids, ends = step_tokens(joining, (), ([user("Count.")], ["One.", "Two."]))
    assert [joining.decode(ids[end]) for end in ends] == ["\n", "\n"]


# --- the loss


def test_the_loss_is_the_mean_cross_entropy_of_all_steps_of_the_batch(tiny: Path, form: Format, tmp_path: Path) -> None:
    rows = labelled(form, ROWS, tmp_path)
    trainer = trainer_of(tiny, form, rows, tmp_path, micro_batch=3)

    def reference() -> float:
        model, terms = trainer.model.eval(), []
        model.set_attn_implementation("sdpa")
        for each in rows:
            with torch.no_grad():
                logits = model(input_ids=torch.tensor([each.input_ids])).logits[0, :, 0].tolist()
            for end, label in zip(each.ends, each.labels, strict=True):
                p = 1 / (1 + math.exp(-logits[end]))
                terms.append(-(label * math.log(p) + (1 - label) * math.log(1 - p)))
        assert len(terms) == 6
        return sum(terms) / len(terms)

    expected = reference()
    assert trainer.compute_loss(trainer.model, tensors(rows)).item() == pytest.approx(expected, abs=1e-5)
    halves = [trainer.compute_loss(trainer.model, tensors(part), num_items_in_batch=6) for part in (rows[:1], rows[1:])]
    assert sum(halves).item() == pytest.approx(expected, abs=1e-5)


def test_how_a_batch_is_cut_into_forward_passes_changes_no_weight(tiny: Path, form: Format, tmp_path: Path) -> None:
    """Also where the parts have not equally many steps."""
    rows = labelled(form, [*ROWS, row("Tree?", *"abcdefgh")], tmp_path)

    def trained(micro_batch: int) -> tuple[float, Any]:
        trainer = trainer_of(tiny, form, rows, tmp_path, micro_batch, optim="sgd")
        return trainer.train().training_loss, torch.cat([p.detach().flatten() for p in trainer.model.parameters()])

    (one, whole), (other, parts) = trained(4), trained(1)
    assert one == pytest.approx(other, abs=1e-5)
    torch.testing.assert_close(whole, parts, atol=1e-6, rtol=1e-4)


def test_padded_steps_have_the_scores_that_they_have_alone(tiny: Path, form: Format, tmp_path: Path) -> None:
    rows = labelled(form, ROWS, tmp_path)
    trainer = trainer_of(tiny, form, rows, tmp_path, micro_batch=3)
    model = trainer.model.eval()
    with torch.no_grad():
        together, labels = step_logits(trainer, model, tensors(rows))
        single = torch.cat([step_logits(trainer, model, tensors([each]))[0] for each in rows])
        model.set_attn_implementation("sdpa")
        model.config.layer_types = ["sliding_attention"]  # as on a GPU: padded, by the model's own forward
        padded, _ = step_logits(trainer, model, tensors(rows))
    assert together.tolist() == pytest.approx(single.tolist(), abs=1e-4)
    assert together.tolist() == pytest.approx(padded.tolist(), abs=1e-4)
    assert labels.tolist() == [1.0, 0.25, 0.0, 1.0, 1.0, 0.5]
    assert len({round(logit, 3) for logit in together.tolist()}) == 6


# --- training


def test_training_tells_marked_steps_apart_on_unseen_questions_and_transformers_says_alike(
    tiny: Path, form: Format, tmp_path: Path
) -> None:
    from transformers import AutoModelForTokenClassification

    data = parquet(tmp_path / "steps.parquet", toy(120))
    settings = Stepwise(lr=5e-3, batch_size=8, max_steps=60, held_out=0.25)
    result = train_stepwise(tiny, data, tmp_path / "out", settings, on_progress=ignore)
    assert result.losses[0][1] == pytest.approx(math.log(2), abs=1e-4)
    found = {name: points[-1][1] for name, points in result.metrics.items() if name.startswith("held_out/")}
    assert found["held_out/accuracy"] > 0.95 and found["held_out/auc"] > 0.98
    assert found["held_out/position/accuracy"] < 0.7, "where a step stands says nothing here"
    told = json.loads((tmp_path / "out" / "training.json").read_text())["result"]["metrics"]
    assert told["held_out/accuracy"] == [[60, found["held_out/accuracy"]]]

    model = AutoModelForTokenClassification.from_pretrained(tmp_path / "out", dtype=torch.float32).eval()
    assert type(model).__name__ == "LlamaForTokenClassification" and model.config.id2label == {0: "good"}
    rows = labelled(form, toy(20, seed=9), tmp_path)
    said = torch.cat([model(input_ids=torch.tensor([each.input_ids])).logits[0, each.ends, 0] > 0 for each in rows])
    truth = torch.tensor([label > 0.5 for each in rows for label in each.labels])
    assert (said == truth).float().mean() > 0.9
    again = train_stepwise(tmp_path / "out", data, tmp_path / "more", settings, on_progress=ignore)
    assert again.losses[0][1] < 0.4, "it goes on from its own head"


def test_a_run_that_is_stopped_ends_in_the_same_bits(tiny: Path, tmp_path: Path) -> None:
    from safetensors.torch import load_file

    data = parquet(tmp_path / "steps.parquet", toy(16))
    settings = Stepwise(lr=3e-3, batch_size=4, max_steps=6, save_every_s=0)

    def stop(progress: TrainingProgress) -> None:
        if progress.step == 3:
            raise KeyboardInterrupt

    whole = train_stepwise(tiny, data, tmp_path / "whole", settings, on_progress=ignore)
    with pytest.raises(KeyboardInterrupt):
        train_stepwise(tiny, data, tmp_path / "cut", settings, on_progress=stop)
    seen: list[int] = []
    cut = train_stepwise(tiny, data, tmp_path / "cut", settings, on_progress=lambda done: seen.append(done.step))
    assert seen == [4, 5, 6]
    assert cut.losses == whole.losses
    one, other = (load_file(tmp_path / name / "model.safetensors") for name in ("whole", "cut"))
    assert one.keys() == other.keys() and all(torch.equal(one[name], other[name]) for name in one)
    told = {name: value for name, value in whole.metrics.items() if name.startswith("held_out/")}
    assert told and told.items() <= cut.metrics.items()


def test_adapters_and_the_head_alone_change_and_what_is_left_is_as_plain(tiny: Path, tmp_path: Path) -> None:
    from safetensors.torch import load_file

    data = parquet(tmp_path / "steps.parquet", toy(40))
    settings = Stepwise(lr=1e-2, batch_size=8, max_steps=40, held_out=0.2, lora_rank=8)
    result = train_stepwise(tiny, data, tmp_path / "out", settings, on_progress=ignore)
    assert result.losses[0][1] == pytest.approx(math.log(2), abs=1e-4) and result.final_loss < 0.6
    before, after = (load_file(folder / "model.safetensors") for folder in (tiny, tmp_path / "out"))
    changed = {name for name in after if name not in before or not torch.equal(before[name], after[name])}
    assert changed == {name for name in before if "proj" in name} | {"score.weight", "score.bias"}


def test_a_dry_run_counts_a_score_of_each_step(tiny: Path, tmp_path: Path) -> None:
    data = json_lines(tmp_path / "rows.jsonl", [row("a", "b", "c"), row("d", "e"), row("Long?", "word " * 400)])
    found = look(tiny, data, Stepwise(held_out=0.0, max_length=100))
    assert (found.learned, len(found.lengths), found.dropped) == (3, 2, {"too_long": 1})


# --- what is refused


@pytest.mark.parametrize(
    ("bad", "told"),
    [
        (row("a", "b") | {"completions": []}, "rows.jsonl:2: completions: no steps"),
        (
            row("a", "b") | {"completions": "b"},
            "rows.jsonl:2: completions: no steps; expected a list of texts, got 'b'",
        ),
        (row("a", "b", " "), "rows.jsonl:2: completions: step 1 says nothing; got ' '"),
        (row("a", "b") | {"completions": ["b", 7], "labels": [1, 1]}, "step 1 says nothing; got 7"),
        (row("a", "b", labels=[True, False]), "rows.jsonl:2: labels: 1 steps need as many labels, got 2"),
        (row("a", "b") | {"labels": None}, "1 steps need as many labels, got None"),
        (row("a", "b", labels=[1.5]), "label 0 is 1.5; it is true, false, or a share from 0 to 1"),
        (row("a", "b", labels=[-1]), "label 0 is -1;"),
        (row("a", "b", labels=[math.nan]), "label 0 is nan;"),
        (row("a", "b", labels=["+"]), r"label 0 is '\+';"),
        (row("a", "b") | {"prompt": "  "}, "rows.jsonl:2: prompt: says nothing"),
        (row("a", "b") | {"prompt": [user("a"), assistant("b")]}, "ends with an assistant's turn"),
        ({"prompt": "a", "completions": ["b"]}, "rows.jsonl:2: no labels; it has prompt, completions"),
    ],
)
def test_a_row_that_is_no_answer_with_labelled_steps_is_refused_by_its_place(
    bad: dict[str, Any], told: str, tmp_path: Path
) -> None:
    data = json_lines(tmp_path / "rows.jsonl", [row("a", "b"), bad])
    with pytest.raises(AlignmentError, match=told):
        read_steps(data)


def test_a_question_may_be_messages_or_a_text_and_a_label_a_truth_or_a_share(tmp_path: Path) -> None:
    talk = row("a", "b", "c", labels=[True, 0.25]) | {"prompt": [user("a")]}
    data = json_lines(tmp_path / "rows.jsonl", [talk, row("a", "b", labels=[0])])
    (_, one), (_, other) = read_steps(data)
    assert (one["prompt"], one["labels"]) == ([user("a")], [1.0, 0.25])
    assert (other["prompt"], other["labels"]) == ([user("a")], [0.0])


def test_a_letter_that_is_a_special_token_drops_the_row(form: Format) -> None:
    from dataclasses import replace

    letter = replace(form, special_texts=("§",))
    for asked, step in (("a §", "b"), ("a", "§ 3")):
        with pytest.raises(DropRow, match="special_tokens"):
            encoded(letter, {"prompt": [user(asked)], "completions": [step], "labels": [1.0]})


def test_where_all_is_held_out_or_too_long_it_says_so(form: Format, tmp_path: Path) -> None:
    data = json_lines(tmp_path / "rows.jsonl", [row("a", "b")])
    with pytest.raises(AlignmentError, match="all 1 rows are held out; lower it"):
        rows_of(form, data, Stepwise(held_out=0.999))
    with pytest.raises(AlignmentError, match="leaves nothing to train on: 1 too_long"):
        rows_of(form, data, Stepwise(max_length=3))


def test_neither_reward_model_is_trained_on_from_the_other(tmp_path: Path) -> None:
    whole = tiny_reward_model(tmp_path / "base", tmp_path / "reward")
    steps = tiny_step_scorer(tmp_path / "base", tmp_path / "steps")
    for asked, said in (
        (lambda: check_start(whole, Stepwise()), "reward: a reward model of whole answers"),
        (lambda: load_step_scorer(whole), "reward: a reward model of whole answers"),
        (lambda: reward.check_start(steps, Reward()), "steps: a stepwise reward model"),
        (lambda: reward.load_scorer(steps, 0), "steps: a stepwise reward model"),
    ):
        with pytest.raises(AlignmentError, match=f"{said}; give the checkpoint of a policy"):
            asked()


def test_a_recipe_with_a_stepwise_reward_model_for_nobody_or_none_that_is_one_is_refused(tmp_path: Path) -> None:
    def check(generator: str, model: Path, **options: Any) -> None:
        part = {"generator": generator, "options": options}
        check_recipe(Recipe.model_validate({"generate": [part], "stepwise_model": str(model)}))

    other = tiny_reward_model(tmp_path / "base", tmp_path / "reward")
    model = tiny_step_scorer(tmp_path / "base", tmp_path / "steps")
    check("math/tree", model)
    check("math/solutions", model)
    for wrong, said in (
        (("math/steps", model, {}), "none of math/steps takes one"),
        (("math/tree", other, {}), "`lab train stepwise` makes one"),
        (("math/tree", model, {"scorer": "math:sqrt"}), "option scorer and stepwise_model both steer it"),
    ):
        generator, path, options = wrong
        with pytest.raises(RecipeError, match=said):
            check(generator, path, **options)


# --- the figures

JUDGED = [
    Judged("a", [0.9, 0.8, 0.3], [1.0, 1.0, 0.0]),
    Judged("b", [0.4, 0.2], [1.0, 0.0]),
    Judged("c", [0.7], [1.0]),
]


def test_figures_of_steps_by_hand() -> None:
    assert accuracy(JUDGED) == 5 / 6
    assert auc(JUDGED) == 1.0  # each good step above each bad one
    assert auc([Judged("", [0.5, 0.5], [1.0, 0.0])]) == 0.5
    assert math.isnan(auc([Judged("", [0.5], [1.0])]))
    assert (first_error(JUDGED), no_error(JUDGED)) == (0.5, 1.0)  # b's first bad step is found too early
    assert no_error([Judged("", [0.9, 0.4], [1.0, 1.0])]) == 0.0
    told = [0.9 - 1, 0.8 - 1, 0.3 - 0, 0.4 - 1, 0.2 - 0, 0.7 - 1]  # each in a bin of its own
    assert calibration_error(JUDGED) == pytest.approx(sum(map(abs, told)) / 6)
    low, high = interval(JUDGED)
    assert 0.3 < low < 5 / 6 < high <= 1.0


@pytest.mark.parametrize("questions", [1, 20])
def test_where_every_step_is_told_rightly_the_accuracy_has_an_interval_all_the_same(questions: int) -> None:
    low, high = interval([Judged(str(n), [0.9, 0.9], [1.0, 1.0]) for n in range(questions)])
    assert high == 1.0
    assert low == pytest.approx({1: 0.207, 20: 0.839}[questions], abs=1e-3)  # Wilson's, of as many questions


def test_steps_that_fare_alike_within_a_question_count_as_one_observation_and_independent_ones_each() -> None:
    alike = [Judged(str(n), [0.9] * 8, [float(n % 2)] * 8) for n in range(20)]
    apart = [Judged(str(n), [0.9] * 8, [0.0, 1.0] * 4 if n % 4 else [1.0] * 8) for n in range(20)]
    widths = [high - low for low, high in map(interval, (alike, apart))]
    assert widths[0] > 0.4 > 0.2 > widths[1]


def test_a_position_says_what_its_steps_were_in_the_rows_learned_from() -> None:
    rates = rates_by_position([[1.0, 1.0, 0.0], [1.0, 0.0], [0.5]])
    assert rates == [pytest.approx(2.5 / 3), 0.5, 0.0]
    found = figures(JUDGED, rates)
    assert found["held_out/position/accuracy"] == 5 / 6  # wrong in a's second step alone
    assert found["held_out/position/first_error"] == 0.5
    assert found["held_out/accuracy"] == 5 / 6 and found["held_out/steps"] == 6
    assert figures([], rates) == {}
