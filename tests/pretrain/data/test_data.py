"""Shards to batches: what comes out, in which order, after which accidents."""

import json
import os
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pretrain.data.loader import PACKINGS, Loader, Source
from pretrain.data.packing import IGNORE, Piece, best_fit_rows, documents_of
from pretrain.data.shards import Manifest, PackedDocuments, is_packed, write_manifest, write_shard
from pretrain.data.shuffle import Shuffle
from pretrain.errors import PretrainError

VOCABULARY = 5000
EOS = 1


def packed(folder: Path, lengths: list[int], *, first: int = 2, tokenizer: str = "t", shards: int = 2) -> Path:
    """A packed directory whose tokens tell their document and place: document d is d's own run of ids, then EOS."""
    folder.mkdir(parents=True, exist_ok=True)
    ids = [
        np.append(first + (d * 37 + np.arange(n - 1)) % (VOCABULARY - first - 1), EOS) for d, n in enumerate(lengths)
    ]
    written = []
    for number, part in enumerate(np.array_split(np.arange(len(lengths)), shards)):
        tokens = np.concatenate([ids[d] for d in part]) if len(part) else np.empty(0, dtype=np.int64)
        written.append(write_shard(folder, f"shard-{number:05d}", tokens, np.array(lengths)[part], VOCABULARY))
    write_manifest(
        folder,
        Manifest(
            "here",
            "tok",
            tokenizer,
            VOCABULARY,
            "uint16",
            None,
            EOS,
            len(lengths),
            sum(lengths),
            1,
            "",
            {},
            tuple(written),
        ),
    )
    return folder


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> list[Source]:
    """A source of short documents and one with documents longer than any row here."""
    folder = tmp_path_factory.mktemp("packed")
    short = np.random.default_rng(0).integers(2, 60, 400).tolist()
    long = np.random.default_rng(1).integers(100, 900, 40).tolist()
    return [
        Source(packed(folder / "short", short), weight=0.75),
        Source(packed(folder / "long", long), weight=0.25),
    ]


def loader(sources: list[Source], packing: str = "sequential", **changes: object) -> Loader:
    return Loader(sources, **{"sequence_length": 64, "rows": 8, "seed": 3, "packing": packing, **changes})


# Batches


@pytest.mark.parametrize("packing", PACKINGS)
def test_targets_are_the_next_token_of_the_same_document_and_nothing_else(sources: list[Source], packing: str) -> None:
    batches = loader(sources, packing)
    for _ in range(20):
        batch = batches.batch()
        offsets = batch.document_offsets.tolist()
        assert batch.tokens.shape == batch.targets.shape == (512,)
        assert batch.tokens.dtype == batch.targets.dtype == torch.int64
        assert batch.document_offsets.dtype == torch.int32
        assert offsets[0] == 0 and offsets[-1] == 512 and offsets == sorted(set(offsets))
        assert set(range(0, 512, 64)) <= set(offsets), "a row's end is a document's end"
        last = torch.zeros(512, dtype=torch.bool)
        last[batch.document_offsets[1:].long() - 1] = True
        counted = batch.targets != IGNORE
        assert not (counted & last).any()
        assert torch.equal(batch.targets[counted], batch.tokens.roll(-1)[counted])
        assert batch.n_targets == int(counted.sum())


def test_sequential_packing_pads_nothing_and_gives_every_token_once_an_epoch(tmp_path: Path) -> None:
    lengths = [7, 130, 2, 64, 91, 26] * 8
    source = Source(packed(tmp_path / "one", lengths))
    batches = Loader([source], sequence_length=64, rows=1, seed=0)
    rows = sum(lengths) // 64
    seen = torch.cat([batches.batch().tokens for _ in range(rows)])
    whole = np.concatenate([PackedDocuments(source.path).tokens(d) for d in range(len(lengths))])
    assert batches.padding == 0
    # At an epoch's end some documents are still open and the next epoch's first are too: all but those are there once.
    assert np.abs(np.bincount(seen, minlength=VOCABULARY) - np.bincount(whole, minlength=VOCABULARY)).sum() < 0.3 * sum(
        lengths
    )
    assert batches.epochs()["one"] == pytest.approx(rows * 64 / sum(lengths))


@given(st.lists(st.integers(1, 40), min_size=1, max_size=120), st.integers(40, 90))
@settings(max_examples=60)
def test_best_fit_loses_no_piece_cuts_none_and_overfills_no_row(lengths: list[int], sequence_length: int) -> None:
    pieces = [Piece(0, d, 0, n) for d, n in enumerate(lengths)]
    rows = best_fit_rows(pieces, sequence_length)
    assert sorted(piece for row in rows for piece in row) == pieces
    fills = [sum(piece.end for piece in row) for row in rows]
    assert max(fills) <= sequence_length
    assert sum(fill * 2 <= sequence_length for fill in fills) <= 1, "two half-empty rows would have been one"


def test_best_fit_cuts_only_documents_longer_than_a_row_and_pads_little(sources: list[Source]) -> None:
    batches = loader(sources[:1], "best-fit")
    whole = {tuple(PackedDocuments(sources[0].path).tokens(d).tolist()) for d in range(400)}
    padded = 0
    for _ in range(40):
        batch = batches.batch()
        for document in documents_of(batch):
            if document.any():
                assert tuple(document.tolist()) in whole
            else:
                padded += len(document)
    assert padded / (40 * 512) == pytest.approx(batches.padding) and batches.padding < 0.05


def test_the_mixture_keeps_its_weights_by_tokens_however_long_the_documents(sources: list[Source]) -> None:
    batches = loader(sources)
    for _ in range(60):
        batches.batch()
    tokens = {
        name: share * stream.n_tokens
        for (name, share), stream in zip(batches.epochs().items(), batches._streams, strict=True)
    }
    assert tokens["short"] / sum(tokens.values()) == pytest.approx(0.75, abs=0.005)


def test_a_long_document_shares_each_batch_with_others(sources: list[Source]) -> None:
    batch = loader([sources[1]], rows=8).batch()
    heads = {int(document[0]) for document in documents_of(batch)}
    assert len(heads) >= 8


def test_each_epoch_has_an_order_of_its_own_and_every_document(tmp_path: Path) -> None:
    batches = Loader([Source(packed(tmp_path / "s", [8] * 50))], sequence_length=8, rows=50, seed=0)
    first, second = ([tuple(d.tolist()) for d in documents_of(batches.batch())] for _ in range(2))
    assert sorted(first) == sorted(second) and len(set(first)) == 50
    assert first != second


@pytest.mark.parametrize("packing", PACKINGS)
def test_held_out_documents_are_never_trained_on_and_do_not_depend_on_the_seed(tmp_path: Path, packing: str) -> None:
    source = [Source(packed(tmp_path / "s", [16] * 100), held_out=0.1)]

    def heads(part: str, seed: int, batches: int) -> set[int]:
        chosen = Loader(source, sequence_length=16, rows=10, seed=seed, part=part, packing=packing)
        return {int(document[0]) for _ in range(batches) for document in documents_of(chosen.batch())}

    assert len(heads("held-out", 0, 5)) == 10 and heads("held-out", 0, 5) == heads("held-out", 1, 5)
    assert len(heads("train", 0, 30)) == 90 and not heads("train", 0, 30) & heads("held-out", 0, 5)


# Resuming


@pytest.mark.parametrize("packing", PACKINGS)
@given(before=st.integers(0, 45), ranks=st.sampled_from([1, 2, 4, 8]), grown=st.booleans())
@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_order_goes_on_bit_for_bit_after_a_restore_on_any_number_of_ranks(
    sources: list[Source], packing: str, before: int, ranks: int, grown: bool
) -> None:
    unbroken = loader(sources, packing)
    for number in range(before):
        unbroken.batch()
        if grown and number == before // 2:
            unbroken.resize(sequence_length=96, rows=16)
    state = json.loads(json.dumps(unbroken.state()))
    resumed = [loader(sources, packing, rank=rank, world_size=ranks) for rank in range(ranks)]
    for one in resumed:
        one.restore(state)
    for _ in range(40):
        whole = unbroken.batch()
        assert torch.equal(torch.cat([one.batch().tokens for one in resumed]), whole.tokens)
    assert all(one.state() == unbroken.state() for one in resumed)


def test_a_state_of_fewer_rows_than_ranks_is_gone_on_with_where_the_next_batch_has_enough(
    sources: list[Source],
) -> None:
    unbroken = Loader(sources, sequence_length=64, rows=2, seed=3)
    unbroken.batch()
    resumed = [Loader(sources, sequence_length=64, rows=4, seed=3, rank=rank, world_size=4) for rank in range(4)]
    for one in resumed:
        one.restore(unbroken.state())
    with pytest.raises(PretrainError, match="2 rows do not divide among 4 ranks"):
        resumed[0].batch()
    for one in [unbroken, *resumed]:
        one.resize(rows=8)
    assert torch.equal(torch.cat([one.batch().tokens for one in resumed]), unbroken.batch().tokens)


@pytest.mark.parametrize("packing", PACKINGS)
def test_no_document_is_skipped_or_repeated_when_the_sizes_change(tmp_path: Path, packing: str) -> None:
    source = Source(packed(tmp_path / "s", [10] * 4900))
    batches = Loader([source], sequence_length=20, rows=4, seed=0, packing=packing)
    seen: list[int] = []
    for number in range(75):
        batches.resize(sequence_length=20 * (1 + number // 30), rows=4 + number // 10)
        batch = batches.batch()
        seen += [int(document[0]) * VOCABULARY + int(document[1]) for document in documents_of(batch) if document.any()]
    # 37 d mod 4,997 tells the documents apart within the first 4,997.
    assert len(seen) > 1500 and len(set(seen)) == len(seen)


@pytest.mark.parametrize("packing", PACKINGS)
def test_other_weights_keep_the_positions_and_take_effect_at_once(sources: list[Source], packing: str) -> None:
    initial = loader(sources, packing)
    for _ in range(10):
        initial.batch()
    before = initial.epochs()
    annealing = loader([Source(sources[0].path, 0.0), Source(sources[1].path, 1.0)], packing)
    annealing.restore(initial.state())
    for _ in range(10):
        annealing.batch()
    after = annealing.epochs()
    assert after["short"] <= before["short"] < after["short"] + 17_000 / annealing._streams[0].n_tokens
    assert after["long"] > before["long"]
    if packing == "sequential":
        assert after["short"] == before["short"]


def test_state_is_small(sources: list[Source]) -> None:
    batches = loader(sources, "best-fit")
    for _ in range(50):
        batches.batch()
    assert len(json.dumps(batches.state())) < 4000


def test_a_split_batch_is_the_batch(sources: list[Source]) -> None:
    whole = loader(sources).batch()
    parts = whole.split(4)
    assert torch.equal(torch.cat([part.tokens for part in parts]), whole.tokens)
    assert torch.equal(torch.cat([part.targets for part in parts]), whole.targets)
    assert sum(part.n_targets for part in parts) == whole.n_targets
    assert [tuple(d.tolist()) for part in parts for d in documents_of(part)] == [
        tuple(d.tolist()) for d in documents_of(whole)
    ]
    with pytest.raises(PretrainError, match="8 rows does not split into 3"):
        whole.split(3)


@given(st.integers(1, 3000), st.text(max_size=5))
@settings(max_examples=60)
def test_shuffle_is_a_permutation(n: int, key: str) -> None:
    assert sorted(Shuffle(n, key)(np.arange(n)).tolist()) == list(range(n))


# Bad input


def test_a_truncated_shard_is_named_with_the_bytes_found_and_expected(tmp_path: Path) -> None:
    folder = packed(tmp_path / "s", [100] * 10)
    os.truncate(folder / "shard-00001.tokens", 402)
    with pytest.raises(
        PretrainError, match=r"shard-00001\.tokens: 402 bytes, 1000 bytes expected.*pack the source again"
    ):
        Loader([Source(folder)], sequence_length=8, rows=1, seed=0)
    (folder / "shard-00001.tokens").unlink()
    with pytest.raises(PretrainError, match=r"shard-00001\.tokens: is missing"):
        PackedDocuments(folder)


def test_a_flipped_byte_is_found_by_verify(tmp_path: Path) -> None:
    folder = packed(tmp_path / "s", [100] * 10)
    data = bytearray((folder / "shard-00000.tokens").read_bytes())
    data[11] ^= 1
    (folder / "shard-00000.tokens").write_bytes(data)
    with pytest.raises(PretrainError, match=r"shard-00000\.tokens: its bytes are not those that were packed"):
        PackedDocuments(folder).verify()


def test_a_token_past_the_vocabulary_is_named_with_file_and_document(tmp_path: Path) -> None:
    folder = packed(tmp_path / "s", [10] * 10)
    ids = np.fromfile(folder / "shard-00001.tokens", dtype="<u2")
    ids[3] = VOCABULARY + 7
    ids.tofile(folder / "shard-00001.tokens")
    batches = Loader([Source(folder)], sequence_length=100, rows=1, seed=0)
    with pytest.raises(
        PretrainError, match=r"shard-00001\.tokens: token id 5007 in document 5, past the vocabulary of 5000"
    ):
        batches.batch()
    with pytest.raises(PretrainError, match="token id 9 is past the vocabulary of 5"):
        write_shard(tmp_path, "x", np.array([9]), np.array([1]), 5)


def test_sources_of_different_tokenizers_do_not_mix(tmp_path: Path) -> None:
    one, other = packed(tmp_path / "one", [9]), packed(tmp_path / "other", [9], tokenizer="u")
    with pytest.raises(PretrainError, match=r"other \(source other\) was packed with another tokenizer"):
        Loader([Source(one), Source(other)], sequence_length=8, rows=1, seed=0)


def test_settings_that_cannot_be_are_refused(sources: list[Source], tmp_path: Path) -> None:
    for changes, message in (
        ({"world_size": 3}, "8 rows do not divide among 3 ranks"),
        ({"sequence_length": 1}, "sequence_length 1"),
        ({"packing": "worst-fit"}, 'packing "worst-fit": choose one of sequential, best-fit'),
    ):
        with pytest.raises(PretrainError, match=message):
            loader(sources, **changes)
    with pytest.raises(PretrainError, match="two sources are named short"):
        loader([sources[0], sources[0]])
    with pytest.raises(PretrainError, match="every source has weight 0"):
        loader([Source(sources[0].path, 0.0)])
    with pytest.raises(PretrainError, match="one document only, so none can be held out"):
        loader([Source(packed(tmp_path / "s", [9]), held_out=0.1)])
    state = loader(sources).state()
    with pytest.raises(PretrainError, match="taken with seed 3, this loader has 4"):
        loader(sources, seed=4).restore(state)
    with pytest.raises(PretrainError, match="source short had 400 documents when the state was taken and has 39 now"):
        loader([Source(packed(tmp_path / "t", [9] * 39), name="short")]).restore(state)


def test_token_shards_are_told_from_text_with_a_manifest_of_its_own_also_where_theirs_is_damaged(
    tmp_path: Path,
) -> None:
    assert not is_packed(tmp_path)
    for manifest, packed in (
        ('{"format": "a corpus"}', False),
        ("[1]", False),
        ('{"format": "lab-pretrain-shards"}', True),
    ):
        (tmp_path / "manifest.json").write_text(manifest)
        assert is_packed(tmp_path) == packed
    (tmp_path / "shard-00000.tokens").write_bytes(b"\0\0")
    (tmp_path / "manifest.json").write_text("{half")
    assert is_packed(tmp_path)
