"""Needles in a haystack: what a case is made of, how it is judged, and what practice teaches."""

import random
from pathlib import Path
from typing import Any

import pytest
import torch

from pretrain.data import builtin, sources
from pretrain.data.needles import FIRST, QUESTION, SECOND, THIRD, answer, fact, password, practice
from pretrain.data.sources import Document, documents
from pretrain.errors import PretrainError
from pretrain.model import ModelConfig, Transformer
from pretrain.run import gates
from pretrain.run.gates import found_needles, haystacks, needle_accuracy

TEXT = [f"line {n} of a text that has nothing to do with it" for n in range(400)]


@pytest.fixture(scope="module")
def tokenizer(tmp_path_factory: pytest.TempPathFactory) -> Any:
    from transformers import AutoTokenizer

    from pretrain.tokenizer.train import train_tokenizer

    rng = random.Random(0)
    folder = tmp_path_factory.mktemp("tokenizer")
    train_tokenizer((practice(rng, TEXT, 1000) for _ in range(500)), 600, folder)
    return AutoTokenizer.from_pretrained(folder)


def model_of(tokenizer: Any, length: int = 256) -> Transformer:
    config = ModelConfig(len(tokenizer), 32, 64, 1, 2, 1, max_position_embeddings=length, tie_word_embeddings=True)
    return Transformer(config)


@pytest.fixture
def haystack(tokenizer: Any) -> list[int]:
    return tokenizer("\n".join(TEXT))["input_ids"]


def test_a_password_of_the_gate_is_none_of_practice() -> None:
    rng = random.Random(0)
    practised = {password(rng) for _ in range(3000)}
    kept = {password(rng, unseen=True) for _ in range(3000)}
    assert not practised & kept


@pytest.mark.parametrize("place", [0, 1, 2])
def test_no_word_gives_away_that_a_password_is_kept_from_practice(place: int) -> None:
    rng = random.Random(1)
    kept = {password(rng, unseen=True).split()[place] for _ in range(5000)}
    assert kept == set((FIRST, SECOND, THIRD)[place])


def test_the_lists_have_no_word_twice() -> None:
    for words in (FIRST, SECOND, THIRD):
        assert len(set(words)) == len(words)


def test_practice_tells_one_fact_again_and_ends_with_it() -> None:
    rng = random.Random(3)
    for longest in (0, 100, 4000):
        for _ in range(50):
            document = practice(rng, TEXT, longest)
            told = [line for line in document.splitlines() if line.startswith(QUESTION)]
            assert len(told) >= 2
            assert len(set(told)) == 1
            assert document.endswith(told[0] + "\n")
            assert len(document) <= 2.2 * max(longest, 100) + 200


def test_practice_has_every_length() -> None:
    rng = random.Random(4)
    lengths = sorted(len(practice(rng, TEXT, 4000)) for _ in range(300))
    assert lengths[20] < 500
    assert lengths[-20] > 3000


def test_a_case_fills_its_context_and_hides_the_fact_once_at_its_depth(tokenizer: Any, haystack: list[int]) -> None:
    cases = haystacks(tokenizer, 200, haystack, 5, seed=1)
    assert [case.depth for case in cases] == [0, 0.25, 0.5, 0.75, 1]
    for case in cases:
        text = tokenizer.decode(case.prompt)
        assert text.count(fact(case.password)) == 1
        assert text.endswith(f"\n{QUESTION}")
        assert tokenizer.decode(case.answer) == answer(case.password)
        assert 190 <= len(case.prompt) + len(case.answer) <= 200
        assert case.prompt[0] == tokenizer.bos_token_id
        place = text.index(fact(case.password)) / (len(text) - len(fact(case.password)) - len(QUESTION))
        assert abs(place - case.depth) < 0.1
    assert len({case.password for case in cases}) > 1
    assert haystacks(tokenizer, 200, haystack, 5, seed=1) == cases
    assert haystacks(tokenizer, 200, haystack, 5, seed=2) != cases


def test_special_tokens_of_the_haystack_are_left_out_and_a_short_one_comes_again(tokenizer: Any) -> None:
    short = [tokenizer.eos_token_id, *tokenizer("so it is\n")["input_ids"], tokenizer.pad_token_id]
    (case,) = haystacks(tokenizer, 150, short, 1, seed=0)
    assert not set(case.prompt[1:]) & set(tokenizer.all_special_ids)
    assert tokenizer.decode(case.prompt).count("so it is") > 5


def test_only_the_exact_answer_counts(tokenizer: Any, haystack: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    cases = haystacks(tokenizer, 120, haystack, 10, seed=1)
    said = {tuple(case.prompt): list(case.answer) for case in cases}
    said[tuple(cases[0].prompt)][-1] += 1
    said[tuple(cases[9].prompt)] = []

    def scripted(model: Transformer, prompts: list[list[int]], new: int) -> list[list[int]]:
        return [said[tuple(prompt)] + [5] * (new - len(said[tuple(prompt)])) for prompt in prompts]

    monkeypatch.setattr(gates, "generate_batch", scripted)
    model = model_of(tokenizer)
    assert found_needles(model, cases) == [False, *[True] * 8, False]
    assert needle_accuracy(model, tokenizer, 120, haystack, 10, seed=1) == 0.8


def test_a_model_that_knows_nothing_finds_nothing_in_its_longest_context(tokenizer: Any, haystack: list[int]) -> None:
    model = model_of(tokenizer)
    model.initialise(torch.Generator().manual_seed(0))
    assert needle_accuracy(model, tokenizer, 256, haystack, 9, seed=0) == 0.0


def test_a_context_too_short_or_a_haystack_without_text_is_refused(tokenizer: Any, haystack: list[int]) -> None:
    with pytest.raises(PretrainError, match="a context of 12 tokens holds no needle"):
        haystacks(tokenizer, 12, haystack, 2, seed=0)
    with pytest.raises(PretrainError, match="haystack is empty"):
        haystacks(tokenizer, 200, [tokenizer.eos_token_id], 2, seed=0)


def test_the_python_library_is_a_source_without_its_tests() -> None:
    found = list(documents("python:json/*.py"))
    assert all(isinstance(document, Document) for document in found)
    assert any("JSON" in document.text for document in found)  # type: ignore[union-attr]
    everything = builtin.python_library("python:")
    assert len(everything) > 100
    assert not [path for path in everything if "test" in path.parts or "site-packages" in path.parts]


def test_practice_is_a_source_with_another_around_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(builtin, "PRACTICE_CHARACTERS", 20_000)
    (tmp_path / "a.txt").write_text("\n".join(TEXT))
    source = f"needles:{tmp_path}#600"
    found = [document.text for document in documents(source)]  # type: ignore[union-attr]
    assert 10 < len(found) < 200
    assert all(QUESTION in text for text in found)
    assert any("nothing to do with it" in text for text in found)
    assert found == [document.text for document in documents(source)]  # type: ignore[union-attr]


def test_of_an_endless_text_practice_reads_its_beginning(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(builtin, "PRACTICE_CHARACTERS", 2_000)
    monkeypatch.setattr(sources, "TEXT_CHARACTERS", 100)
    for number in range(9):
        (tmp_path / f"{number}.txt").write_text(f"line {number} of sixty characters and nothing more".ljust(60, "."))
    found = "".join(document.text for document in documents(f"needles:{tmp_path}#600"))  # type: ignore[union-attr]
    assert "line 1" in found and "line 2" not in found


@pytest.mark.parametrize("source", ["needles:", "needles:docs#long", "python:no/such/*.py", "python:/etc/*"])
def test_a_builtin_source_that_names_nothing_is_refused(source: str) -> None:
    with pytest.raises(PretrainError, match=source.split("*")[0]):
        list(documents(source))
