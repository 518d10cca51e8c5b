"""The architecture, against the paper's figures and against transformers; Hugging Face directories in and out."""

import ast
import json
from pathlib import Path

import pytest
import torch
from torch import Tensor

from pretrain.errors import PretrainError
from pretrain.huggingface import load_huggingface, read_config, save_huggingface
from pretrain.kernels import attention, reference
from pretrain.model import ModelConfig, RopeScaling, Transformer, document_positions, parameter_count, training_flops
from pretrain.sizes import SIZES, size

KNOWN = {"checkpoints", "pretrain", "recipes", "rows"}
"""Packages of ours that it may import."""
OTHERS = {"cli"} | {found.parent.name for found in Path().glob("[a-z]*/__init__.py")} - KNOWN


def tiny(**changes: object) -> ModelConfig:
    fields: dict = {
        "vocab_size": 101,
        "hidden_size": 48,
        "intermediate_size": 80,
        "num_hidden_layers": 2,
        "num_attention_heads": 6,
        "num_key_value_heads": 2,
        "max_position_embeddings": 256,
    }
    return ModelConfig(**(fields | changes))


def made(config: ModelConfig) -> Transformer:
    model = Transformer(config)
    model.initialise(torch.Generator().manual_seed(0))
    with torch.no_grad():
        for parameter in model.parameters():  # norms of 1 would hide a norm that is applied twice or not at all
            parameter.add_(torch.randn(parameter.shape, generator=torch.Generator().manual_seed(1)) * 0.05)
    return model


def offsets(*bounds: int) -> Tensor:
    return torch.tensor(bounds, dtype=torch.int32)


def test_pretrain_imports_rows_checkpoints_and_recipes_alone_of_ours() -> None:
    for path in Path("pretrain").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            names = (
                [alias.name for alias in node.names]
                if isinstance(node, ast.Import)
                else [node.module or ""]
                if isinstance(node, ast.ImportFrom)
                else []
            )
            assert not [name for name in names if name.split(".")[0] in OTHERS], path


@pytest.mark.parametrize(
    ("name", "parameters"),
    [
        ("smollm2-135m", 134_515_008),
        ("8b", 8_030_261_248),
        ("70b", 70_553_706_496),
        ("405b", 405_853_388_800),
    ],
)
def test_named_sizes_have_the_published_parameter_counts(name: str, parameters: int) -> None:
    assert parameter_count(size(name)) == parameters


def test_an_unknown_size_is_refused_with_those_known() -> None:
    with pytest.raises(PretrainError, match="known: 1m"):
        size("9b")


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"num_key_value_heads": 4}, "num_attention_heads = 6 does not divide by num_key_value_heads = 4"),
        ({"hidden_size": 50}, "hidden_size = 50 does not divide"),
        ({"head_dim": 7}, "head_dim = 7 must be even"),
        ({"num_hidden_layers": 0}, "num_hidden_layers is 0"),
        ({"rope_theta": 0.5}, "rope_theta"),
    ],
)
def test_a_shape_that_cannot_be_is_refused_with_its_figures(changes: dict, message: str) -> None:
    with pytest.raises(PretrainError, match=message):
        tiny(**changes)


def test_a_document_past_rope_is_refused_with_the_mend() -> None:
    with pytest.raises(PretrainError, match=r"257 tokens is longer than max_position_embeddings = 256.*rope_theta"):
        tiny().check_length(257)


def test_positions_restart_at_each_document_and_empty_ones_do_no_harm() -> None:
    assert document_positions(offsets(0, 3, 3, 4, 8), 8).tolist() == [0, 1, 2, 0, 0, 1, 2, 3]


def test_a_packed_document_gives_what_it_gives_alone() -> None:
    model = made(tiny())
    tokens = torch.randint(0, 101, (40,), generator=torch.Generator().manual_seed(2))
    packed = model(tokens, offsets(0, 7, 8, 40))
    alone = model(tokens[8:], offsets(0, 32))
    torch.testing.assert_close(packed[8:], alone, rtol=1e-5, atol=1e-5)


def test_changing_one_document_changes_no_bit_of_another_nor_of_its_gradient() -> None:
    model = made(tiny())
    tokens = torch.randint(0, 101, (64,), generator=torch.Generator().manual_seed(2))
    other = tokens.clone()
    other[20:41] = (other[20:41] + 1) % 101
    results = []
    for given in (tokens, other):
        embedded = model.embedding(given).detach().requires_grad_()
        handle = model.embedding.register_forward_hook(lambda *_, embedded=embedded: embedded)
        hidden = model(given, offsets(0, 20, 41, 64))
        handle.remove()
        kept = torch.cat((hidden[:20], hidden[41:]))
        (hidden * torch.linspace(-1, 1, hidden.shape[-1])).sum().backward()
        assert embedded.grad is not None
        results.append((kept, torch.cat((embedded.grad[:20], embedded.grad[41:]))))
    assert torch.equal(results[0][0], results[1][0])
    assert torch.equal(results[0][1], results[1][1])


@pytest.mark.parametrize("tied", [True, False])
@pytest.mark.parametrize("scaling", [None, RopeScaling(factor=4.0, original_max_position_embeddings=64)])
@pytest.mark.parametrize("heads", [(6, 2), (6, 6), (6, 1)])
def test_an_export_has_transformers_logits_and_comes_back_bit_for_bit(
    tmp_path: Path, tied: bool, scaling: RopeScaling | None, heads: tuple[int, int]
) -> None:
    from transformers import AutoModelForCausalLM

    config = tiny(
        tie_word_embeddings=tied,
        rope_scaling=scaling,
        num_attention_heads=heads[0],
        num_key_value_heads=heads[1],
        head_dim=16,
    )
    model = made(config)
    save_huggingface(model, tmp_path / "export")
    theirs = AutoModelForCausalLM.from_pretrained(tmp_path / "export", dtype=torch.float32, attn_implementation="eager")
    tokens = torch.randint(0, 101, (200,), generator=torch.Generator().manual_seed(3))
    with torch.no_grad():
        ours = model.logits(model(tokens, offsets(0, 200)))
        difference = (ours - theirs(tokens[None]).logits[0]).abs().max()
    assert difference < 1e-5
    back = load_huggingface(tmp_path / "export")
    assert back.config == config
    for name, tensor in model.state_dict().items():
        assert torch.equal(tensor, back.state_dict()[name]), name


def test_the_default_checkpoint_has_transformers_logits() -> None:
    from transformers import AutoModelForCausalLM

    from checkpoints.directory import find

    directory = find("default")
    model = load_huggingface(directory)
    assert parameter_count(model.config) == parameter_count(SIZES["smollm2-135m"])
    theirs = AutoModelForCausalLM.from_pretrained(directory, dtype=torch.float32, attn_implementation="eager")
    tokens = torch.randint(0, model.config.vocab_size, (96,), generator=torch.Generator().manual_seed(4))
    with torch.no_grad():
        ours = model.logits(model(tokens, offsets(0, 96)))
        expected = theirs(tokens[None]).logits[0]
    assert (ours - expected).abs().max() / expected.abs().max() < 1e-5


def test_weights_larger_than_a_shard_come_back_from_several_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import huggingface_hub

    whole = huggingface_hub.save_torch_state_dict
    monkeypatch.setattr(
        huggingface_hub, "save_torch_state_dict", lambda state, folder: whole(state, folder, max_shard_size="40KB")
    )
    model = made(tiny())
    save_huggingface(model, tmp_path / "sharded")
    assert len(list((tmp_path / "sharded").glob("*.safetensors"))) > 1
    back = load_huggingface(tmp_path / "sharded")
    assert all(torch.equal(t, back.state_dict()[name]) for name, t in model.state_dict().items())


def test_a_damaged_or_foreign_directory_is_refused_by_file_and_key(tmp_path: Path) -> None:
    with pytest.raises(PretrainError, match=r"config.json is missing"):
        read_config(tmp_path)
    export = save_huggingface(made(tiny()), tmp_path / "export")
    weights = export / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-100])
    with pytest.raises(PretrainError, match="damaged or cut short"):
        load_huggingface(export)
    config = json.loads((export / "config.json").read_text())
    for change, message in [
        ({"model_type": "gpt2"}, "only 'llama'"),
        ({"attention_bias": True}, "attention_bias"),
        ({"rope_scaling": {"rope_type": "yarn"}}, "'yarn'"),
        ({"num_key_value_heads": 4}, "does not divide"),
    ]:
        (export / "config.json").write_text(json.dumps(config | change))
        with pytest.raises(PretrainError, match=message):
            read_config(export)


def test_attention_refuses_what_does_not_fit() -> None:
    q, k = torch.zeros(8, 6, 16), torch.zeros(8, 2, 16)
    with pytest.raises(PretrainError, match="6 query heads do not divide among 4"):
        attention(q, torch.zeros(8, 4, 16), torch.zeros(8, 4, 16), offsets(0, 8))
    with pytest.raises(PretrainError, match=r"got \(8, 6, 16\), \(7, 2, 16\)"):
        attention(q, k[:7], k[:7], offsets(0, 8))
    with pytest.raises(PretrainError, match="int32"):
        attention(q, k, k, torch.tensor([0, 8]))


def test_the_reference_is_sdpa_where_there_is_one_document() -> None:
    generator = torch.Generator().manual_seed(0)
    q = torch.randn(33, 6, 16, generator=generator)
    k, v = torch.randn(2, 33, 2, 16, generator=generator)
    ours = reference.attention(q, k, v, offsets(0, 33), 0.25)
    theirs = torch.nn.functional.scaled_dot_product_attention(
        q.transpose(0, 1), k.transpose(0, 1), v.transpose(0, 1), is_causal=True, scale=0.25, enable_gqa=True
    )
    torch.testing.assert_close(ours, theirs.transpose(0, 1))


def test_operations_are_counted_as_a_profiler_counts_them() -> None:
    from torch.utils.flop_counter import FlopCounterMode

    model = made(tiny())
    tokens = torch.randint(0, 101, (64,))
    with FlopCounterMode(display=False) as counter, torch.device("cpu"):
        for block in model.blocks:
            block.attention.attend = lambda q, k, v, offsets: q  # a kernel of our own is not seen by the counter
        model.logits(model(tokens, offsets(0, 64))).sum().backward()
    weights_only = training_flops(model.config, [64]) - 12.0 * 2 * 48 * 64 * 65 / 2
    # The profiler leaves out the gradient of the first layer's input, which nothing needs to know it is an embedding's.
    assert counter.get_total_flops() == pytest.approx(weights_only, rel=0.02)
