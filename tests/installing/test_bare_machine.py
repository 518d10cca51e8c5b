"""The torch core runs where only torch, triton, safetensors, numpy and transformers are installed: a bare GPU machine."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
ABSENT = (
    *(
        "accelerate",
        "datasets",
        "docker",
        "emoji",
        "faiss",
        "fastapi",
        "gguf",
        "httpx",
        "jinja2",
        "math_verify",
        "model2vec",
    ),
    *("openai", "pandas", "prometheus_client", "pyarrow", "pydantic", "pygments", "rensa", "rich", "scipy"),
    *("tensorboard", "trl", "typer", "uvicorn", "vllm"),
)
WITHOUT = """
import sys
class Without:
    def __init__(self, finder):
        self.finder = finder
    def __getattr__(self, name):
        return getattr(self.finder, name)
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] not in sys.argv[1].split(","):
            return self.finder.find_spec(name, path, target)
sys.meta_path[:] = [Without(finder) for finder in sys.meta_path]
"""
PROGRAM = f"""{WITHOUT}
import torch
from pretrain.data import loader, pack, packing, shards
from pretrain.distributed import parallel
from pretrain.huggingface import load_huggingface, save_huggingface
from pretrain.kernels import attention
from pretrain.model import ModelConfig, Transformer
from pretrain.objective import Objective
from pretrain.training import trainer
shape = dict(hidden_size=32, intermediate_size=64, num_hidden_layers=1, num_attention_heads=2, num_key_value_heads=1)
model = Transformer(ModelConfig(vocab_size=64, **shape))
tokens = torch.arange(16)
loss = Objective(model)(tokens, tokens.roll(-1), torch.tensor([0, 16], dtype=torch.int32))
loss.backward()
print(float(loss))
"""


def test_the_torch_core_trains_without_any_other_package() -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, ",".join(ABSENT)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert float(done.stdout) > 0


def test_sandbox_runner_and_command_line_need_no_torch() -> None:
    program = f"{WITHOUT}\nimport sandbox, cli, recipes, rows, ledger, prompts\n"
    heavy = "torch,transformers,trl,vllm,datasets,pyarrow,numpy,scipy"
    done = subprocess.run([sys.executable, "-c", program, heavy], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
