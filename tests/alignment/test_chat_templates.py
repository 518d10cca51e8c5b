"""Our masks on every chat template that TRL ships, against its own markers; the tokenizers are of bytes."""

from __future__ import annotations

from pathlib import Path

import pytest
import trl_templates as corpus

from alignment import AlignmentError
from alignment.tokens.conversations import CONTEXT, Format, encode, render, tokenise
from rows.messages import Message
from serving.scorer import LocalScorer

ASK, FOUR = corpus.ASK, corpus.FOUR
FOLDER = corpus.templates()[0].parent


def form(name: str) -> Format:
    return corpus.form_of(FOLDER / f"{name}.jinja")


def learned(form: Format, messages: list[Message]) -> list[str]:
    found = encode(form, messages)
    return list(corpus.runs(form, found.input_ids, [role != CONTEXT for role in found.roles]))


@pytest.mark.parametrize("file", corpus.templates(), ids=lambda file: file.stem)
def test_ids_are_those_of_the_rendered_conversation_and_nothing_but_answers_is_learned(file: Path) -> None:
    made, marked = corpus.form_of(file), corpus.is_marked(file)
    for name, messages in corpus.CONVERSATIONS.items():
        found = corpus.outcome(made, file.stem, name, messages, marked)
        if found.refused:
            continue
        assert found.same_ids
        answers = [turn["content"].split("</think>")[-1].strip() for turn in messages if turn["role"] == "assistant"]
        assert len(found.learned) == len(answers)
        assert all(answer in text for answer, text in zip(answers, found.learned, strict=True))
        if name != "reasoning":
            assert not any("think>" in text for text in found.learned)
        if marked and file.stem != "diffusion_gemma_training":
            assert found.fewer == (), "the markers learn all that we learn"
            assert found.differs in ("", "thinking block", "header", "behind the end", "header, thinking block")


@pytest.mark.parametrize("file", corpus.templates(), ids=lambda file: file.stem)
def test_a_reward_model_is_asked_by_the_very_tokens_that_it_was_trained_on(file: Path, tmp_path: Path) -> None:
    made = corpus.form_of(file)
    scorer = object.__new__(LocalScorer)  # of which its tokens alone are asked
    scorer.path, scorer.max_model_len = tmp_path, 10_000
    scorer._tokenizer, scorer._special, scorer._stops = made.tokenizer, made.special_texts, set(made.stop_ids)
    for name in ("one turn", "system", "two turns", "reasoning"):
        messages = corpus.CONVERSATIONS[name]
        try:
            trained_on = encode(made, messages, learn_from=len(messages) - 1).input_ids
        except AlignmentError:
            continue
        assert scorer._tokens(messages) == trained_on, name


def test_no_template_is_refused_without_a_reason() -> None:
    """A plain turn is refused where a model sees pictures and wants its text in parts, and where nothing ends an answer."""
    refused: dict[str, set[str]] = {}
    for file in corpus.templates():
        found = corpus.outcome(corpus.form_of(file), file.stem, "one turn", [ASK, FOUR], marked=False)
        if found.refused:
            refused.setdefault(corpus.kind(found.refused), set()).add(file.stem)
    pictures = {f"{name}{more}" for name in ("idefics3", "smolvlm") for more in ("", "_training")}
    assert sorted(refused.values(), key=len) == [{"glm4moe"}, {"llava_next", "llava_next_training"}, pictures]


@pytest.mark.parametrize("name", ["qwen3", "qwen3_5_think", "qwen3_8", "nemotron_3_nano", "glm4moe_training"])
def test_an_empty_thinking_block_that_the_template_writes_is_context(name: str) -> None:
    found = learned(form(name), [ASK, FOUR])
    assert [text.strip().partition("<|")[0] for text in found] == ["Four."]


def test_thoughts_that_the_row_has_are_learned() -> None:
    assert learned(form("qwen3"), [ASK, corpus.THOUGHT]) == [f"{corpus.THOUGHT['content']}<|im_end|>"]
    empty: Message = {"role": "assistant", "content": "<think>\n\n</think>\n\nFour."}
    assert learned(form("qwen2_5"), [ASK, empty]) == [f"{empty['content']}<|im_end|>"], "no template wrote it"


def test_a_template_whose_last_turn_ends_otherwise_is_learned_turn_by_turn() -> None:
    """Phi-3 writes a token behind the last turn that is not there once the conversation goes on."""
    for name in ("phi3", "qwen3", "qwen3_5_think"):
        said = learned(form(name), corpus.CONVERSATIONS["two turns"])
        assert [text.partition("<|")[0] for text in said] == ["Four.", "It is six."]


@pytest.mark.parametrize(
    ("name", "conversation", "why"),
    [
        ("llama3", "tool call", "leaves out a call of turn 1"),
        ("smolvlm", "one turn", "leaves out the text of turn 1"),
        ("deepseek_r1_distill", "reasoning", "leaves out the text of turn 1"),
        ("glm4moe", "one turn", "without a token that stops generation"),
        ("gptoss", "two turns", "does not keep earlier text when turn 1"),
    ],
)
def test_what_would_be_learned_without_its_text_or_its_end_is_refused(name: str, conversation: str, why: str) -> None:
    with pytest.raises(AlignmentError, match=why):
        encode(form(name), corpus.CONVERSATIONS[conversation])


def test_no_second_beginning_is_written_where_the_template_has_one() -> None:
    made = form("llama3")
    begin = made.tokenizer.bos_token_id
    assert encode(made, [ASK, FOUR]).input_ids.count(begin) == 1
    assert tokenise(made, render(made, [ASK, FOUR]))[0] == begin
