"""Extends a vocabulary by tokens of other languages without changing how English is cut (section 3.2: 100K + 28K).

The new merges stand behind all old ones, so a word is first cut as before, and a new merge can only join what the old
ones left apart. English stays as it is because no new token can be found in it:

- A token with a letter beyond ASCII cannot occur in ASCII text. Tokens begin at the start of a character, and
  characters whose UTF-8 starts with C2, E2, EF or F0 and up (dashes, curly quotes, signs, emoji) are left alone. So
  English text made of ASCII and of typographic signs keeps its ids, whatever it says: by construction.
- Where a reference of English text is given, tokens of ASCII letters alone are taken too, and none of either kind whose
  two halves meet in a word of the reference as it is cut now: the first merge that could touch it. So the reference keeps its ids by construction, and other English text as far as the
  reference is like it: `changed_words` says how far. A reference should be large, hold a word list, and quote little of
  the languages that are added, for what it quotes is kept as it was. Only its words in other scripts than Latin count
  as no English.
"""

import itertools
import json
import shutil
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

from checkpoints.files import read_object, refuse_unreadable
from pretrain.errors import PretrainError
from pretrain.tokenizer.merges import balanced, learn_merges

if TYPE_CHECKING:
    from tokenizers import Tokenizer

TOKENIZER_FILES = ("tokenizer_config.json", "special_tokens_map.json", "chat_template.jinja")
EMBEDDINGS = ("model.embed_tokens.weight", "lm_head.weight")


@dataclass(frozen=True)
class Extension:
    """What an extension added."""

    folder: Path
    old_size: int
    new_tokens: tuple[str, ...]
    """In the order of their ids, which start at `old_size`, as text; a token that is part of a character has a U+FFFD."""
    ascii_tokens: int
    """How many of them are ASCII letters alone: those that only the reference keeps out of English."""


def extend_tokenizer(
    folder: Path,
    texts_by_language: Mapping[str, Iterable[str]],
    new_tokens: int,
    out: Path,
    english: Iterable[str] | None = None,
) -> Extension:
    """Write to `out` the tokenizer of `folder` with up to `new_tokens` more tokens, learned from these languages alike.

    Every old token keeps its id. `english` is the reference text described above; without it, every new token has a
    letter beyond ASCII. Raises PretrainError for a tokenizer that is not byte-level BPE and for languages without text.
    """
    from tokenizers import Tokenizer

    tokenizer, tree = read_bpe(folder)
    counts = {language: _words(tokenizer, texts) for language, texts in texts_by_language.items()}
    for language, words in counts.items():
        if not words:
            raise PretrainError(f"language {language}: no text to learn from; give a folder or file with text")
    if not counts or new_tokens < 1:
        raise PretrainError("an extension needs at least one language and one new token")
    cut = _cutter(tokenizer)
    reference = {word for word in _words(tokenizer, english or ()) if _latin(word)}
    meeting = {pair for word in reference for pair in itertools.pairwise(cut(word))}
    pieces = [(cut(word), weight) for word, weight in sorted(balanced(counts).items())]
    model = tree["model"]
    old = tokenizer.get_vocab(with_added_tokens=True)
    merges = learn_merges(
        [(parts, weight) for parts, weight in pieces if len(parts) > 1],
        new_tokens,
        set(old),
        may_hold=_beyond_ascii if english is None else _word_part,
        # The second test alone decides for most tokenizers; Llama 3's also takes any word that is a token as it is.
        may_be=lambda pair: pair not in meeting and pair[0] + pair[1] not in reference,
    )
    old_size = max(old.values()) + 1
    made = [left + right for left, right in merges]
    # Special tokens may stand behind the model's vocabulary (Llama 3, Qwen). The library numbers those anew behind whatever is
    # in the model, so they go into it, where they keep their ids as SmolLM2's do; no merge makes them.
    model["vocab"].update(old)
    model["vocab"].update({token: old_size + number for number, token in enumerate(made)})
    for added in tree["added_tokens"]:
        added["id"] = old[added["content"]]
    as_pairs = not model["merges"] or isinstance(model["merges"][0], list)
    model["merges"] += [[left, right] if as_pairs else f"{left} {right}" for left, right in merges]
    written = json.dumps(tree, ensure_ascii=False)
    extended = Tokenizer.from_str(written)
    _assert_numbered(old, made, extended)
    _assert_unchanged(cut, _cutter(extended), reference)
    out.mkdir(parents=True, exist_ok=True)
    (out / "tokenizer.json").write_text(written, encoding="utf-8")
    for name in TOKENIZER_FILES:
        if (folder / name).exists() and folder.resolve() != out.resolve():
            shutil.copyfile(folder / name, out / name)
    return Extension(
        out,
        old_size,
        tuple(_bytes_of(token).decode("utf-8", errors="replace") for token in made),
        sum(not _beyond_ascii(token) for token in made),
    )


def changed_words(before: Path, after: Path, texts: Iterable[str]) -> Counter[str]:
    """The words that the two tokenizers cut differently, and how often each stands in the texts."""
    old, new = read_bpe(before)[0], read_bpe(after)[0]
    cut_old, cut_new = _cutter(old), _cutter(new)
    changed = {word: n for word, n in _words(old, texts).items() if cut_old(word) != cut_new(word)}
    return Counter({_bytes_of(word).decode("utf-8", errors="replace"): n for word, n in changed.items()})


def initialise_embeddings(weight: Tensor, old: Path, new: Path) -> Tensor:
    """Rows for the extended vocabulary: each new token's is the mean of the rows of the tokens it used to be.

    `weight` (rows, width) of an embedding or an output layer; rows past the old vocabulary are padding, and are the
    first to be used. Returns (max(rows, new vocabulary), width) in the same dtype; old tokens' rows are copied.
    """
    before, tree = read_bpe(old)
    after, _ = read_bpe(new)
    old_size = max(before.get_vocab(with_added_tokens=True).values()) + 1
    new_size = max(after.get_vocab(with_added_tokens=True).values()) + 1
    if weight.shape[0] < old_size:
        raise PretrainError(
            f"the embedding has {weight.shape[0]} rows, its tokenizer {old} {old_size} tokens; "
            "give the tokenizer that the checkpoint was trained with"
        )
    names = {id_: token for token, id_ in after.get_vocab(with_added_tokens=True).items()}
    strangers = [token for token, id_ in before.get_vocab(with_added_tokens=True).items() if names.get(id_) != token]
    if strangers:
        raise PretrainError(
            f"{new} is no extension of {old}: token {strangers[0]!r} has another id; "
            "make it with `lab pretrain tokenizer extend`"
        )
    result = weight.new_zeros(max(weight.shape[0], new_size), weight.shape[1])
    result[: weight.shape[0]] = weight
    known = tree["model"]["vocab"]
    cut = _cutter(before)
    for id_ in range(old_size, new_size):
        parts = torch.tensor([known[part] for part in cut(names[id_])])
        result[id_] = weight[parts].float().mean(dim=0).to(weight.dtype)
    return result


def extend_checkpoint(checkpoint: Path, tokenizer: Path, out: Path) -> Path:
    """Write to `out` the Hugging Face checkpoint with the extended tokenizer and the rows it needs, tied or untied."""
    from safetensors import safe_open
    from safetensors.torch import save_file

    shards = sorted(checkpoint.glob("*.safetensors"))
    if not shards or not (checkpoint / "config.json").exists():
        raise PretrainError(f"{checkpoint}: no config.json with .safetensors files; give a Hugging Face checkpoint")
    refuse_unreadable(checkpoint)
    out.mkdir(parents=True, exist_ok=True)
    rows = added_bytes = 0
    for shard in shards:
        with safe_open(shard, framework="pt") as file:
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118  (not a mapping)
            metadata = file.metadata()
        for name in set(EMBEDDINGS) & set(tensors):
            before = tensors[name]
            tensors[name] = initialise_embeddings(before, checkpoint, tokenizer)
            rows = len(tensors[name])
            added_bytes += tensors[name].nbytes - before.nbytes
        save_file(tensors, out / shard.name, metadata=metadata)
    if not rows:
        raise PretrainError(f"{checkpoint}: no {EMBEDDINGS[0]} in its files; not a Llama-like checkpoint")
    config = read_object(checkpoint / "config.json")
    config["vocab_size"] = rows
    (out / "config.json").write_text(json.dumps(config, indent=2) + "\n", encoding="utf-8")
    index = checkpoint / "model.safetensors.index.json"
    if index.exists():
        listing = read_object(index)
        listing["metadata"]["total_size"] += added_bytes
        (out / index.name).write_text(json.dumps(listing, indent=2) + "\n", encoding="utf-8")
    if (checkpoint / "generation_config.json").exists():
        shutil.copyfile(checkpoint / "generation_config.json", out / "generation_config.json")
    for name in ("tokenizer.json", *TOKENIZER_FILES):
        if (tokenizer / name).exists() and tokenizer.resolve() != out.resolve():
            shutil.copyfile(tokenizer / name, out / name)
    return out


def read_bpe(folder: Path) -> "tuple[Tokenizer, dict[str, Any]]":
    """The tokenizer of a directory and the tree of its tokenizer.json; an error unless it is byte-level BPE."""
    from pretrain.data.pack import load_tokenizer

    path = folder / "tokenizer.json"
    if not path.exists():
        raise PretrainError(f"{path}: no such file; give a Hugging Face tokenizer directory")
    refuse_unreadable(folder)  # before it is copied: a pipe or a device would be without end
    tree = read_object(path)
    splitter = json.dumps(tree.get("pre_tokenizer"))
    model = tree.get("model")
    if (
        not isinstance(model, dict)
        or model.get("type") != "BPE"
        or '"ByteLevel"' not in splitter
        or tree.get("normalizer")
    ):
        raise PretrainError(
            f"{path}: not byte-level BPE without a normalizer, the only kind whose merges can be gone on with"
        )
    return load_tokenizer(folder), tree


def _words(tokenizer: "Tokenizer", texts: Iterable[str]) -> Counter[str]:
    """How often each word occurs, cut by the tokenizer's own pattern and spelled in its letters for bytes."""
    split = tokenizer.pre_tokenizer.pre_tokenize_str
    words: Counter[str] = Counter()
    for text in texts:
        words.update(word for word, _ in split(text))
    return words


def _cutter(tokenizer: "Tokenizer") -> Callable[[str], list[str]]:
    tokenize = tokenizer.model.tokenize
    return lambda word: [token.value for token in tokenize(word)]


def _assert_unchanged(
    before: Callable[[str], list[str]], after: Callable[[str], list[str]], words: Iterable[str]
) -> None:
    for word in words:
        if before(word) != after(word):
            raise AssertionError(f"the English word {word!r} is cut differently: {before(word)} and {after(word)}")


def _assert_numbered(old: Mapping[str, int], made: Sequence[str], extended: "Tokenizer") -> None:
    """Every old token has its id, each new one the next, and no id is held twice."""
    first = max(old.values()) + 1
    wanted = {**{token: first + number for number, token in enumerate(made)}, **old}
    if extended.get_vocab(with_added_tokens=True) != wanted:
        found = extended.get_vocab(with_added_tokens=True)
        moved = sorted(token for token in wanted if found.get(token) != wanted[token])
        raise AssertionError(
            f"the token {moved[0]!r} would have the id {found.get(moved[0])} instead of {wanted[moved[0]]}"
        )


def _letters_for_bytes() -> dict[str, int]:
    """GPT-2's printable letter for each byte, backwards."""
    plain = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    rest = [byte for byte in range(256) if byte not in plain]
    return {chr(byte): byte for byte in plain} | {chr(256 + number): byte for number, byte in enumerate(rest)}


BYTE_OF = _letters_for_bytes()
SIGNS = frozenset({0xC2, 0xE2, 0xEF, *range(0xF0, 0x100)})


def _bytes_of(token: str) -> bytes:
    return bytes(BYTE_OF[letter] for letter in token)


def _beyond_ascii(token: str) -> bool:
    """Whether a token has a byte beyond ASCII, begins with a character, and holds none of the signs English uses."""
    spelled = _bytes_of(token)
    if spelled.isascii() or not SIGNS.isdisjoint(spelled):
        return False
    return not 0x80 <= spelled.lstrip(b" ")[0] < 0xC0


def _latin(word: str) -> bool:
    """Whether a word has no letter of another script: none from U+0300 on, but for signs."""
    return all(byte < 0xCC or byte in SIGNS for byte in _bytes_of(word))


def _word_part(token: str) -> bool:
    """The above, or a token of ASCII letters with at most a space before them."""
    spelled = _bytes_of(token)
    return spelled.removeprefix(b" ").isalpha() if spelled.isascii() else _beyond_ascii(token)
