"""Sentence vectors from a checkpoint's own token table: a static model, nothing to download and no forward pass.

As model2vec distils a transformer: the table is centred, reduced by PCA and weighted by SIF (token ids of a byte-pair vocabulary run
from frequent to rare), a text is the mean of its tokens. The two leading components are left out (Mu and Viswanath 2018): in a
language model's table they carry how frequent a token is, and with them any two texts have a cosine above 0.9.
"""

import itertools
import json
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

from checkpoints import CheckpointError
from checkpoints.files import read_plain_tokenizer
from checkpoints.weights import HEAD
from curation.dedup.tokens import Tokens

DIMENSIONS = 256
LEADING = 2
SIF = 1e-4
TABLES = (
    "model.embed_tokens.weight",
    "transformer.wte.weight",
    "gpt_neox.embed_in.weight",
    "model.tok_embeddings.weight",
)
"""What the token table is called in the architectures that vLLM hosts; else the first with `embed` in its name."""
LONGEST_HEADER = 100 << 20
"""Bytes; the format's own bound."""
TEXTS = 1024
"""Texts encoded in one call."""
LONGEST_TOKENS = 8192
"""Tokens of a text that count. model2vec's own 512 makes duplicates of all rows that begin with one long text, as questions about a
document do (`findings/one_beginning_makes_duplicates_in_semhash_0.5.sh`).
"""


def static_model(checkpoint: Path) -> Any:
    """A `model2vec.StaticModel` of the checkpoint's token table. Raises CheckpointError."""
    import numpy as np
    from model2vec import StaticModel

    path = checkpoint / "tokenizer.json"
    if not path.exists():
        raise CheckpointError(f"{path}: missing; semantic de-duplication needs a checkpoint with a tokenizer.json")
    tokenizer = read_plain_tokenizer(checkpoint)
    size = tokenizer.get_vocab_size()
    table = _table(checkpoint)
    if len(table) < size:
        raise CheckpointError(
            f"{checkpoint}: {size} tokens but a table of {len(table)}; is it this checkpoint's tokenizer?"
        )
    vectors = _reduced(table[:size])  # tables are often padded
    frequency = 1 / np.arange(2, size + 2)
    frequency /= frequency.sum()
    vectors *= (SIF / (SIF + frequency))[:, None]
    return StaticModel(vectors.astype(np.float32), tokenizer, normalize=True, max_length=LONGEST_TOKENS)


def encode(model: Any, texts: Sequence[str]) -> Any:
    """Unit vectors, `(len(texts), dimensions)` of float16; a text of no known token is the zero vector."""
    import numpy as np

    return np.concatenate([np.empty((0, model.dim), np.float16), *encoded(model, texts)])


def encoded(model: Any, texts: Iterable[str]) -> Iterator[Any]:
    """The same, `(at most TEXTS, dimensions)` at a time: what `model.encode` gives, whose time goes into tokens of words it
    has met and into a copy of the table's row for every token.
    """
    tokens, source = Tokens(model), iter(texts)
    with ThreadPoolExecutor(1) as pool:  # the product holds no lock of Python's: beside it the next tokens are found
        before: Future[Any] | None = None
        while batch := list(itertools.islice(source, TEXTS)):
            after = pool.submit(_means, model.embedding, tokens(batch))
            if before:
                yield before.result()
            before = after
        if before:
            yield before.result()


def _means(table: Any, tokens: Sequence[Sequence[int]]) -> Any:
    """The mean of the table's rows that each has, as a unit vector of float16."""
    import numpy as np
    from scipy.sparse import csr_array

    ends = np.cumsum([0, *map(len, tokens)], dtype=np.int32)
    columns = np.fromiter(itertools.chain.from_iterable(tokens), np.int32, int(ends[-1]))
    sums = csr_array((np.ones(len(columns), np.float32), columns, ends), (len(tokens), len(table))) @ table
    return (sums / (np.linalg.norm(sums, axis=1, keepdims=True) + 1e-32)).astype(np.float16)


def _reduced(table: Any) -> Any:
    """`table` by its principal components from `LEADING` on, at most `DIMENSIONS` of them."""
    import numpy as np

    centred = table - table.mean(axis=0)
    _, components = np.linalg.eigh(centred.T @ centred)
    return centred @ components[:, ::-1][:, LEADING : LEADING + DIMENSIONS]


def _table(checkpoint: Path) -> Any:
    """The token table as float32 `(vocabulary, hidden size)`."""
    heads = []
    for shard in sorted(checkpoint.glob("*.safetensors")):
        try:
            header, start = _header(shard)
        except (OSError, ValueError) as error:
            raise CheckpointError(f"{shard}: not a readable safetensors file ({error})") from None
        name = next((name for name in TABLES if name in header), None) or next(filter(_may_be_table, header), None)
        if name:
            return _tensor(shard, start, header[name])
        if HEAD in header:
            heads.append((shard, start, header[HEAD]))
    if heads and _tied(checkpoint):  # stored once, under the head's name
        return _tensor(*heads[0])
    raise CheckpointError(f"{checkpoint}: no token table among its safetensors; give --checkpoint another one")


def _tied(checkpoint: Path) -> bool:
    try:
        return bool(json.loads((checkpoint / "config.json").read_text(encoding="utf-8")).get("tie_word_embeddings"))
    except (OSError, ValueError, AttributeError):
        return False


def _may_be_table(name: str) -> bool:
    return "embed" in name and name.endswith("weight") and "pos" not in name


def _header(shard: Path) -> tuple[dict[str, Any], int]:
    """(what tensors there are, where their bytes begin)"""
    with shard.open("rb") as file:
        length = int.from_bytes(file.read(8), "little")
        if length > LONGEST_HEADER:
            raise ValueError("its header is too long")
        header = json.loads(file.read(length))
    if not isinstance(header, dict):
        raise ValueError("its header is no object")
    return header, 8 + length


def _tensor(shard: Path, start: int, entry: dict[str, Any]) -> Any:
    """One tensor as float32. Read by hand: numpy knows no bfloat16, and torch takes longer to import than this to run."""
    import numpy as np

    kinds = {"BF16": np.uint16, "F16": np.float16, "F32": np.float32}
    if entry["dtype"] not in kinds:
        raise CheckpointError(f"{shard}: a token table of {entry['dtype']}; known: {', '.join(kinds)}")
    stored = np.memmap(shard, kinds[entry["dtype"]], "r", start + entry["data_offsets"][0], tuple(entry["shape"]))
    if entry["dtype"] != "BF16":
        return stored.astype(np.float32)
    return (stored.astype(np.uint32) << 16).view(np.float32)
