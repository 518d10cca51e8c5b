"""A checkpoint of two random Llama layers with a tokenizer and a chat template of its own: nothing is downloaded for it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

TEMPLATE = (
    "{%- for m in messages -%}{{ '<|turn|>' + m['role'] + '\\n' + m['content'] + '<|end|>\\n' }}{%- endfor -%}"
    "{%- if add_generation_prompt -%}{{ '<|turn|>assistant\\n' }}{%- endif -%}"
)
SPECIALS = ("<|begin|>", "<|end|>", "<|turn|>")
"""Behind the vocabulary, in `added_tokens` alone, as Llama 3 and Qwen have them."""


def tiny_tokenizer(folder: Path) -> Path:
    """Byte-level BPE over some English, 273 tokens, with `SPECIALS` behind them."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=280, initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False
    )
    tokenizer.train_from_iterator(["the cat sat on the mat and the hat "] * 50, trainer)
    tokenizer.add_special_tokens(list(SPECIALS))
    folder.mkdir(parents=True, exist_ok=True)
    tokenizer.save(str(folder / "tokenizer.json"))
    names = {"bos_token": "<|begin|>", "eos_token": "<|end|>"}
    config = {"tokenizer_class": "PreTrainedTokenizerFast", **names, "clean_up_tokenization_spaces": False}
    (folder / "tokenizer_config.json").write_text(json.dumps(config))
    (folder / "chat_template.jinja").write_text(TEMPLATE)
    return folder


def tiny_checkpoint(folder: Path, tied: bool = True, width: int = 32, seed: int = 1) -> Path:
    """The checkpoint in `folder`, in bfloat16; the same weights at every call. vLLM hosts it from a width of 64 on."""
    import torch
    from transformers import LlamaConfig, LlamaForCausalLM

    tiny_tokenizer(folder)
    torch.manual_seed(seed)
    config = LlamaConfig(
        vocab_size=280,
        hidden_size=width,
        intermediate_size=2 * width,
        num_hidden_layers=2,
        num_attention_heads=2,
        num_key_value_heads=1,
        max_position_embeddings=8 * width,
        tie_word_embeddings=tied,
        bos_token_id=273,
        eos_token_id=274,
    )
    LlamaForCausalLM(config).to(torch.bfloat16).save_pretrained(folder)
    return folder


def edit_weights(folder: Path, change: Callable[[dict[str, Any]], object]) -> Path:
    """`change` is given the tensors by name, and leaves in it those to be written; returns `folder`."""
    from safetensors.torch import load_file, save_file

    file = folder / "model.safetensors"
    tensors = load_file(file)
    change(tensors)
    save_file(tensors, file, metadata={"format": "pt"})
    return folder


def edit_json(file: Path, **fields: Any) -> Path:
    """Fields of a JSON file of the checkpoint replaced; returns the checkpoint's folder."""
    file.write_text(json.dumps({**json.loads(file.read_text()), **fields}))
    return file.parent


def tiny_reward_model(base: Path, folder: Path) -> Path:
    """What `lab train reward` leaves of a tiny checkpoint, with a head of random numbers."""
    import torch

    from alignment.tokens.conversations import load_format
    from alignment.trainings.reward import as_a_scorer, load_scorer, padding_of
    from checkpoints.write import write_like

    tiny_checkpoint(base)
    form = load_format(base)
    model = load_scorer(base, padding_of(form))
    torch.manual_seed(3)
    model.score.weight.data.normal_()
    changed = as_a_scorer(model, form, padding_of(form))
    folder.mkdir(parents=True, exist_ok=True)
    write_like(model, base, folder, draft=folder / "draft", leave=(), changed=changed)
    return folder


def tiny_step_scorer(base: Path, folder: Path) -> Path:
    """What `lab train stepwise` leaves of a tiny checkpoint, with a head of random numbers."""
    import torch

    from alignment.trainings.stepwise import as_a_step_scorer, load_step_scorer
    from checkpoints.write import write_like

    model = load_step_scorer(tiny_checkpoint(base))
    torch.manual_seed(3)
    model.score.weight.data.normal_()
    folder.mkdir(parents=True, exist_ok=True)
    write_like(model, base, folder, draft=folder / "draft", changed=as_a_step_scorer(model))
    return folder
