"""The reward model: its loss, that no answer sees another, what is held out, and that its checkpoint says the same elsewhere."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pytest
from small_trainings import WORDS, assistant, ignore, needs_checkpoint, parquet, user

from alignment import AlignmentError
from alignment.tokens.conversations import DropRow, Format, encode
from alignment.trainer import plan_batches, trainer_arguments
from alignment.trainings.reward import (
    bradley_terry,
    category,
    check_starts_at_ln2,
    collated,
    is_held_out,
    load_scorer,
    padding_of,
    ranked,
    reward_trainer,
    scores_of,
    train_reward,
)
from alignment.trainings.reward_figures import Judged, calibration_error, figures
from recipes.trainings import Reward

torch = pytest.importorskip("torch")
pytestmark = [needs_checkpoint, pytest.mark.usefixtures("one_core")]


def row(word: str, *answers: str) -> dict[str, Any]:
    names = ("chosen", "rejected") if len(answers) == 2 else ("edited", "chosen", "rejected")
    return {
        "prompt": [user(f"Say {word}.")],
        **{name: [assistant(said)] for name, said in zip(names, answers, strict=True)},
    }


ROWS = [
    row("yes", "yes, of course", "no"),
    row("tree", "a tree", "I would rather not", "what"),
    row("sun", "the sun shines", "moon"),
]


@pytest.fixture
def scorer(tiny: Path, form: Format, tmp_path: Path) -> Any:
    """A trainer over ROWS whose head is not zero."""
    pad_id = padding_of(form)
    model = load_scorer(tiny, pad_id).eval()
    torch.manual_seed(1)
    model.score.weight.data.normal_()
    rows = [ranked(form, each, 0.95) for each in ROWS]
    plan = plan_batches([1] * 3, epochs=1, batch_size=3, max_steps=-1, micro_batch=3, seed=0)
    arguments = {**trainer_arguments(tmp_path, plan, lr=1e-3, warmup_ratio=0.0, seed=0), "bf16": False}
    return reward_trainer(model, form.tokenizer, rows, arguments, pad_id)


def batch(rows: list[list[list[int]]], pad_id: int) -> dict[str, Any]:
    """Answers in the order given, each worse than the one before."""
    given = collated([{"answers": answers, "ranks": range(len(answers))} for answers in rows], pad_id)
    return {name: torch.tensor(value) for name, value in given.items()}


def test_the_loss_of_three_answers_is_the_mean_over_their_pairs_and_every_row_counts_alike() -> None:
    scores, rows, ranks = [0.5, -1.0, 2.0, 0.25, 1.5], [0, 0, 1, 1, 1], [1, 0, 2, 0, 1]

    def reference() -> float:
        of_rows = []
        for number in sorted(set(rows)):
            lines = sorted((rank, score) for score, own, rank in zip(scores, rows, ranks, strict=True) if own == number)
            ordered = [score for _, score in lines]
            terms = [
                math.log(1 + math.exp(ordered[worse] - ordered[better]))
                for better in range(len(ordered))
                for worse in range(better + 1, len(ordered))
            ]
            of_rows.append(sum(terms) / len(terms))
        return sum(of_rows) / len(of_rows)

    loss, margins = bradley_terry(torch.tensor(scores), torch.tensor(rows), torch.tensor(ranks))
    assert loss.item() == pytest.approx(reference(), abs=1e-6)
    assert sorted(margins.tolist()) == pytest.approx(sorted([-1.5, -1.25, -1.75, -0.5]))


def test_the_loss_of_two_answers_is_that_of_trl(scorer: Any, form: Format, tmp_path: Path) -> None:
    from trl.trainer.reward_config import RewardConfig
    from trl.trainer.reward_trainer import RewardTrainer

    pad_id = padding_of(form)
    pairs = [[answer.input_ids for answer in ranked(form, each, 0.95)] for each in (ROWS[0], ROWS[2])]
    form.tokenizer.pad_token, before = form.tokenizer.convert_ids_to_tokens(pad_id), form.tokenizer.pad_token
    try:
        theirs = RewardTrainer(
            model=scorer.model,
            args=RewardConfig(str(tmp_path), use_cpu=True, bf16=False, report_to="none", max_length=None),
            train_dataset=ignore_rows(pairs),
            processing_class=form.tokenizer,
        )
        inputs = theirs.data_collator([{"chosen_ids": one, "rejected_ids": other} for one, other in pairs])
        expected = theirs.compute_loss(scorer.model, inputs).item()
    finally:
        form.tokenizer.pad_token = before
    ours = scorer.compute_loss(scorer.model, batch(pairs, pad_id)).item()
    assert ours == pytest.approx(expected, abs=1e-5)


def ignore_rows(pairs: list[list[list[int]]]) -> Any:
    from datasets import Dataset

    return Dataset.from_list([{"chosen_ids": one, "rejected_ids": other} for one, other in pairs])


def test_a_packed_row_gives_each_answer_the_score_that_it_has_alone(scorer: Any, form: Format) -> None:
    pad_id = padding_of(form)
    rows = [[answer.input_ids for answer in ranked(form, each, 0.95)] for each in ROWS]
    with torch.no_grad():
        together = scores_of(scorer, scorer.model, batch(rows, pad_id)).tolist()
        scorer.model.set_attn_implementation("sdpa")
        alone = [
            scorer.model(input_ids=torch.tensor([ids]), attention_mask=torch.ones(1, len(ids), dtype=torch.long))
            for ids in (ids for answers in rows for ids in answers)
        ]
    assert together == pytest.approx([out.logits.item() for out in alone], abs=1e-4)
    assert len({round(score, 3) for score in together}) == len(together)


def test_no_answer_sees_another(scorer: Any, form: Format) -> None:
    pad_id = padding_of(form)
    answers = [answer.input_ids for answer in ranked(form, ROWS[1], 0.95)]
    other = ranked(form, row("tree", "something else that is longer", "I would rather not", "what"), 0.95)[0].input_ids
    with torch.no_grad():
        before = scores_of(scorer, scorer.model, batch([answers], pad_id)).tolist()
        after = scores_of(scorer, scorer.model, batch([[other, *answers[1:]]], pad_id)).tolist()
    assert after[1:] == pytest.approx(before[1:], abs=1e-5)
    assert abs(after[0] - before[0]) > 1e-3


def test_answers_lie_in_an_order_that_says_nothing_and_keep_their_ranks(scorer: Any, form: Format) -> None:
    stored = scorer.train_dataset
    assert {tuple(each["ranks"]) for each in stored} != {tuple(range(len(each["ranks"]))) for each in stored}
    for each, given in zip(stored, ROWS, strict=True):
        best_first = [answer.input_ids for answer in ranked(form, given, 0.95)]
        assert [best_first[rank] for rank in each["ranks"]] == each["answers"]


def test_padding_is_no_token_that_ends_an_answer(form: Format) -> None:
    assert form.tokenizer.pad_token_id in form.stop_ids
    assert padding_of(form) not in form.stop_ids


@pytest.mark.parametrize(
    ("answers", "reason"), [(("a b", "a b"), "identical"), (("a b " * 40 + "c", "a b " * 40 + "d"), "similar")]
)
def test_answers_that_teach_nothing_are_dropped(form: Format, answers: tuple[str, str], reason: str) -> None:
    with pytest.raises(DropRow, match=reason):
        ranked(form, row("a", *answers), 0.95)


def test_similarity_is_exact_also_where_little_is_enough(form: Format) -> None:
    """The same words in another order have all tokens in common, and few in order."""
    one, other = "a b c d e f g h", "h g f e d c b a"
    with pytest.raises(DropRow, match="similar"):
        ranked(form, row("a", one, other), 0.1)
    assert len(ranked(form, row("a", one, other), 0.9)) == 2


def test_an_edited_answer_is_better_than_the_chosen_one_and_a_row_may_do_without(form: Format) -> None:
    three = ranked(form, row("tree", "edited", "chosen", "rejected"), 0.95)
    assert three[0] == encode(form, [user("Say tree."), assistant("edited")])
    assert len(ranked(form, {**row("tree", "chosen", "rejected"), "edited": None}, 0.95)) == 2


def test_an_edit_of_one_word_takes_the_place_of_the_chosen_answer_and_the_row_stays(form: Format) -> None:
    chosen = "a b " * 40 + "c"
    two = ranked(form, row("tree", chosen + "!", chosen, "rejected"), 0.95)
    assert two == [
        encode(form, [user("Say tree."), assistant(said)], learn_from=1) for said in (chosen + "!", "rejected")
    ]


def test_what_is_held_out_goes_by_the_prompt_and_not_by_the_order_of_rows() -> None:
    settings = Reward(held_out=0.5)
    sides = {word: is_held_out(row(word, "a", "b"), settings) for word in WORDS}
    assert set(sides.values()) == {True, False}
    assert {word: is_held_out(row(word, "c", "d"), settings) for word in reversed(WORDS)} == sides


def test_a_row_of_a_run_belongs_to_the_generator_that_made_it_unless_it_says_a_category() -> None:
    assert category({"row": "code/rejection-sampling#12"}) == "code/rejection-sampling"
    assert category({"row": "code/rejection-sampling#12", "category": "lists"}) == "lists"
    assert category({}) == ""


def test_figures_say_how_often_how_surely_and_whether_by_length() -> None:
    judged = [Judged("code", 2.0, 3), Judged("code", 1.0, -3), Judged("math", -1.0, -2), Judged("math", 0.0, 0)]
    found = figures(judged)
    assert found["held_out/accuracy"] == 0.5  # equal scores are no right ranking
    assert (found["held_out/accuracy/code"], found["held_out/accuracy/math"]) == (1.0, 0.0)
    assert (found["held_out/accuracy/better_longer"], found["held_out/accuracy/better_shorter"]) == (1.0, 0.5)
    assert found["held_out/better_is_longer"] == 0.25
    assert found["held_out/accuracy/low"] < 0.5 < found["held_out/accuracy/high"]
    assert figures([]) == {}


def test_a_category_called_like_a_figure_does_not_take_its_place() -> None:
    judged = [Judged("low", 2.0, 3), Judged("low", 1.0, 3), Judged("high", -1.0, 3)]
    found = figures(judged)
    assert 0 < found["held_out/accuracy/low"] < 2 / 3 < found["held_out/accuracy/high"] < 1, "the interval"
    assert (found["held_out/accuracy/category/low"], found["held_out/accuracy/category/high"]) == (1.0, 0.0)


def test_the_calibration_error_is_the_gap_between_saying_and_being_right() -> None:
    sure = math.log(0.74 / 0.26)
    judged = [Judged("", sure, 0)] * 2 + [Judged("", -sure, 0)] * 2  # says 0.74, is right 0.5 of the time
    assert calibration_error(judged) == pytest.approx(0.24)
    assert calibration_error([Judged("", 1000.0, 0)]) == pytest.approx(0.0)


def test_a_first_loss_that_is_not_ln_2_is_refused() -> None:
    check_starts_at_ln2(math.log(2))
    with pytest.raises(AlignmentError, match="not ln 2"):
        check_starts_at_ln2(0.8)


def test_training_learns_to_rank_and_leaves_a_checkpoint_that_transformers_scores_alike(
    tiny: Path, form: Format, tmp_path: Path
) -> None:
    from transformers import AutoModelForSequenceClassification, AutoTokenizer

    many = [row(f"{word} {n}", f"{word} it is", f"{word} never") for word in WORDS for n in range(6)]
    data = parquet(tmp_path / "pairs.parquet", [{**each, "category": "words"} for each in many])
    settings = Reward(lr=3e-3, batch_size=4, max_steps=30, held_out=0.25, max_similarity=1.0)
    result = train_reward(tiny, data, tmp_path / "out", settings, on_progress=ignore)
    assert result.losses[0][1] == pytest.approx(math.log(2), abs=1e-4)
    assert result.final_loss < 0.3
    (_, held_out), *_ = result.metrics["held_out/accuracy/words"]
    assert held_out >= 0.9
    told = json.loads((tmp_path / "out" / "training.json").read_text())["result"]["metrics"]
    assert told["held_out/accuracy"] == [[30, held_out]]

    model = AutoModelForSequenceClassification.from_pretrained(tmp_path / "out", dtype=torch.float32)
    tokenizer = AutoTokenizer.from_pretrained(tmp_path / "out")
    assert type(model).__name__ == "LlamaForSequenceClassification" and model.config.num_labels == 1
    answers = [answer.input_ids for each in ROWS for answer in ranked(form, each, 1.0)]
    padded = tokenizer.pad({"input_ids": answers}, return_tensors="pt")
    alone = [model(input_ids=torch.tensor([ids])).logits.item() for ids in answers]
    assert model(**padded).logits[:, 0].tolist() == pytest.approx(alone, abs=1e-3)


def test_a_reward_model_goes_on_from_its_own_head(tiny: Path, form: Format, tmp_path: Path) -> None:
    data = parquet(tmp_path / "pairs.parquet", [row(word, f"{word} it is", "never") for word in WORDS])
    settings = Reward(lr=3e-3, batch_size=4, max_steps=5, held_out=0.0)
    first = train_reward(tiny, data, tmp_path / "one", settings, on_progress=ignore)
    second = train_reward(tmp_path / "one", data, tmp_path / "two", settings, on_progress=ignore)
    assert second.losses[0][1] < first.losses[0][1]


def test_where_all_is_held_out_it_says_so(tiny: Path, tmp_path: Path) -> None:
    data = parquet(tmp_path / "pairs.parquet", [row("yes", "yes it is", "never")])
    with pytest.raises(AlignmentError, match="all 1 rows are held out; lower it"):
        train_reward(tiny, data, tmp_path / "out", Reward(held_out=0.999), on_progress=ignore)
