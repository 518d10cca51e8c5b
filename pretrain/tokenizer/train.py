"""Byte-level BPE: train a vocabulary, and compare two by compression. `extend.py` extends one by other languages.

The pattern that splits text before merging is tiktoken's for cl100k, which Llama 3's 128K vocabulary is built on
(section 3.2). Everything is written as a Hugging Face tokenizer directory.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pretrain.errors import PretrainError

if TYPE_CHECKING:
    from tokenizers import Tokenizer

BOS, EOS, PAD = "<|begin_of_text|>", "<|end_of_text|>", "<|pad|>"
SPECIAL_TOKENS = (BOS, EOS, PAD)
BYTES = 256


def split_pattern(digits: int = 3) -> str:
    """The pattern by which tiktoken's cl100k and Llama 3 cut text into words; numbers into groups of `digits`."""
    return (
        r"(?i:'s|'t|'re|'ve|'m|'ll|'d)"  # English contractions
        r"|[^\r\n\p{L}\p{N}]?\p{L}+"  # a word with the one character before it
        rf"|\p{{N}}{{1,{digits}}}"
        r"| ?[^\s\p{L}\p{N}]+[\r\n]*"  # punctuation with the line's end
        r"|\s*[\r\n]+|\s+(?!\S)|\s+"
    )


def train_tokenizer(
    texts: Iterable[str],
    vocab_size: int,
    out: Path,
    special_tokens: Sequence[str] = SPECIAL_TOKENS,
    digits: int = 3,
) -> Path:
    """Learn a vocabulary of at most `vocab_size` tokens, special tokens included, and write it to `out`.

    Any text comes back from its token ids unchanged, because every byte is a token. The first three special tokens are
    beginning, end and padding; `digits` is how many digits one token may hold. Encoding puts BOS first, as Llama 3 does.
    """
    from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, pre_tokenizers, processors, trainers

    if len(special_tokens) < len(SPECIAL_TOKENS) or len(set(special_tokens)) < len(special_tokens):
        raise PretrainError(
            f"special tokens {list(special_tokens)}: at least three different ones: beginning, end, padding"
        )
    if vocab_size < BYTES + len(special_tokens):
        raise PretrainError(
            f"vocab_size {vocab_size}: at least {BYTES + len(special_tokens)}: {BYTES} bytes and "
            f"{len(special_tokens)} special tokens"
        )
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(split_pattern(digits)), behavior="isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=vocab_size,
        special_tokens=[AddedToken(token, special=True, normalized=False) for token in special_tokens],
        initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()),
        show_progress=False,
    )
    tokenizer.train_from_iterator(texts, trainer)
    bos, eos, pad = special_tokens[:3]
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{bos} $A", pair=f"{bos} $A {bos} $B", special_tokens=[(bos, tokenizer.token_to_id(bos))]
    )
    config = {
        "tokenizer_class": "PreTrainedTokenizerFast",
        "bos_token": bos,
        "eos_token": eos,
        "pad_token": pad,
        "clean_up_tokenization_spaces": False,
        "model_input_names": ["input_ids", "attention_mask"],
        "model_max_length": 131072,
    }
    return write_directory(tokenizer, config, out)


def write_directory(tokenizer: "Tokenizer", config: dict[str, object], out: Path) -> Path:
    """A Hugging Face tokenizer directory, which AutoTokenizer loads and vLLM hosts."""
    out.mkdir(parents=True, exist_ok=True)
    tokenizer.save(str(out / "tokenizer.json"))
    (out / "tokenizer_config.json").write_text(json.dumps(config, indent=2) + "\n", encoding="utf-8")
    return out


@dataclass(frozen=True)
class Compression:
    """How many characters a token stands for, in one text under two tokenizers."""

    language: str
    characters: int
    tokens_before: int
    tokens_after: int
    unchanged: bool
    """Whether both gave the same ids."""

    @property
    def before(self) -> float:
        """Characters per token of the first tokenizer."""
        return self.characters / max(1, self.tokens_before)

    @property
    def after(self) -> float:
        """Characters per token of the second."""
        return self.characters / max(1, self.tokens_after)

    @property
    def gain(self) -> float:
        """0.2: the second packs 20% more characters into a token."""
        return self.tokens_before / max(1, self.tokens_after) - 1


def compare_tokenizers(before: Path, after: Path, texts_by_language: Mapping[str, Iterable[str]]) -> list[Compression]:
    """Characters per token by language, under one tokenizer and the other (section 3.2's 3.17 -> 3.94)."""
    from pretrain.data.pack import load_tokenizer

    old, new = load_tokenizer(before), load_tokenizer(after)
    rows = []
    for language, texts in texts_by_language.items():
        characters = tokens_before = tokens_after = 0
        unchanged = True
        for text in texts:
            a, b = (tokenizer.encode(text, add_special_tokens=False).ids for tokenizer in (old, new))
            characters += len(text)
            tokens_before += len(a)
            tokens_after += len(b)
            unchanged = unchanged and a == b
        if not characters:
            raise PretrainError(f"language {language}: no text to measure on; give a folder or file with text")
        rows.append(Compression(language, characters, tokens_before, tokens_after, unchanged))
    return rows
