"""States of PPO and distillation that several processes save, each its part: what goes on from one is what saved it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tiny_checkpoints import tiny_checkpoint

from alignment.trainings.ppo import several
from alignment.trainings.ppo.learner import Answer, Learner
from recipes.trainings import PPO

torch = pytest.importorskip("torch")
pytestmark = pytest.mark.usefixtures("one_core")


@pytest.fixture
def start(tmp_path: Path) -> Path:
    return tiny_checkpoint(tmp_path / "start")


def learner(start: Path) -> Learner:
    return Learner(start, PPO(lr=1e-3, warmup_ratio=0, minibatches=1), 10)


def saved(of: Learner, folder: Path) -> Learner:
    several.save(folder, of._modules(), of.optimizer, of.version)
    return of


def restored(of: Learner, folder: Path) -> Learner:
    of.version = several.load(folder, of._modules(), of.optimizer)
    return of


def updated(of: Learner) -> list[Any]:
    """The weights after an update."""
    one = Answer(0, [1, 2], [5, 6, 7], [], advantages=[1.0] * 3)
    one.old = one.sampler = of.measure([one], of.version)[0][0]
    of.update([one], of.version, first=False)
    return [weight.detach().clone() for weight in of.model.parameters()]


def test_a_state_that_is_saved_before_the_first_update_changes_nothing_of_what_follows(
    start: Path, tmp_path: Path
) -> None:
    # Groups that all earn alike, as at the beginning of a hard set of problems, are no update.
    plain = updated(learner(start))
    assert all(map(torch.equal, updated(saved(learner(start), tmp_path)), plain))
    assert all(map(torch.equal, updated(restored(learner(start), tmp_path)), plain))


def test_a_state_goes_on_with_the_moments_that_were_saved(start: Path, tmp_path: Path) -> None:
    first = learner(start)
    updated(first)
    whole = updated(saved(first, tmp_path))
    assert all(map(torch.equal, updated(restored(learner(start), tmp_path)), whole))


def test_a_part_that_cannot_be_written_or_read_is_told_by_its_own_error(start: Path, tmp_path: Path) -> None:
    (file := tmp_path / "file").write_text("")
    with pytest.raises(OSError, match="Not a directory"):
        saved(learner(start), file)
    saved(learner(start), tmp_path)
    for part in (tmp_path / several.SHARDS).glob("*.distcp"):
        part.unlink()
    with pytest.raises(OSError, match="No such file"):
        restored(learner(start), tmp_path)
