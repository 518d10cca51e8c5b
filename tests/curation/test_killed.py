"""A filter that was killed can be run again in its folder."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from curation import pipeline


@contextmanager
def unwatched(step: str, total: int) -> Iterator[Callable[[int], None]]:
    yield lambda done: None


def test_killed_between_its_rows_and_what_it_tells_of_them_it_can_be_run_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def dies(path: Path) -> Any:
        raise KeyboardInterrupt

    out = tmp_path / "out"
    (tmp_path / "rows.jsonl").write_text(json.dumps({"text": "The lamp at the end of the pier was dark."}) + "\n")
    settings = pipeline.Settings(tmp_path / "rows.jsonl", out, dedup=("exact",))
    with monkeypatch.context() as killed, pytest.raises(KeyboardInterrupt):
        killed.setattr("curation.writing.whole", dies)
        pipeline.run(settings, unwatched)
    assert (out / "train-00000.parquet").exists() and not (out / "filter.json").exists()
    assert pipeline.run(settings, unwatched).kept == 1
    names = sorted(path.name for path in out.iterdir())
    assert names == ["dropped-00000.parquet", "filter.json", "train-00000.parquet"]
