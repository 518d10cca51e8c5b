"""Long texts are stored once by their content, and whoever reads an effect sees none of it."""

import asyncio
import json
import random
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ledger import Effect, Ledger, LedgerError, Row, Status, content_key
from ledger.store import FILE, SCHEMA
from ledger.texts import LONG, MARK, bring_back, put_away
from rows.sample import Sample

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(codec=None)) | st.text().map(lambda t: t * LONG),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


def asked(document: str, question: int) -> Effect:
    messages = [{"role": "system", "content": document}, {"role": "user", "content": f"question {question}"}]
    request = {"checkpoint": "c", "messages": messages, "sampling": {}, "sample": 0}
    return Effect(content_key("ask", request), "ask", request, {"text": f"answer {question}", "finish_reason": "stop"})


@given(json_values)
@example(MARK + "a string that looks like a reference")
@example("\ud83d\ude00 a pair that JSON would join" * LONG)
def test_what_is_put_away_comes_back_as_it_was(value: Any) -> None:
    texts: dict[str, bytes] = {}
    stored = json.loads(json.dumps(put_away(value, texts)))
    assert bring_back(stored, texts.get) == value


def test_a_document_asked_forty_times_takes_one_copy_on_disk_with_the_rows_made_of_it(tmp_path: Path) -> None:
    document = " ".join(map(str, random.Random(0).choices(range(10**6), k=30_000)))
    assert 200_000 < len(document) < 210_000
    effects = [asked(document, question) for question in range(40)]
    rows = [
        Row("own/long", n, Status.accepted, "", "seed", Sample(prompt=effect.request["messages"], completion="yes"))
        for n, effect in enumerate(effects)
    ]

    async def record(ledger: Ledger) -> None:
        await asyncio.gather(*map(ledger.record_effect, effects), *map(ledger.record_row, rows))

    with Ledger(tmp_path) as ledger:
        asyncio.run(record(ledger))
    assert sum(file.stat().st_size for file in tmp_path.glob("ledger.sqlite*")) < 1.5 * len(document)
    with Ledger(tmp_path, readonly=True) as ledger:
        assert [ledger.effect(effect.key) for effect in effects] == effects
        assert {effect.key for effect in ledger.effects()} == {effect.key for effect in effects}
        assert list(ledger.rows()) == rows


def test_a_ledger_of_before_texts_is_read_and_added_to(tmp_path: Path) -> None:
    old, new = asked("x" * 1000, 0), asked("x" * 1000, 1)
    with sqlite3.connect(tmp_path / FILE) as connection:
        connection.executescript("".join(line for line in SCHEMA.splitlines(True) if "texts" not in line))
        connection.execute(
            "INSERT INTO effects VALUES (?,'ask',?,?,'',0,0,0,0,1)",
            (old.key, json.dumps(old.request), json.dumps(old.result)),
        )
    connection.close()
    with Ledger(tmp_path, readonly=True) as ledger:
        assert ledger.effect(old.key) == old
    with Ledger(tmp_path) as ledger:
        asyncio.run(ledger.record_effect(new))
        assert list(ledger.effects()) == [old, new]


def test_a_ledger_of_a_newer_version_is_refused_with_the_mend_and_let_go(tmp_path: Path) -> None:
    Ledger(tmp_path).close()
    with sqlite3.connect(tmp_path / FILE) as connection:
        connection.execute("PRAGMA user_version=99")
    connection.close()
    for readonly in (True, False, False):
        with pytest.raises(LedgerError, match=r"newer version \(form 99.*another --out"):
            Ledger(tmp_path, readonly=readonly)
