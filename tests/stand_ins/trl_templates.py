"""Every chat template that TRL ships, as a corpus to encode conversations with.

The tokenizers behind the templates are not in the package, so each template gets one of bytes with its special tokens; the
ids that end an answer are those that the models of its family declare.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from alignment.errors import AlignmentError
from alignment.tokens.conversations import CONTEXT, DropRow, Format, encode, for_template, render, tokenise
from checkpoints.spelling import special_texts
from rows.messages import Message

STOPS = (
    ("cohere", ("<|END_OF_TURN_TOKEN|>",)),
    ("deepseek", ("<｜end▁of▁sentence｜>",)),
    ("diffusion_gemma", ("<turn|>", "<|tool_response>")),
    ("gemma4", ("<turn|>", "<|tool_response>")),
    ("gemma", ("<end_of_turn>",)),
    ("glm4moe", ("<|endoftext|>", "<|user|>", "<|observation|>")),
    ("gptoss", ("<|return|>", "<|endoftext|>", "<|call|>")),
    ("idefics3", ("<end_of_utterance>",)),
    ("smolvlm", ("<end_of_utterance>",)),
    ("llama3", ("<|eot_id|>", "<|end_of_text|>", "<|eom_id|>")),
    ("llava_next", ("</s>",)),
    ("muse_glimmer", ("<|eot|>",)),
    ("phi3", ("<|endoftext|>", "<|end|>", "<|assistant|>")),
    ("", ("<|im_end|>",)),
)
"""Beginning of a template's name -> what ends an answer of its family's models; the first is the tokenizer's own."""
SPECIAL = re.compile(r"<[|｜][^\s<>'\"{}]*[|｜]?>|<[a-z_]+[|]>|</?s>|<(?:start|end)_of_[a-z]+>|\[/?INST\]")
SYSTEM: Message = {"role": "system", "content": "You are terse."}
ASK: Message = {"role": "user", "content": "What is two and two?"}
FOUR: Message = {"role": "assistant", "content": "Four."}
AGAIN: Message = {"role": "user", "content": "And three and three?"}
SIX: Message = {"role": "assistant", "content": "It is six."}
THOUGHT: Message = {"role": "assistant", "content": "<think>\nTwo and two, so it is four.\n</think>\n\nFour."}
CALL: Message = {
    "role": "assistant",
    "content": "",
    "tool_calls": [
        {"id": "call00001", "type": "function", "function": {"name": "add", "arguments": '{"a": 2, "b": 2}'}}
    ],
}
RESULT: Message = {"role": "tool", "content": "4", "tool_call_id": "call00001"}
CONVERSATIONS: dict[str, list[Message]] = {
    "one turn": [ASK, FOUR],
    "system": [SYSTEM, ASK, FOUR],
    "two turns": [ASK, FOUR, AGAIN, SIX],
    "reasoning": [ASK, THOUGHT],
    "tool call": [ASK, CALL, RESULT, FOUR],
}


@dataclass(frozen=True)
class Outcome:
    """What became of one conversation under one template."""

    template: str
    conversation: str
    refused: str = ""
    """In the words of the error; empty where it is learned."""
    learned: tuple[str, ...] = ()
    """The texts that are learned, a run of tokens each."""
    same_ids: bool = True
    """Whether the ids are those of the rendered conversation."""
    more: tuple[str, ...] = ()
    """What only the markers would have learned."""
    fewer: tuple[str, ...] = ()
    """What only ours learns."""
    marked: bool = False
    """Whether the template has markers."""

    @property
    def differs(self) -> str:
        """In what the markers learn otherwise, white space behind the token that ends an answer aside; empty for nothing."""
        kinds = {kind_of(text) for text in self.more if text.strip()} | {"only ours" for _ in self.fewer}
        return ", ".join(sorted(kinds))


def outcomes() -> Iterator[Outcome]:
    """Of every template and conversation."""
    for file in templates():
        form, marked = form_of(file), is_marked(file)
        for name, messages in CONVERSATIONS.items():
            yield outcome(form, file.stem, name, messages, marked)


def outcome(form: Format, template: str, name: str, messages: list[Message], marked: bool) -> Outcome:
    try:
        found = encode(form, messages)
    except (AlignmentError, DropRow) as error:
        return Outcome(template, name, refused=str(error) or type(error).__name__, marked=marked)
    ids = tokenise(form, render(form, messages))
    ours = [role != CONTEXT for role in found.roles]
    same = ids[: len(found.input_ids)] == found.input_ids
    learned = tuple(runs(form, ids, ours))
    if not marked or not same:
        return Outcome(template, name, learned=learned, same_ids=same, marked=marked)
    theirs = markers(form, messages)
    ours += [False] * (len(ids) - len(ours))
    more = [t and not o for o, t in zip(ours, theirs, strict=True)]
    fewer = [o and not t for o, t in zip(ours, theirs, strict=True)]
    return Outcome(
        template, name, "", learned, same, tuple(runs(form, ids, more)), tuple(runs(form, ids, fewer)), marked
    )


def markers(form: Format, messages: list[Message]) -> list[bool]:
    """What the template's own markers would have learned, for each token of the rendered conversation."""
    found = form.tokenizer.apply_chat_template(
        [for_template(message) for message in messages],
        tokenize=True,
        return_dict=True,
        return_assistant_tokens_mask=True,
    )
    return [bool(each) for each in found["assistant_masks"]]


def runs(form: Format, ids: list[int], wanted: list[bool]) -> Iterator[str]:
    """The texts of the tokens that are wanted, neighbours together."""
    held: list[int] = []
    for token, want in [*zip(ids, wanted, strict=False), (0, False)]:
        if want:
            held.append(token)
        elif held:
            yield form.tokenizer.decode(held)
            held = []


def templates() -> list[Path]:
    import trl

    return sorted((Path(trl.__file__).parent / "chat_templates").glob("*.jinja"))


def is_marked(file: Path) -> bool:
    return re.search(r"\{%-?\s*generation\b", file.read_text(encoding="utf-8")) is not None


def form_of(file: Path) -> Format:
    """The template with a tokenizer of bytes that has its special tokens."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers
    from transformers import PreTrainedTokenizerFast

    text = file.read_text(encoding="utf-8")
    stops = next(stops for name, stops in STOPS if file.stem.startswith(name))
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    tokenizer = Tokenizer(models.BPE(vocab={letter: number for number, letter in enumerate(alphabet)}, merges=[]))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    thoughts = ("<think>", "</think>")
    specials = [s for s in dict.fromkeys(["<BOS>", *stops, *SPECIAL.findall(text)]) if s not in thoughts]
    tokenizer.add_special_tokens(specials)
    tokenizer.add_tokens([*thoughts])
    made = PreTrainedTokenizerFast(tokenizer_object=tokenizer, bos_token="<BOS>", eos_token=stops[0])
    made.chat_template = text
    return Format(made, frozenset(made.convert_tokens_to_ids(list(stops))), special_texts(made))


def kind_of(text: str) -> str:
    """What of a turn only the markers learn."""
    if re.fullmatch(r"\s*(<think>)?\s*(</think>)?\s*", text):
        return "thinking block"
    return "behind the end" if text.strip() == "<|endoftext|>" else "header"


def kind(refused: str) -> str:
    """A refusal in a few words."""
    return re.sub(r"\d+", "N", refused.splitlines()[0])[:70]
