"""A hosted reward model gives each answer the score that it was trained to give, and says what is no reward model."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from tiny_checkpoints import tiny_checkpoint, tiny_reward_model, tiny_step_scorer

from checkpoints import CheckpointError
from rows.messages import Message
from serving import PromptTooLongError, ServingError, host_scorer, host_step_scorer

torch = pytest.importorskip("torch")


def asked(text: str, answer: str) -> list[Message]:
    return [{"role": "user", "content": text}, {"role": "assistant", "content": answer}]


CONVERSATIONS = [
    asked("the cat sat on", "the mat"),
    asked("the cat sat on", "the hat and the mat and the hat and the mat"),
    asked("hat", "no"),
    [*asked("the cat", "sat"), *asked("on what?", "the mat")],
    asked("a text that spells <|end|>", "and an answer with <|end|> in it"),
]


@pytest.fixture(scope="module")
def reward_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_reward_model(tmp_path_factory.mktemp("base"), tmp_path_factory.mktemp("reward"))


def score(checkpoint: Path, conversations: list[list[Message]], longest: int = 200) -> list[float]:
    async def once() -> list[float]:
        async with host_scorer(str(checkpoint), longest) as scorer:
            assert scorer is not None
            return await scorer.score(conversations)

    return asyncio.run(once())


def test_answers_get_the_scores_that_the_training_reads(reward_model: Path) -> None:
    from transformers import AutoModelForSequenceClassification

    from alignment.tokens.conversations import encode, load_format

    form = load_format(reward_model)
    model = AutoModelForSequenceClassification.from_pretrained(reward_model, dtype=torch.float32)
    alone = []
    for messages in CONVERSATIONS:
        ids = encode(form, messages, learn_from=len(messages) - 1).input_ids
        alone.append(model(input_ids=torch.tensor([ids])).logits.item())
    found = score(reward_model, CONVERSATIONS)
    assert len(set(found)) == len(CONVERSATIONS)
    assert found == pytest.approx(alone, abs=0.05), "bf16 in the layers at most"


def test_a_score_does_not_depend_on_what_is_scored_beside_it(reward_model: Path) -> None:
    together = score(reward_model, CONVERSATIONS * 5)
    assert together[: len(CONVERSATIONS)] == pytest.approx(
        score(reward_model, CONVERSATIONS[:1]) + together[1:5], abs=0.05
    )
    assert together[:5] == pytest.approx(together[5:10], abs=0.05)


def test_what_is_too_long_or_no_reward_model_is_told(reward_model: Path, tmp_path: Path) -> None:
    with pytest.raises(PromptTooLongError, match="takes 10"):
        score(reward_model, CONVERSATIONS, longest=10)
    plain = tiny_checkpoint(tmp_path / "plain")
    with pytest.raises(ServingError, match=r"no reward model; .*lab train reward"):
        score(plain, CONVERSATIONS)
    with pytest.raises(CheckpointError, match="no such directory"):
        score(tmp_path / "nowhere", CONVERSATIONS)


def test_a_score_that_is_no_number_is_an_error_and_not_a_rank(reward_model: Path, tmp_path: Path) -> None:
    import shutil

    from safetensors.torch import load_file, save_file

    broken = tmp_path / "broken"
    shutil.copytree(reward_model, broken)
    weights = load_file(broken / "model.safetensors")
    weights["score.weight"][:] = float("nan")
    save_file(weights, broken / "model.safetensors", metadata={"format": "pt"})
    with pytest.raises(ServingError, match="gives a score of nan"):
        score(broken, CONVERSATIONS)


# --- steps


@pytest.fixture(scope="module")
def stepwise_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_step_scorer(tmp_path_factory.mktemp("base"), tmp_path_factory.mktemp("stepwise"))


ANSWERS = [
    ([asked("the cat sat on", "")[0]], ["the mat", "and the hat", "no"]),
    ([*asked("the cat", "sat"), asked("on what?", "")[0]], ["the mat spells <|end|>"]),
    ([asked("hat", "")[0]], ["and the mat and the hat " * 3, "so"]),
]


def score_steps(
    checkpoint: Path, answers: list[tuple[list[Message], list[str]]], longest: int = 200
) -> list[list[float]]:
    async def once() -> list[list[float]]:
        async with host_step_scorer(str(checkpoint), longest) as scorer:
            assert scorer is not None
            return await scorer.score_steps(answers)

    return asyncio.run(once())


def test_steps_get_the_scores_that_the_training_reads_and_transformers_gives(stepwise_model: Path) -> None:
    from transformers import AutoModelForTokenClassification

    from alignment.tokens.conversations import TERMINATOR, load_format
    from alignment.trainings.stepwise import encoded

    form = load_format(stepwise_model)
    model = AutoModelForTokenClassification.from_pretrained(stepwise_model, dtype=torch.float32).eval()
    found = score_steps(stepwise_model, ANSWERS)
    for (question, steps), scores in zip(ANSWERS, found, strict=True):
        row = encoded(form, {"prompt": question, "completions": steps})
        logits = model(input_ids=torch.tensor([row.input_ids])).logits[0, :, 0].sigmoid()
        ends = [place for place, role in enumerate(row.roles) if role == TERMINATOR]
        assert scores == pytest.approx([logits[end].item() for end in ends], abs=0.02), "bf16 in the layers at most"
    assert len({score for scores in found for score in scores}) == 6


def test_a_step_has_its_score_whatever_follows_and_whatever_is_scored_beside_it(stepwise_model: Path) -> None:
    (question, steps), *_ = ANSWERS
    (whole, *_) = score_steps(stepwise_model, ANSWERS * 7)
    for count in (1, 2, 3):
        (part,) = score_steps(stepwise_model, [(question, steps[:count])])
        assert part == pytest.approx(whole[:count], abs=0.02)


def test_what_is_no_stepwise_reward_model_or_too_long_for_it_is_told(
    stepwise_model: Path, reward_model: Path, tmp_path: Path
) -> None:
    with pytest.raises(PromptTooLongError, match="takes 10"):
        score_steps(stepwise_model, ANSWERS, longest=10)
    for other in (reward_model, tiny_checkpoint(tmp_path / "plain")):
        with pytest.raises(ServingError, match=r"no stepwise reward model; .*lab train stepwise"):
            score_steps(other, ANSWERS)
    with pytest.raises(ServingError, match="no reward model"):
        score(stepwise_model, CONVERSATIONS)


def test_a_stepwise_reward_model_is_no_policy(stepwise_model: Path) -> None:
    from checkpoints.weights import refuse_other_weights

    with pytest.raises(CheckpointError, match="scores answers and writes none"):
        refuse_other_weights(stepwise_model)
