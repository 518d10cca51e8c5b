"""Distributed training: the same curve as one process, whole states for any number of ranks, exact cut attention.

The processes are real: gloo, two or four on this machine. See pretrain_worker.py; torchrun starts those of test_stages.py.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from pretrain_worker import LENGTH, ROWS, Run, new_model, train_once, write_shards
from torch import distributed as dist
from torch import nn
from torch.distributed.tensor import DTensor, Shard

from pretrain.distributed import context, mesh, parallel, vocabulary_loss
from pretrain.errors import PretrainError
from pretrain.kernels import attention, reference
from pretrain.kernels.loss import linear_cross_entropy
from pretrain.model import ModelConfig, document_positions
from pretrain.objective import Objective
from pretrain.training.learner import Learner
from pretrain.training.schedules import Training

WORKER = Path(__file__).parents[2] / "stand_ins" / "pretrain_worker.py"
TOLERANCE = 1e-4
SHORT = {"tokens": 10 * ROWS * LENGTH}


@pytest.fixture(scope="module")
def shards(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("parallel") / "shards"
    write_shards(folder)
    return folder


def launch(processes: int, shards: Path, out: Path, runs: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """What each run gave on that many processes, by name."""
    command = [sys.executable, str(WORKER), str(processes), str(shards), str(out), json.dumps(runs)]
    environment = {**os.environ, "PYTHONPATH": f"{WORKER.parents[2]}:{WORKER.parent}", "OMP_NUM_THREADS": "1"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr[-6000:]
    return {run["name"]: json.loads((out / f"{run['name']}.json").read_text()) for run in runs}


@pytest.fixture(scope="module")
def one(shards: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The run of one process, with a state half-way in its folder `state`."""
    state = tmp_path_factory.mktemp("one")
    run = Run("one", training={"checkpoint_every": 25}, state=str(state))
    return {**train_once(run, shards, None), "state": state}


@pytest.fixture(scope="module")
def short(shards: Path) -> dict[str, Any]:
    """The run of one process over ten steps."""
    return train_once(Run("short", training=SHORT), shards, None)


@pytest.fixture(scope="module")
def two(shards: Path, one: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """All runs of two processes, in one start of them."""
    out = tmp_path_factory.mktemp("two")
    halved = {"checkpoint_every": 25}
    runs: list[dict[str, Any]] = [
        {"name": "data", "training": halved, "state": str(out / "state-data")},
        {"name": "tensor", "parallel": {"tensor": 2}, "training": halved, "state": str(out / "state-tensor")},
        {"name": "context", "parallel": {"context": 2}},
        {"name": "tied", "parallel": {"tensor": 2}, "tied": True, "blank": True, "training": SHORT},
        {"name": "blank", "blank": True, "training": SHORT},
        {
            "name": "recomputed",
            "parallel": {"context": 2},
            "training": {"micro_batch_tokens": LENGTH, "activation_checkpointing": True, **SHORT},
        },
        {"name": "compiled", "parallel": {"tensor": 2}, "training": {"compile": True, **SHORT}},
        {"name": "from-one", "blank": True, "state": str(half_way(one["state"], out / "from-one")), "training": halved},
    ]
    results = launch(2, shards, out, runs)
    results["data"]["state"], results["tensor"]["state"] = out / "state-data", out / "state-tensor"
    return results


def half_way(finished: Path, folder: Path) -> Path:
    """A run's folder as it was when only the state after step 25 had been written."""
    shutil.copytree(finished, folder)
    shutil.rmtree(folder / "state" / "train" / "step-00000050")
    return folder


def same_curve(mine: dict[str, Any], theirs: dict[str, Any], start: int = 0) -> None:
    assert mine["steps"] == theirs["steps"][start:]
    assert mine["loss"] == pytest.approx(theirs["loss"][start:], abs=TOLERANCE)
    assert mine["grad_norm"] == pytest.approx(theirs["grad_norm"][start:], rel=1e-3)
    assert mine["held_out"] == pytest.approx(theirs["held_out"], abs=TOLERANCE)


def test_one_process_learns_so_that_equal_curves_say_something(one: dict[str, Any]) -> None:
    assert len(one["loss"]) == 50
    assert one["loss"][-1] < 0.6 * one["loss"][0]


@pytest.mark.parametrize("kind", ["data", "tensor", "context"])
def test_fifty_steps_of_two_processes_give_the_curve_of_one(
    kind: str, two: dict[str, Any], one: dict[str, Any]
) -> None:
    same_curve(two[kind], one)


@pytest.mark.parametrize("kind", ["data", "tensor", "context"])
def test_each_of_two_ranks_holds_half_of_the_parameters(kind: str, two: dict[str, Any]) -> None:
    """Under tensor parallelism the norms are whole on both."""
    assert two[kind]["held"] == pytest.approx(0.5, abs=0.01)


def test_tied_embedding_is_split_once_for_input_and_output(two: dict[str, Any], shards: Path) -> None:
    same_curve(two["tied"], train_once(Run("tied", tied=True, training=SHORT), shards, None))


def test_model_that_no_rank_ever_holds_whole_gives_the_same_curve(two: dict[str, Any], short: dict[str, Any]) -> None:
    same_curve(two["blank"], short)


def test_compiled_blocks_pass_gradients_on_to_a_split_embedding(two: dict[str, Any], short: dict[str, Any]) -> None:
    same_curve(two["compiled"], short)


def test_micro_batches_and_recomputation_see_their_own_cut_of_the_documents(
    two: dict[str, Any], short: dict[str, Any]
) -> None:
    same_curve(two["recomputed"], short)


@pytest.mark.parametrize("kind", ["data", "tensor"])
def test_state_of_two_processes_goes_on_in_one(
    kind: str, two: dict[str, Any], one: dict[str, Any], shards: Path, tmp_path: Path
) -> None:
    state = half_way(two[kind]["state"], tmp_path / "run")
    resumed = train_once(Run("resumed", training={"checkpoint_every": 25}, state=str(state)), shards, None)
    same_curve(resumed, one, start=25)
    lines = (state / "metrics.jsonl").read_text().splitlines()
    assert [json.loads(line)["step"] for line in lines] == one["steps"]


def test_state_of_one_process_goes_on_in_two(two: dict[str, Any], one: dict[str, Any]) -> None:
    same_curve(two["from-one"], one, start=25)


def test_four_processes_split_two_ways_at_once_and_their_state_goes_on_in_one(
    shards: Path, short: dict[str, Any], tmp_path: Path
) -> None:
    halved = {**SHORT, "checkpoint_every": 5}
    runs: list[dict[str, Any]] = [
        {"name": "tensor-context", "parallel": {"tensor": 2, "context": 2}, "training": SHORT},
        {
            "name": "data-tensor",
            "parallel": {"data": 2, "tensor": 2},
            "blank": True,
            "training": halved,
            "state": str(tmp_path / "state"),
        },
    ]
    four = launch(4, shards, tmp_path, runs)
    same_curve(four["tensor-context"], short)
    same_curve(four["data-tensor"], short)
    shutil.rmtree(tmp_path / "state" / "state" / "train" / "step-00000010")
    resumed = train_once(Run("resumed", training=halved, state=str(tmp_path / "state")), shards, None)
    same_curve(resumed, short, start=5)


@st.composite
def batches(draw: st.DrawFn) -> tuple[torch.Tensor, int]:
    """Offsets of documents (some may be empty) whose tokens divide into two chunks a rank, and the number of ranks."""
    ranks = draw(st.integers(1, 4))
    tokens = 2 * ranks * draw(st.integers(1, 12))
    inner = draw(st.lists(st.integers(0, tokens), max_size=6))
    return torch.tensor(sorted([0, *inner, tokens]), dtype=torch.int32), ranks


@given(batches())
@settings(max_examples=60)
def test_context_ranks_together_hold_every_token_at_its_true_position(batch: tuple[torch.Tensor, int]) -> None:
    offsets, ranks = batch
    tokens = int(offsets[-1])
    positions = document_positions(offsets, tokens)
    held = [context.local_tokens(torch.arange(tokens), rank, ranks) for rank in range(ranks)]
    assert torch.cat(held).sort().values.tolist() == list(range(tokens))
    for rank in range(ranks):
        assert torch.equal(context.layout(offsets, rank, ranks).positions, positions[held[rank]])


@given(batches(), st.sampled_from([1, 2]))
@settings(max_examples=60)
def test_attention_of_cut_documents_is_exact_in_values_and_gradients(
    batch: tuple[torch.Tensor, int], key_value_heads: int
) -> None:
    offsets, ranks = batch
    tokens = int(offsets[-1])
    generator = torch.Generator().manual_seed(tokens)

    def random(heads: int) -> torch.Tensor:
        return torch.randn(tokens, heads, 4, generator=generator, dtype=torch.float64)

    q, k, v = (x.requires_grad_() for x in (random(2), random(key_value_heads), random(key_value_heads)))
    slope = random(2)
    whole = reference.attention(q, k, v, offsets, 0.5)
    wanted = torch.autograd.grad(whole, (q, k, v), slope)

    def everywhere(x: torch.Tensor) -> torch.Tensor:
        return torch.cat([context.local_tokens(x, rank, ranks) for rank in range(ranks)])

    outputs = []
    for rank in range(ranks):
        mine = [context.local_tokens(x, rank, ranks) for x in (q, k, v)]
        where = context.layout(offsets, rank, ranks)
        gathered = (everywhere(k), everywhere(v)) if where.cut else None
        outputs.append(context.attend_chunks(attention, *mine, gathered, where))
    out = torch.cat(outputs)
    torch.testing.assert_close(out, everywhere(whole))
    torch.testing.assert_close(torch.autograd.grad(out, (q, k, v), everywhere(slope)), wanted)


def test_documents_that_end_where_chunks_end_need_no_gathering() -> None:
    whole_rows = torch.arange(0, 65, 16, dtype=torch.int32)
    assert not context.layout(whole_rows, 0, 2).cut
    assert context.layout(torch.tensor([0, 64], dtype=torch.int32), 0, 2).cut


def test_ranks_of_one_long_document_have_equally_many_pairs_to_attend_to() -> None:
    offsets = torch.tensor([0, 4096], dtype=torch.int32)
    pairs = [int((context.layout(offsets, rank, 4).positions + 1).sum()) for rank in range(4)]
    assert max(pairs) == min(pairs)


def test_continued_queries_in_several_pieces_are_the_end_of_plain_attention(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(context, "CPU_QUERIES", 5)
    q, k, v = torch.randn(40, 4, 8), torch.randn(40, 2, 8), torch.randn(40, 2, 8)
    whole = attention(q, k, v, torch.tensor([0, 40], dtype=torch.int32))
    torch.testing.assert_close(context.attend_continued(q[17:], k, v), whole[17:])


def test_batch_that_does_not_divide_into_chunks_is_refused_with_the_figures() -> None:
    with pytest.raises(PretrainError, match=r"36 tokens does not divide into 8 chunks for 4 context-parallel ranks"):
        context.local_tokens(torch.arange(36), 0, 4)


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"num_key_value_heads": 2}, "num_key_value_heads = 2"),
        ({"intermediate_size": 130}, "intermediate_size = 130"),
        ({"vocab_size": 258}, "vocab_size = 258"),
    ],
)
def test_shape_that_does_not_divide_among_tensor_ranks_is_refused(changed: dict[str, int], named: str) -> None:
    shape = {"vocab_size": 256, "hidden_size": 64, "intermediate_size": 128, "num_key_value_heads": 4, **changed}
    config = ModelConfig(num_hidden_layers=1, num_attention_heads=8, **shape)
    with pytest.raises(PretrainError, match=rf"{named} does not divide among 4 tensor-parallel ranks"):
        parallel.check_tensor(config, 4)


def test_process_of_its_own_has_no_mesh_and_refuses_to_be_split(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("WORLD_SIZE", raising=False)
    assert mesh.setup() is None
    with pytest.raises(PretrainError, match=r"needs 4 processes, and this is one; start it with torchrun"):
        mesh.setup(tensor=2, context=2)


@pytest.mark.parametrize("sizes", [{"data": 3}, {"tensor": 3}, {"data": 4, "tensor": 2}, {"tensor": 8}, {"tensor": 0}])
def test_sizes_that_are_not_the_number_of_processes_are_refused(
    sizes: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {"WORLD_SIZE": "4", "RANK": "0", "LOCAL_RANK": "0"}.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(PretrainError, match="does not fit the 4 processes that torchrun started"):
        mesh.setup(**sizes)


@pytest.mark.parametrize("max_norm", [0.1, 100.0])
def test_clipping_plain_gradients_is_what_torch_does(max_norm: float) -> None:
    mine, theirs = ([nn.Parameter(torch.zeros(n)) for n in (3, 5)] for _ in range(2))
    for a, b in zip(mine, theirs, strict=True):
        a.grad = torch.randn_like(a)
        b.grad = a.grad.clone()
    assert parallel.clip_gradients(mine, max_norm) == pytest.approx(float(nn.utils.clip_grad_norm_(theirs, max_norm)))
    for a, b in zip(mine, theirs, strict=True):
        torch.testing.assert_close(a.grad, b.grad)


@pytest.fixture
def world_of_one(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[mesh.Mesh]:
    """What torchrun sets for one process; the group is taken down afterwards."""
    for name, value in {"WORLD_SIZE": "1", "RANK": "0", "LOCAL_RANK": "0"}.items():
        monkeypatch.setenv(name, value)
    if dist.is_initialized():  # by whoever ran in this process before
        dist.destroy_process_group()
    backend = "cpu:gloo,cuda:nccl" if torch.cuda.is_available() else "gloo"
    dist.init_process_group(backend, init_method=f"file://{tmp_path}/store", rank=0, world_size=1)
    try:
        whole = mesh.setup()
        assert whole is not None
        yield whole
    finally:
        dist.destroy_process_group()


def test_vocabulary_parallel_loss_is_the_chunked_loss_with_its_gradients(
    world_of_one: mesh.Mesh, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vocabulary_loss, "CHUNK_TOKENS", 7)
    tensor_mesh = world_of_one.parameters["tensor"]
    loss = vocabulary_loss.VocabularyParallelCrossEntropy(tensor_mesh.get_group())
    hidden, weight = torch.randn(30, 8, requires_grad=True), torch.randn(50, 8, requires_grad=True)
    targets = torch.randint(50, (30,))
    targets[::4] = -100
    split = DTensor.from_local(weight, tensor_mesh, [Shard(0)])
    mine, theirs = loss(hidden, split, targets), linear_cross_entropy(hidden, weight, targets, reduction="sum")
    torch.testing.assert_close(mine, theirs)
    for a, b in zip(*(torch.autograd.grad(x / 3, (hidden, weight)) for x in (mine, theirs)), strict=True):
        torch.testing.assert_close(a, b)
    targets[3] = 50
    with pytest.raises(PretrainError, match="target 50 at position 3"):
        loss(hidden, split, targets)


def test_sharded_model_is_evaluated_in_the_precision_in_which_it_trains(world_of_one: mesh.Mesh) -> None:
    learner = Learner(new_model(), Training(tokens=1, dtype="bfloat16"), world_of_one)
    tokens, offsets = torch.arange(30), torch.tensor([0, 30], dtype=torch.int32)
    with torch.no_grad():
        assert learner.whole_model()(tokens, offsets).dtype == torch.bfloat16
    assert all(weight.dtype == torch.float32 for weight in learner.weights.values())


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device")
def test_continued_queries_on_a_gpu_are_the_end_of_plain_attention() -> None:
    q, k, v = (torch.randn(1000, heads, 64, device="cuda", dtype=torch.bfloat16) for heads in (8, 2, 2))
    offsets = torch.tensor([0, 1000], dtype=torch.int32, device="cuda")
    whole = reference.attention(q, k, v, offsets, 64**-0.5)
    torch.testing.assert_close(context.attend_continued(q[300:], k, v), whole[300:], atol=2e-2, rtol=2e-2)


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device")
def test_sharded_bfloat16_objective_on_a_gpu_has_the_gradients_of_the_plain_one(world_of_one: mesh.Mesh) -> None:
    """A world of one: NCCL, FSDP2's mixed precision and the Triton kernel together."""
    tokens = torch.randint(256, (512,), device="cuda")
    offsets = torch.tensor([0, 100, 512], dtype=torch.int32, device="cuda")
    plain = Objective(new_model(head_dim=64).to("cuda", torch.bfloat16))
    sharded = parallel.parallelize(Objective(new_model(head_dim=64).cuda()), world_of_one, torch.bfloat16)
    for objective in (plain, sharded):
        (objective(tokens, tokens, offsets) / 512).backward()
    mine = parallel.clip_gradients(sharded.parameters(), 1e9)
    theirs = float(nn.utils.get_total_norm([p.grad for p in plain.parameters() if p.grad is not None]))
    assert mine == pytest.approx(theirs, rel=0.02)
    assert all(p.grad.dtype == torch.float32 for p in sharded.parameters())
