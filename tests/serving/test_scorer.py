"""A hosted reward model gives each answer the score that it was trained to give, and says what is no reward model."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from tiny_checkpoints import tiny_checkpoint, tiny_reward_model

from checkpoints import CheckpointError
from rows.messages import Message
from serving import PromptTooLongError, ServingError, host_scorer

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
