"""A checkpoint of two layers and a few rows, made once for all tests of training."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from small_trainings import CHECKPOINT, TOKENIZER_FILES, WORDS, assistant, parquet, user

from alignment.tokens.conversations import Format, load_format


@pytest.fixture(scope="module")
def one_core() -> Iterator[None]:
    """A model this small gains nothing from a second thread and loses much to waiting for it on a busy machine."""
    import torch

    cores, threads = os.sched_getaffinity(0), torch.get_num_threads()
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    os.sched_setaffinity(0, {sorted(cores)[worker % len(cores)]})  # another one for each process of the suite
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)
    os.sched_setaffinity(0, cores)


@pytest.fixture(scope="session")
def form() -> Format:
    return load_format(CHECKPOINT)


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two random Llama layers with the default checkpoint's tokenizer and template."""
    import torch
    from transformers import LlamaConfig, LlamaForCausalLM

    folder = tmp_path_factory.mktemp("tiny")
    torch.manual_seed(0)
    config = LlamaConfig(
        vocab_size=49152,
        hidden_size=64,
        intermediate_size=128,
        num_hidden_layers=2,
        num_attention_heads=4,
        num_key_value_heads=2,
        tie_word_embeddings=True,
        bos_token_id=1,
        eos_token_id=2,
        pad_token_id=2,
    )
    LlamaForCausalLM(config).to(torch.bfloat16).save_pretrained(folder)
    for name in TOKENIZER_FILES:
        if (CHECKPOINT / name).is_file():
            shutil.copyfile(CHECKPOINT / name, folder / name)
    return folder


@pytest.fixture(scope="session")
def sft_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    rows = [{"messages": [user(f"Say {word}."), assistant(f"{word} " * (i + 1))]} for i, word in enumerate(WORDS)]
    return parquet(tmp_path_factory.mktemp("data") / "sft.parquet", rows)


@pytest.fixture(scope="session")
def dpo_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    rows = [
        {"prompt": [user(f"Say {word}.")], "chosen": [assistant(f"{word} " * (i + 1))], "rejected": [assistant("no")]}
        for i, word in enumerate(WORDS)
    ]
    return parquet(tmp_path_factory.mktemp("data") / "dpo.parquet", rows)
