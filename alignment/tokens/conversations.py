"""Turns chat messages into token ids in which every token knows its role: context, assistant content, or terminator.

The roles come from the chat template's own renderings, so no template has to carry generation markers: what the
template adds between "prompt, your turn" and "prompt with the answer" is the assistant's, up to the first token that
stops generation. What a prompt can hold (an empty thinking block) is context.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from alignment.errors import AlignmentError
from alignment.tokens.left_out import counted, mends, told
from alignment.tokens.reading import TOOLS
from checkpoints.directory import positions, vocabulary
from checkpoints.errors import CheckpointError
from checkpoints.files import read_object, read_tokenizer
from checkpoints.spelling import PROBE, longest, marked, prompts_before, special_texts, token_ids
from rows.encoding import shown
from rows.messages import Message

CONTEXT, CONTENT, TERMINATOR = 0, 1, 2
LONGEST_REFUSAL = 300
"""Characters of what a template says of a conversation, which may quote it."""
LONGEST_OPENING = 16
"""Characters at the end of a prompt that may be the beginning of an answer."""

T = TypeVar("T")


@dataclass(frozen=True)
class Conversation:
    """Token ids and, for each, whether it is CONTEXT, CONTENT or TERMINATOR. Both lists have the same length."""

    input_ids: list[int]
    roles: list[int]


def learned_tokens(conversation: Conversation) -> int:
    """Tokens that a loss reads: content and terminators of the turns to learn from."""
    return sum(role != CONTEXT for role in conversation.roles)


@dataclass(frozen=True)
class Format:
    """A checkpoint's tokenizer, the ids that stop its generation, and the texts of its special tokens."""

    tokenizer: Any
    stop_ids: frozenset[int]
    special_texts: tuple[str, ...]
    positions: int | None = None
    """Tokens that the checkpoint has positions for; None where it does not say."""
    vocabulary: int | None = None
    """Tokens that it has embeddings for; None where it does not say."""


class FormatError(AlignmentError):
    """The checkpoint's own template or tokenizer is not to be trained with, whatever the row."""


class DropRow(Exception):
    """Raised by an encoder for a row that is well formed but must not be trained on; its argument is the reason."""


def load_format(checkpoint: Path) -> Format:
    """The tokenizer of `checkpoint`, which must have a chat template and an end-of-turn token."""
    try:
        tokenizer = read_tokenizer(checkpoint)
        says = (checkpoint / "config.json").exists()
        most, embedded = (positions(checkpoint), vocabulary(checkpoint)) if says else (None, None)
    except CheckpointError as error:
        raise AlignmentError(str(error)) from None
    if not tokenizer.chat_template:
        raise AlignmentError(
            f"{checkpoint}: the tokenizer has no chat template, so conversations cannot be rendered; "
            "add a chat_template.jinja (an instruction-tuned checkpoint ships one)"
        )
    stop_ids = {tokenizer.eos_token_id, *generation_stop_ids(checkpoint)} - {None}
    form = Format(tokenizer, frozenset(stop_ids), special_texts(tokenizer), most, embedded)
    if embedded is not None and (tokenizer.pad_token_id or 0) >= embedded:
        tokenizer.pad_token = tokenizer.eos_token  # padding is known by its place, and has to have an embedding
    return form


def generation_stop_ids(checkpoint: Path) -> list[int]:
    """The eos ids of generation_config.json: chat models often stop at more tokens than the tokenizer's own eos."""
    path = checkpoint / "generation_config.json"
    declared = read_object(path).get("eos_token_id") if path.exists() else None
    return declared if isinstance(declared, list) else [] if declared is None else [declared]


def encode(form: Format, messages: Sequence[Message], learn_from: int = 0) -> Conversation:
    """Token ids and roles of a conversation; only assistant turns at index `learn_from` or later are not CONTEXT.

    Each piece is tokenised on its own, as it is at inference: the prompt first, then what the model writes. No BOS is
    added beyond what the template itself writes. Raises DropRow("empty_answer") where a turn to learn from says nothing and
    calls nothing, DropRow("special_tokens") where a message has a letter that is a special token, DropRow("longer_than_context"),
    AlignmentError where the template refuses the conversation or cannot be masked soundly.
    """
    learned = [turn for turn in messages[learn_from:] if turn["role"] == "assistant"]
    if any(not turn["content"].strip() and not turn.get("tool_calls") for turn in learned):
        raise DropRow("empty_answer")
    letters = [special for special in form.special_texts if len(special) == 1]
    if any(special in text for message in messages for text in _texts(message) for special in letters):
        raise DropRow("special_tokens")
    full = render(form, messages)
    ids: list[int] = []
    roles: list[int] = []
    done = 0
    for index, message in enumerate(messages):
        if message["role"] != "assistant" or index < learn_from:
            continue
        start, answer = _turn(form, messages, index, full)
        context, said = tokenise(form, full[done:start]), tokenise(form, answer)
        if [token in form.stop_ids for token in said] != [False] * (len(said) - 1) + [True]:
            raise FormatError(_no_terminator(form))
        ids += context + said
        roles += [CONTEXT] * len(context) + [CONTENT] * (len(said) - 1) + [TERMINATOR]
        done = start + len(answer)
    if not any(roles):
        raise AlignmentError("a conversation has no assistant turn to learn from")
    if form.positions is not None and len(ids) > form.positions:
        raise DropRow("longer_than_context")
    # What follows the last terminator (a newline, later user turns) can influence no learned token: it is left out.
    conversation = Conversation(ids, roles)
    check_pieces_join(form, conversation, full)
    return conversation


def refuse_no_end(form: Format) -> None:
    """Raises FormatError where the template ends no answer by a token that stops generation, whatever the answer is."""
    try:
        encode(form, [{"role": "user", "content": "Hello"}, {"role": "assistant", "content": "Hello."}])
    except FormatError:
        raise
    except (AlignmentError, DropRow):  # that rows need a system turn, say: theirs to meet
        pass


def _turn(form: Format, messages: Sequence[Message], index: int, full: str) -> tuple[int, str]:
    """Where in `full`, the rendered conversation, the model's part of an assistant turn begins, and its text with the terminator.

    Taken from the turn as the last one, where every template ends it. Raises AlignmentError where the conversation does not
    hold the same text, or the template leaves out what the turn says.
    """
    alone = full if index == len(messages) - 1 else render(form, messages[: index + 1])
    prompts = prompts_before(partial(render, form), form.tokenizer.chat_template, messages[:index], alone)
    head, begun = longest(prompts, alone), longest(prompts, full)
    if begun < 0:
        begun = longest(_in_history(form, messages, index), full)
    answer = alone[head:]
    ends = [answer.index(stop) + len(stop) for stop in _stop_texts(form) if stop in answer]
    if head >= 0 and not ends:
        raise FormatError(_no_terminator(form))
    answer = answer[: min(ends, default=0)]
    if head < 0 or begun < 0 or not full.startswith(answer, begun):
        raise AlignmentError(
            f"the chat template does not keep earlier text when turn {index} is added, so its tokens cannot be "
            "told from the prompt's; use a template whose rendering of a conversation begins with the rendering "
            "of its prompt"
        )
    if missing := _left_out(form, messages[index], alone[:head], answer):
        raise AlignmentError(
            f"the chat template leaves out {missing} of turn {index}, so the model would learn an answer without it; use a "
            "template that writes it as text, or take it out of the row"
        )
    return begun, answer


def _in_history(form: Format, messages: Sequence[Message], index: int) -> list[str]:
    """All before a turn's text in a conversation that goes on after it, where the template writes it otherwise there."""
    try:
        other = render(form, [*messages[:index], {"role": "assistant", "content": PROBE}, *messages[index + 1 :]])
    except AlignmentError:  # the next turn may answer a call that the other one does not make
        return []
    return [other[: other.index(PROBE)]] if PROBE in other else []


def _stop_texts(form: Format) -> list[str]:
    return [str(token) for token in form.tokenizer.convert_ids_to_tokens(sorted(form.stop_ids))]


def _no_terminator(form: Format) -> str:
    return (
        "the chat template ends an assistant turn without a token that stops generation "
        f"(ids {sorted(form.stop_ids)}), so the model would never learn to stop; set eos_token_id in "
        "generation_config.json to the template's end-of-turn token"
    )


def _left_out(form: Format, message: Message, head: str, answer: str) -> str:
    """What of a turn its rendering does not hold, white space aside; empty where it holds all. Some templates drop tool calls
    or reasoning, and those of models that see pictures may drop any text that is no list of parts.
    """
    plain = marked(for_template(message), form.special_texts)
    said, held = "".join(plain["content"].split()), "".join(answer.split())
    before = "".join(head[-LONGEST_OPENING:].split())
    # The prompt may hold the beginning of it already, such as `<think>`.
    opened = max(size for size in range(len(before) + 1) if said.startswith(before[len(before) - size :]))
    if said[opened:] not in held:
        return "the text"
    called = [call["function"]["name"] for call in plain.get("tool_calls", [])]
    return "a call" if any(name not in answer for name in called) else ""


def render(form: Format, messages: Sequence[Message], add_generation_prompt: bool = False, **values: bool) -> str:
    """The template's text, with marks in special tokens that messages spell (`checkpoints.spelling`)."""
    from jinja2 import TemplateError

    options = {"tokenize": False, "add_generation_prompt": add_generation_prompt, **values}
    calls = any("tool_calls" in message for message in messages)
    for shape in (for_template, dict) if calls else (for_template,):  # a few templates join the arguments as they come
        plain = [marked(shape(message), form.special_texts) for message in messages]
        try:
            return str(form.tokenizer.apply_chat_template(plain, **options))
        except (TemplateError, TypeError, ValueError) as error:  # a template's own words, or what it could not do
            refused = error
            if not isinstance(error, TypeError):
                break
    raise AlignmentError(
        f"the chat template refuses the conversation: {shown(str(refused), LONGEST_REFUSAL)}"
    ) from None


def for_template(message: Message) -> dict[str, Any]:
    """A message as chat templates take it: they write a call's arguments as JSON themselves, so they want the object."""
    if "tool_calls" not in message:
        return {**message}
    calls = [
        {**call, "function": {**call["function"], "arguments": json.loads(call["function"]["arguments"])}}
        for call in message["tool_calls"]
    ]
    return {**message, "tool_calls": calls}


def _texts(message: Message) -> list[str]:
    """All that whoever wrote the message could put a special token into."""
    functions = [call["function"] for call in message.get("tool_calls", [])]
    return [message["content"], *(text for function in functions for text in (function["name"], function["arguments"]))]


def tokenise(form: Format, text: str) -> list[int]:
    """Raises AlignmentError as `refuse_no_embedding` does."""
    ids = token_ids(form.tokenizer, text)
    refuse_no_embedding(form, ids)
    return ids


def refuse_no_embedding(form: Format, ids: Sequence[int]) -> None:
    """Raises AlignmentError for a token that was added to the tokenizer and not to the weights."""
    if form.vocabulary is not None and (over := max(ids, default=0)) >= form.vocabulary:
        raise AlignmentError(
            f"{shown(str(form.tokenizer.convert_ids_to_tokens(over)))} is token {over} of the tokenizer, and the checkpoint has "
            f"embeddings for {form.vocabulary} (transformers' `resize_token_embeddings` gives it more)"
        )


def check_pieces_join(form: Format, conversation: Conversation, full: str) -> None:
    """Refuses tokenizers that put a space before every piece (old SentencePiece ones)."""
    whole = tokenise(form, full)
    if whole[: len(conversation.input_ids)] != conversation.input_ids:
        texts = [form.tokenizer.decode(ids) for ids in (whole, conversation.input_ids)]
        if not texts[0].startswith(texts[1]):
            raise FormatError(
                "this tokenizer changes the text when a conversation is tokenised piece by piece; "
                "convert it to a fast tokenizer without a dummy prefix"
            )


def answer_to(prompt: list[Message], response: list[Message], column: str) -> list[Message]:
    """The turns of a response that come after the prompt, with which it may begin, as in data sets without a column for it.
    Raises AlignmentError where there is no answer to the prompt.
    """
    if prompt[-1]["role"] == "assistant":
        raise AlignmentError("its prompt ends with an assistant's turn, which is what the answers would be")
    begun = response[: len(prompt)] == prompt
    answer = response[len(prompt) :] if begun else response
    if begun and answer[: len(prompt)] == prompt:
        raise AlignmentError(f"`{column}` holds the prompt twice")
    if not answer or answer[0]["role"] != "assistant" or answer[-1]["role"] != "assistant":
        roles = ", ".join(turn["role"] for turn in response)
        raise AlignmentError(f"`{column}` is no answer to the prompt: its turns are {roles}")
    return answer


def refuse_tools(row: Mapping[str, Any]) -> None:
    """Raises DropRow where tools are named beside the turns: the prompt that is learned behind would not show them."""
    if row.get(TOOLS):
        raise DropRow("tools")


def encode_rows(
    rows: Iterable[tuple[str, T]], encode_row: Callable[[T], Sequence[Conversation]], max_length: int
) -> tuple[list[tuple[T, list[Conversation]]], dict[str, int]]:
    """Encodes every row of (place, row); returns the kept ones with their sequences, and how many were dropped for each reason.
    The log names the first of these.

    A row with a sequence over `max_length` tokens is dropped, never cut: a cut row loses its terminator and teaches the
    model not to stop. Raises AlignmentError where nothing is left, or with its place for a row that cannot be encoded.
    """
    kept: list[tuple[T, list[Conversation]]] = []
    dropped: dict[str, list[str]] = {}
    for place, row in rows:
        try:
            sequences = list(encode_row(row))
            if max(len(sequence.input_ids) for sequence in sequences) > max_length:
                raise DropRow("too_long")
        except DropRow as reason:
            dropped.setdefault(str(reason), []).append(place)
        except FormatError as error:  # another row would be refused as well
            raise FormatError(f"the checkpoint's format, at {place}: {error}") from None
        except AlignmentError as error:
            raise AlignmentError(f"{place}: {error}; mend the row or take it out") from None
        else:
            kept.append((row, sequences))
    if not kept:
        limit = f" (max_length is {max_length:,} tokens)" if "too_long" in dropped else ""
        raise AlignmentError(f"the data set leaves nothing to train on: {told(dropped)}{limit}; {mends(dropped)}")
    return kept, counted(dropped)
