"""Learning rate and sizes as functions of consumed tokens."""

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pretrain.errors import PretrainError
from pretrain.training.schedules import Training, at, learning_rate, snapshot_steps, step_count, step_sizes


@st.composite
def trainings(draw: st.DrawFn) -> Training:
    length = draw(st.sampled_from([16, 32, 128]))
    starts = sorted(draw(st.sets(st.integers(1, 50_000), max_size=3)))
    batch = tuple((start, 128 * draw(st.integers(1, 40))) for start in (0, *starts))
    lengths = tuple((start, length * 2**n) for n, start in enumerate((0, *starts[:1]))) if length < 128 else length
    tokens = draw(st.integers(2, 100_000))
    return Training(
        tokens=tokens,
        lr=draw(st.floats(1e-6, 1)),
        schedule=draw(st.sampled_from(["cosine", "linear", "constant"])),
        warmup_tokens=draw(st.integers(0, tokens - 1)),
        floor=draw(st.floats(0, 1)),
        batch_tokens=batch,
        sequence_length=lengths,
        average_last=draw(st.integers(0, 6)),
    )


def walk(training: Training) -> list[tuple[int, int]]:
    """(before, after) of every step, as the trainer takes them."""
    steps, tokens = [], 0
    while tokens < training.tokens:
        rows, length = step_sizes(training, tokens)
        steps.append((tokens, tokens + rows * length))
        tokens += rows * length
    return steps


@given(trainings())
def test_cosine_is_at_its_floor_in_the_last_step_whatever_the_ramps(training: Training) -> None:
    training = replace(training, schedule="cosine")
    assert learning_rate(training, *walk(training)[-1]) == training.lr * training.floor


@given(trainings())
def test_learning_rate_rises_through_the_warmup_and_never_after(training: Training) -> None:
    steps = walk(training)
    rates = [learning_rate(training, *step) for step in steps]
    assert all(0 <= rate <= training.lr * (1 + 1e-12) for rate in rates)
    warm = [rate for rate, (_, after) in zip(rates, steps, strict=True) if after < training.warmup_tokens]
    rest = rates[len(warm) :]
    assert warm == sorted(warm)
    assert all(later <= earlier * (1 + 1e-12) for earlier, later in pairwise(rest))


@given(trainings())
def test_no_step_is_wasted_on_a_learning_rate_of_0_by_warmup_or_line(training: Training) -> None:
    training = replace(training, schedule="linear")
    assert all(learning_rate(training, *step) > 0 for step in walk(training))


@given(st.integers(0, 10**12))
def test_linear_schedule_reaches_0_where_the_budget_ends(before: int) -> None:
    training = Training(tokens=10**9, schedule="linear", lr=1.0)
    assert learning_rate(training, before, before + 1) == pytest.approx(max(0.0, 1 - before / 10**9)) or before > 10**9
    assert learning_rate(training, 10**9, 10**9 + 1) == 0


@given(trainings())
def test_number_of_steps_is_what_the_trainer_takes(training: Training) -> None:
    assert step_count(training) == len(walk(training))


@given(trainings())
def test_snapshots_are_spread_to_the_last_step(training: Training) -> None:
    steps = snapshot_steps(training)
    assert len(steps) == min(training.average_last, step_count(training))
    assert not steps or max(steps) == step_count(training)


@given(trainings(), st.integers(0, 200_000))
def test_sizes_hold_from_their_token_on(training: Training, tokens: int) -> None:
    rows, length = step_sizes(training, tokens)
    assert rows * length == at(training.batch_tokens, tokens)
    assert length == at(training.sequence_length, tokens)


def test_warmup_and_peak_are_the_papers() -> None:
    training = Training(tokens=1000, lr=8e-5, warmup_tokens=100, batch_tokens=10, sequence_length=10)
    assert learning_rate(training, 0, 10) == pytest.approx(8e-6)
    assert learning_rate(training, 90, 100) == 8e-5
    assert learning_rate(training, 540, 550) == pytest.approx(8e-5 * (0.01 + 0.99 / 2))
    assert learning_rate(training, 990, 1000) == 8e-5 * 0.01


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"tokens": 0}, "at least one token"),
        ({"schedule": "cosin"}, "known: cosine, linear, constant"),
        ({"warmup_tokens": 10**9}, "must be less than tokens"),
        ({"batch_tokens": 100, "sequence_length": 64}, "128 would be"),
        ({"batch_tokens": ((5, 64),)}, "each from later than the last"),
        ({"batch_tokens": ((0, 64), (0, 128))}, "each from later than the last"),
        ({"sequence_length": ((0, 0),)}, "at least 1"),
        ({"dtype": "float16"}, "known: float32, bfloat16"),
    ],
)
def test_settings_that_cannot_run_are_refused_with_the_mend(change: dict, said: str) -> None:
    with pytest.raises(PretrainError, match=said):
        Training(**{"tokens": 1 << 20, "batch_tokens": 64, "sequence_length": 64, **change})
