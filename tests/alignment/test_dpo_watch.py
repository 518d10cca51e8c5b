"""DPO is watched as it trains: each limit stops it with a sentence, what was before stays, and a look moves nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from small_trainings import WORDS, assistant, ignore, needs_checkpoint, parquet, user

from alignment import AlignmentError
from alignment.job import TrainingProgress
from alignment.stepping import last_complete_state
from alignment.tokens.conversations import Format
from alignment.trainings import dpo_watch
from alignment.trainings.dpo import encode_pair, train_dpo
from alignment.trainings.dpo_watch import PROMPTS, WINDOW, answer_of, endings, past_a_limit, prompts_of
from recipes.trainings import DPO

START = {"answers/tokens": 40.0, "answers/repeating": 0.0, "answers/abrupt": 0.125}
CALM = {"rewards/margins": 1.0, "logps/chosen_change": -0.1}


def steps(count: int, **last: float) -> list[dict[str, float]]:
    return [
        *({**CALM} for _ in range(count - 1)),
        {**CALM, **{name.replace("_", "/", 1): v for name, v in last.items()}},
    ]


@pytest.mark.parametrize(
    ("history", "says"),
    [
        ([{**CALM, "rewards/margins": 10.1}] * WINDOW, "the mean reward margin is 10.1 (at most 10)"),
        ([{**CALM, "logps/chosen_change": -0.6}] * WINDOW, "0.60 nats a token less likely"),
        (steps(3, answers_tokens=77.0, answers_repeating=0.0, answers_abrupt=0.0), "77 tokens, and had 40"),
        (steps(3, answers_tokens=3.0, answers_repeating=0.0, answers_abrupt=0.0), "3 tokens, and had 40"),
        (steps(3, answers_tokens=40.0, answers_repeating=0.3, answers_abrupt=0.0), "30% of the answers end in copies"),
        (steps(3, answers_tokens=40.0, answers_repeating=0.0, answers_abrupt=0.5), "50% of the answers break off"),
    ],
)
def test_each_limit_is_told_by_its_name_and_both_figures(history: list[dict[str, float]], says: str) -> None:
    assert says in past_a_limit(history, START)


@pytest.mark.parametrize(
    "history",
    [
        [CALM] * 50,
        [{**CALM, "rewards/margins": 99.0}] * (WINDOW - 1),  # too few to say
        [*[CALM] * WINDOW, {**CALM, "rewards/margins": 99.0}],
        steps(3, answers_tokens=75.0, answers_repeating=0.25, answers_abrupt=0.375),
        [*steps(3, answers_tokens=999.0), CALM],  # told when it was seen
    ],
)
def test_what_stays_within_them_goes_on(history: list[dict[str, float]]) -> None:
    assert not past_a_limit(history, START)


def test_without_a_look_before_the_first_step_no_look_stops_anything() -> None:
    assert not past_a_limit(steps(3, answers_tokens=999.0, answers_repeating=1.0, answers_abrupt=1.0), {})


def test_an_answer_breaks_off_that_says_nothing_or_ends_within_its_block() -> None:
    answers = [("Yes.", 3, True), ("", 1, True), ("```python\ndef f():", 6, True), ("It goes on and", 90, False)]
    assert endings(answers) == {"answers/tokens": 25.0, "answers/repeating": 0.0, "answers/abrupt": 0.5}
    assert endings([("I say so once more. " * 9, 45, False)])["answers/repeating"] == 1.0


@needs_checkpoint
def test_an_answer_ends_at_its_first_stopping_token_and_its_padding_is_none_of_it(form: Format) -> None:
    said = form.tokenizer("one two", add_special_tokens=False).input_ids
    stop, pad = min(form.stop_ids), form.tokenizer.pad_token_id
    assert answer_of(form, [*said, stop, pad, pad]) == ("one two", len(said) + 1, True)
    assert answer_of(form, said) == ("one two", len(said), False)


@needs_checkpoint
def test_the_prompts_looked_at_are_distinct_and_end_with_the_header_of_an_answer(form: Format) -> None:
    pairs = [
        encode_pair(form, {"prompt": [user(f"q{n % 20}")], "chosen": [assistant("a")], "rejected": [assistant("b")]})
        for n in range(50)
    ]
    found = prompts_of(pairs)
    assert len(found) == len({tuple(prompt) for prompt in found}) == PROMPTS
    assert form.tokenizer.decode(found[0]).endswith("q0<|im_end|>\n<|im_start|>assistant\n")


def many(folder: Path) -> Path:
    rows: list[dict[str, object]] = [
        {"prompt": [user(f"Say {a} {b}.")], "chosen": [assistant(f"{a} {b}")], "rejected": [assistant("no no")]}
        for a in WORDS
        for b in WORDS
    ]
    return parquet(folder / "pairs.parquet", rows)


def tensors(folder: Path) -> dict[str, Any]:
    from safetensors.torch import load_file

    return load_file(folder / "model.safetensors")


@needs_checkpoint
@pytest.mark.usefixtures("one_core")
def test_a_training_that_is_looked_at_killed_and_resumed_ends_in_the_bits_of_one_that_was_not_looked_at(
    tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data, job = many(tmp_path), DPO(max_steps=6, lr=1e-3, batch_size=4, save_every_s=1e9)
    monkeypatch.setattr(dpo_watch, "EVERY", 100)
    blind = train_dpo(tiny, data, tmp_path / "blind", job, on_progress=ignore)
    monkeypatch.setattr(dpo_watch, "EVERY", 2)
    monkeypatch.setattr(dpo_watch, "MOST_TOKENS", 8)

    def power_cut(progress: TrainingProgress) -> None:
        if progress.step == 4:
            raise RuntimeError("power cut")

    with pytest.raises(RuntimeError, match="power cut"):
        train_dpo(tiny, data, tmp_path / "out", job, on_progress=power_cut)
    seen: list[int] = []
    result = train_dpo(tiny, data, tmp_path / "out", job, on_progress=lambda progress: seen.append(progress.step))
    assert seen == [3, 4, 5, 6], "the state is saved at a look"
    assert [step for step, _ in result.metrics["answers/tokens"]] == [2, 4]
    assert "answers/tokens" not in blind.metrics
    expected, found = tensors(tmp_path / "blind"), tensors(tmp_path / "out")
    assert expected.keys() == found.keys()
    assert all(expected[name].equal(found[name]) for name in expected)


@needs_checkpoint
@pytest.mark.usefixtures("one_core")
def test_a_training_past_a_limit_ends_with_what_it_was_before(
    tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dpo_watch, "EVERY", 2)
    monkeypatch.setattr(dpo_watch, "MOST_TOKENS", 8)
    looks = iter([("fine. " * 3, 8, False), ("fine. " * 3, 8, False), ("again " * 30, 8, False)])

    def scripted(form: Format, tokens: object) -> tuple[str, int, bool]:
        return current[0]

    current = [next(looks)]
    real = dpo_watch.Watch.look

    def look(self: dpo_watch.Watch, step: int) -> dict[str, float]:
        found = real(self, step)
        if found:
            current[0] = next(looks, current[0])
        return found

    monkeypatch.setattr(dpo_watch, "answer_of", scripted)
    monkeypatch.setattr(dpo_watch.Watch, "look", look)
    job, out = DPO(max_steps=9, lr=1e-4, batch_size=2, save_every_s=1e9), tmp_path / "out"
    data = many(tmp_path)
    result = train_dpo(tiny, data, out, job, on_progress=ignore)
    assert result.stopped.startswith("stopped at step 4 of 9: 100% of the answers end in copies")
    assert result.stopped.endswith("what it was after step 2 is kept")
    assert (result.steps, [step for step, _ in result.losses]) == (2, [1, 2])
    assert train_dpo(tiny, data, out, job, on_progress=ignore) == result, "it is finished"
    monkeypatch.setattr(dpo_watch.Watch, "look", lambda self, step: {})
    monkeypatch.setattr(dpo_watch.Watch, "check", lambda self, history: "")

    def enough(progress: TrainingProgress) -> None:
        if progress.step == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        train_dpo(tiny, data, tmp_path / "two", job, on_progress=enough)
    kept = last_complete_state(tmp_path / "two" / "state")
    assert kept is not None
    of_two, left = tensors(kept), tensors(out)
    assert left.keys() <= of_two.keys()
    assert all(left[name].equal(of_two[name].to(left[name].dtype)) for name in left), "the weights of step 2"


@needs_checkpoint
@pytest.mark.usefixtures("one_core")
def test_a_margin_that_runs_away_stops_a_training(tiny: Path, tmp_path: Path) -> None:
    job = DPO(max_steps=60, lr=1e-2, batch_size=4, beta=1.0, nll_weight=0)
    with pytest.raises(AlignmentError, match=r"over the last 20 steps the (mean reward margin is|chosen answers are)"):
        train_dpo(tiny, many(tmp_path), tmp_path / "out", job, on_progress=ignore)
