"""What a checkpoint is: a Hugging Face directory that can be named, checked and told apart by its content."""

import hashlib
import math
import os
from pathlib import Path
from typing import Any

from checkpoints.errors import CheckpointError
from checkpoints.files import read_object, refuse_unreadable, shards_of
from checkpoints.weights import HEAD, refuse_second_head

DEFAULT = "default"
DEFAULT_DIR = Path(__file__).resolve().parent.parent / "checkpoints" / "SmolLM2-135M-Instruct"
IDENTITY_FILES = (
    "config.json",
    "generation_config.json",
    "tokenizer.json",
    "tokenizer_config.json",
    "chat_template.jinja",
)


NAMES = ("_name_or_path", "_model_name_or_path")
"""Keys of config.json that say only what a checkpoint was called."""


def is_url(checkpoint: str) -> bool:
    """Whether the checkpoint is somebody's server rather than a directory."""
    return checkpoint.startswith(("http://", "https://"))


def find(checkpoint: str) -> Path:
    """The directory of a checkpoint named by path, by Hub id, or as `default`; checked to be complete."""
    if checkpoint == DEFAULT:
        if not DEFAULT_DIR.exists():
            raise CheckpointError(f"{DEFAULT_DIR}: the default checkpoint is not there yet; `lab checkpoint` makes it")
        return check(DEFAULT_DIR)
    path = Path(checkpoint).expanduser()
    if path.exists():
        return check(path)
    if _is_of_the_hub(checkpoint):
        return check(_from_hub(checkpoint))
    raise CheckpointError(
        f"{checkpoint}: no such directory; give a Hugging Face directory, a Hub id (owner/name), a URL or `default`"
    )


def here(checkpoint: str) -> Path | None:
    """As `find`, without fetching anything: None for a Hub id, and for the default checkpoint where it is not there yet."""
    missing = not DEFAULT_DIR.exists() if checkpoint == DEFAULT else _is_of_the_hub(checkpoint)
    return None if missing else find(checkpoint)


def _is_of_the_hub(checkpoint: str) -> bool:
    named = checkpoint.count("/") == 1 and not checkpoint.startswith((".", "/"))
    return named and not Path(checkpoint).expanduser().exists()


def check(path: Path) -> Path:
    """`path`, if vLLM and transformers can load it; else an error that names the first thing missing or corrupt."""
    if not path.is_dir():
        raise CheckpointError(
            f"{path}: a checkpoint is a directory with config.json, tokenizer and safetensors; this is a file"
        )
    config = read_object(path / "config.json")
    refuse_unreadable(path)
    if "model_type" not in config:
        raise CheckpointError(f'{path / "config.json"}: no "model_type": not a transformers configuration')
    if not any((path / name).exists() for name in ("tokenizer.json", "tokenizer.model", "vocab.json")):
        raise CheckpointError(
            f"{path}: no tokenizer (tokenizer.json or tokenizer.model); copy the base checkpoint's tokenizer files here"
        )
    shards = weight_files(path)
    for shard in shards:
        check_safetensors(shard)
    refuse_second_head(path, shards, config)
    return path


def identity(path: Path) -> str:
    """SHA-256 over configuration, tokenizer and weights: the same content has the same identity wherever it lies."""
    digest = hashlib.sha256()
    for file in [*(path / name for name in IDENTITY_FILES if (path / name).exists()), *weight_files(path)]:
        with file.open("rb") as stream:
            digest.update(f"{file.name}:{hashlib.file_digest(stream, 'sha256').hexdigest()};".encode())
    return digest.hexdigest()[:32]


def chat_template(path: Path) -> Any:
    """A checkpoint's chat template, in a file of its own or among the tokenizer's settings, where it may be several by name; None
    where it has none. Raises CheckpointError.
    """
    file, config = path / "chat_template.jinja", path / "tokenizer_config.json"
    if file.is_file():
        return file.read_text(encoding="utf-8", errors="replace")
    return read_object(config).get("chat_template") if config.exists() else None


def weight_files(path: Path) -> list[Path]:
    """A checkpoint's safetensors files, in order. Raises CheckpointError where one is missing, or where they are there twice."""
    index, alone = path / "model.safetensors.index.json", path / "model.safetensors"
    shards = shards_of(index) if index.exists() else sorted(path.glob("*.safetensors"))
    if index.exists() and alone.exists() and alone not in shards:
        raise CheckpointError(
            f"{path}: holds the weights twice, in {alone.name} and in the files that {index.name} names, and some loaders take "
            "the one and some the other; take out which are not meant"
        )
    if not shards:
        raise CheckpointError(
            f"{path}: no safetensors weights; export the model with `save_pretrained(..., safe_serialization=True)`"
        )
    for shard in shards:
        if not shard.exists():
            raise CheckpointError(f"{shard}: named in {index.name} but missing; copy the whole checkpoint again")
    return shards


def parameters(path: Path) -> int:
    """Numbers in its weights, by the headers of the files; a head that is the token table counts once. Raises CheckpointError."""
    return sum(math.prod(shape) for shape in shapes(path).values())


def shapes(path: Path) -> dict[str, list[int]]:
    """The shape of each weight, by the headers of the files, without a head that is the token table. Raises CheckpointError."""
    from safetensors import safe_open

    tied = bool(read_object(path / "config.json").get("tie_word_embeddings"))
    found: dict[str, list[int]] = {}
    for shard in weight_files(path):
        with safe_open(shard, framework="numpy") as file:
            names = [name for name in file.keys() if not (tied and name == HEAD)]  # noqa: SIM118 -- it is no mapping
            found |= {name: file.get_slice(name).get_shape() for name in names}
    return found


def positions(path: Path) -> int | None:
    """Tokens that a checkpoint has positions for; None where it does not say, or stretches them. Raises CheckpointError."""
    config = read_object(path / "config.json")
    most = config.get("max_position_embeddings")
    scaled = config.get("rope_scaling") or config.get("rope_parameters") or {}
    return most if isinstance(most, int) and "factor" not in scaled else None


def vocabulary(path: Path) -> int | None:
    """Tokens that a checkpoint has embeddings for, by its configuration; None where it does not say. Raises CheckpointError."""
    size = read_object(path / "config.json").get("vocab_size")
    return size if isinstance(size, int) else None


def context_of(path: Path, wanted: int) -> int:
    """Tokens of a context as large as is wanted, or as a checkpoint has positions for. Raises CheckpointError."""
    most = positions(path)
    return wanted if most is None else min(wanted, most)


def check_safetensors(path: Path) -> None:
    """The header is sound and the file as long as the header says: a download that was cut short shows here, not in vLLM."""
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(path, framework="numpy") as file:
            if not list(file.keys()):
                raise CheckpointError(f"{path}: holds no tensor")
    except (SafetensorError, OSError) as error:
        raise CheckpointError(
            f"{path}: corrupt or incomplete safetensors file ({error}); copy or download it again"
        ) from None


def _from_hub(name: str) -> Path:
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HfHubHTTPError, LocalEntryNotFoundError

    try:
        return Path(snapshot_download(name, allow_patterns=["*.json", "*.safetensors", "*.model", "*.jinja", "*.txt"]))
    except (HfHubHTTPError, LocalEntryNotFoundError, OSError, ValueError) as error:  # ValueError: no name of the Hub's
        hint = " (HF_HUB_OFFLINE is set)" if os.environ.get("HF_HUB_OFFLINE") else ""
        raise CheckpointError(
            f"{name}: no such directory, and the Hub does not give it{hint}: {str(error).splitlines()[0]}"
        ) from None


def same_architecture(first: Path, second: Path) -> bool:
    """Whether one's weights fit into an engine that hosts the other: equal shapes, equal tokenizer, equal ends of an answer."""
    volatile = {*NAMES, "transformers_version", "dtype", "torch_dtype", "use_cache", "architectures"}
    configs = [
        {k: v for k, v in read_object(path / "config.json").items() if k not in volatile} for path in (first, second)
    ]
    tokenizers = [_file_digest(path / "tokenizer.json") for path in (first, second)]
    ends = [_generation(path).get("eos_token_id") for path in (first, second)]  # an engine reads them once
    return configs[0] == configs[1] and tokenizers[0] == tokenizers[1] and ends[0] == ends[1]


def _generation(path: Path) -> dict[str, Any]:
    file = path / "generation_config.json"
    return read_object(file) if file.exists() else {}


def _file_digest(path: Path) -> str | None:
    if not path.exists():
        return None
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
