"""The durable record of a run: one SQLite file (WAL) with one writing thread that commits in groups.

Whoever awaits `record_effect` or `record_row` goes on only after the commit, so what a program acts upon is on disk.
Everything that queued up while the last commit was under way shares the next one: thousands of writers cost a few
dozen commits a second. `synchronous=NORMAL` keeps every commit through the death of the process; the loss of power may
take the last ones, never the file's consistency.
"""

import array
import asyncio
import functools
import json
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, TypeVar, cast

from ledger import facts
from ledger.effects import Effect, Kind
from ledger.errors import LedgerError
from ledger.facts import Fact
from ledger.lock import RunLock
from ledger.missing import why_none
from ledger.reading import MEND, create, is_full, open_reader, refuse_empty, refuse_gone
from ledger.rows import Row, Status
from ledger.texts import MARK_IN_JSON, bring_back, put_away
from ledger.writer import Write, Writer, open_database
from rows.readers import RowsError
from rows.sample import Sample

__all__ = ["Ledger", "LedgerError"]

SCHEMA = """
CREATE TABLE IF NOT EXISTS effects (
    key TEXT PRIMARY KEY, kind TEXT NOT NULL, request TEXT NOT NULL, result TEXT NOT NULL, template TEXT NOT NULL,
    seconds REAL NOT NULL, prompt_tokens INTEGER NOT NULL, output_tokens INTEGER NOT NULL,
    cached_tokens INTEGER NOT NULL, created REAL NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS partials (key TEXT NOT NULL, seq INTEGER NOT NULL, token_ids BLOB NOT NULL, PRIMARY KEY (key, seq));
CREATE TABLE IF NOT EXISTS rows (
    stage TEXT NOT NULL, attempt INTEGER NOT NULL, status TEXT NOT NULL, reason TEXT NOT NULL, seed_id TEXT NOT NULL,
    payload TEXT NOT NULL, effects TEXT NOT NULL, created REAL NOT NULL, PRIMARY KEY (stage, attempt)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS steps (name TEXT PRIMARY KEY, state TEXT NOT NULL, detail TEXT NOT NULL, started REAL, ended REAL);
CREATE TABLE IF NOT EXISTS templates (version TEXT PRIMARY KEY, name TEXT NOT NULL, source TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS texts (name TEXT PRIMARY KEY, utf8 BLOB NOT NULL);
"""
LARGEST = 2**63 - 1
"""The largest number that SQLite keeps."""
SPEND = "INSERT INTO meta VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = value + excluded.value"
FORM = 1
"""The form of the file (SQLite's `user_version`). 0 is that of before `texts`, read as it is and added to in the new form."""
FILE = "ledger.sqlite"
TEXTS_AT_HAND = 64
"""Long texts kept in memory as they are read: neighbours ask about the same document."""
TOKEN_TYPE = "I"
TOKEN_BYTES = array.array(TOKEN_TYPE).itemsize
T = TypeVar("T")


class Ledger:
    """The record of one run. `Ledger(dir)` locks the run and may write; `Ledger(dir, readonly=True)` only looks."""

    def __init__(self, run_dir: Path, *, readonly: bool = False) -> None:
        self.run_dir = run_dir
        self.damage = ""
        """What cannot be read of the file, of a reader: everything else is read as far as it goes."""
        self._readonly = readonly
        self._writer: Writer | None = None
        self._known_templates: set[str] = set()
        self._text = functools.lru_cache(TEXTS_AT_HAND)(self._stored_text)
        path = run_dir / FILE
        if readonly:
            if not path.exists():
                raise LedgerError(f"{run_dir}: not a run directory (no {FILE}); `lab runs` lists the runs there are")
            self._connection, damage = open_reader(path)
            if damage:
                self._note(damage)
            self._refuse_newer_form()
            return
        try:
            run_dir.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise LedgerError(f"{run_dir}: cannot make the run directory: {error.strerror}") from None
        self._lock = RunLock(run_dir)
        try:
            refuse_empty(path)
            refuse_gone(path)
            if not path.exists():
                create(path, f"{SCHEMA}PRAGMA user_version={FORM};")
            self._connection = open_database(str(path))
            form = self._refuse_newer_form()
            self._connection.executescript(f"PRAGMA journal_mode=WAL;{SCHEMA}")
            if form < FORM:
                self._connection.execute(f"PRAGMA user_version={FORM}")
        except (sqlite3.Error, OSError) as error:
            self._lock.release()
            why = "the disk is full" if (full := is_full(run_dir, error)) else str(error)
            mend = "free some space" if full or not isinstance(error, sqlite3.DatabaseError) else MEND
            raise LedgerError(f"{path}: cannot open the ledger: {why}; {mend}") from None
        except LedgerError:
            self._lock.release()
            raise
        self._writer = Writer(path)

    # -- effects ------------------------------------------------------------------------------------------------------

    def effect(self, key: str) -> Effect | None:
        """The recorded effect of that key, or None where it has not been paid for yet."""
        return next(self._each(self._effect, "SELECT * FROM effects WHERE key = ?", (key,)), None)

    def effects(self, kind: Kind | None = None) -> Iterator[Effect]:
        """All recorded effects, oldest first."""
        where, values = ("WHERE kind = ?", (kind,)) if kind else ("", ())
        return self._each(self._effect, f"SELECT * FROM effects {where} ORDER BY created", values)

    async def record_effect(self, effect: Effect, stage: str = "") -> None:
        """Keep an effect; returns once it is on disk. What was kept of the completion while it grew goes.

        Its output tokens are added to `facts.SPENT` of the stage in the same commit, so no kill loses count of them.
        """
        texts: dict[str, bytes] = {}
        values = (
            effect.key,
            effect.kind,
            json.dumps(put_away(effect.request, texts)),
            json.dumps(put_away(effect.result, texts)),
            effect.template,
            effect.seconds,
            effect.prompt_tokens,
            effect.output_tokens,
            effect.cached_tokens,
            time.time(),
        )
        await self._write(
            *_kept(texts),
            ("INSERT OR IGNORE INTO effects VALUES (?,?,?,?,?,?,?,?,?,?)", values),
            ("DELETE FROM partials WHERE key = ?", (effect.key,)),
            *([(SPEND, (facts.SPENT.key(stage), effect.output_tokens))] if stage else []),
        )

    def has_effects(self) -> bool:
        """Whether anything has been paid for yet."""
        return self._one("SELECT 1 FROM effects LIMIT 1") is not None

    def is_empty(self) -> bool:
        """Whether nothing has come of the run yet: no call was paid for or begun, no attempt has ended, nobody judged anything."""
        paid_for = any(self._one(f"SELECT 1 FROM {table} LIMIT 1") for table in ("effects", "partials", "rows"))
        return not paid_for and not self.all(facts.JUDGEMENT)

    async def begin_anew(self) -> None:
        """Forget the steps and facts of a run that is empty. Raises LedgerError where something has come of it."""
        if not self.is_empty():
            raise LedgerError(f"{self.run_dir}: holds answers or rows, so it is not begun anew")
        await self._write(("DELETE FROM steps", ()), ("DELETE FROM meta", ()))

    def journal_tokens(self, key: str, at: int, token_ids: Sequence[int]) -> None:
        """Keep token ids of a completion still under way, the first of them at position `at`. Any thread; does not wait.

        A run killed in the middle of a completion then goes on from its last kept token instead of from its prompt.
        """
        self._writing.journal((key, at, array.array(TOKEN_TYPE, token_ids).tobytes()))

    def partial(self, key: str) -> list[int]:
        """The token ids kept of a completion that was cut short; empty where none were."""
        ids: list[int] = []
        for at, blob in self._query("SELECT seq, token_ids FROM partials WHERE key = ? ORDER BY seq", (key,)):
            piece = array.array(TOKEN_TYPE, blob)
            if at > len(ids):
                break
            ids[at:] = piece
        return ids

    def journalled_tokens(self) -> int:
        """Tokens kept of completions that are not finished."""
        found = self._one("SELECT coalesce(sum(length(token_ids)), 0) FROM partials")
        return int(found[0]) // TOKEN_BYTES if found else 0

    # -- rows ---------------------------------------------------------------------------------------------------------

    async def record_row(self, row: Row) -> None:
        """Keep how an attempt ended; returns once it is on disk.

        An attempt ends once: a second row of it is refused, except where the first was left out.
        """
        texts: dict[str, bytes] = {}
        values = (
            row.stage,
            row.attempt,
            row.status,
            row.reason,
            row.seed_id,
            json.dumps(put_away(row.sample.to_json(), texts)),
            json.dumps(row.effects),
            time.time(),
        )
        await self._write(
            *_kept(texts),
            (
                "DELETE FROM rows WHERE stage = ? AND attempt = ? AND status = ?",
                (row.stage, row.attempt, Status.left_out),
            ),
            ("INSERT INTO rows VALUES (?,?,?,?,?,?,?,?)", values),
        )

    def rows(self, stage: str | None = None, status: Status | None = None) -> Iterator[Row]:
        """Rows in order of stage and attempt."""
        where = " AND ".join(f"{name} = ?" for name, value in (("stage", stage), ("status", status)) if value)
        values = tuple(value for value in (stage, status) if value)
        query = f"SELECT * FROM rows {'WHERE ' + where if where else ''} ORDER BY stage, attempt"
        return self._each(self._row, query, values)

    def last_rows(self, stage: str, count: int) -> Iterator[Row]:
        """The rows of a stage that ended last, newest attempt first."""
        query = "SELECT * FROM rows WHERE stage = ? ORDER BY attempt DESC LIMIT ?"
        return self._each(self._row, query, (stage, count))

    def row(self, row_id: str) -> Row:
        """The row that people call `STAGE#ATTEMPT`."""
        stage, _, attempt = row_id.rpartition("#")
        query, number = (
            "SELECT * FROM rows WHERE stage = ? AND attempt = ?",
            int(attempt) if attempt.isdecimal() else -1,
        )
        found = next(self._each(self._row, query, (stage, min(number, LARGEST))), None)
        if self.damage and not found:
            raise LedgerError(f'{self.damage}, so row "{row_id}" cannot be read')
        if not found:
            raise LedgerError(f"{self.run_dir}: {self._why_none(stage, number) or self._rows_there(row_id)}")
        return found

    def _why_none(self, stage: str, number: int) -> str:
        ended = self._one("SELECT max(attempt) FROM rows WHERE stage = ?", (stage,))
        if number < 0 or not ended or ended[0] is None:
            return ""
        figures, live = self.read(facts.STAGE, stage), self.read(facts.LIVE, stage)
        step = self.steps().get("run")
        done = (step is None or step["state"] == "done") and not (live and live["in_flight"])
        stopped_by = figures["stopped_by"] if figures and done else None
        return why_none(stage, number, ended[0], stopped_by, goes_on=step is None)

    def _rows_there(self, row_id: str) -> str:
        query = "SELECT stage, count(*), max(attempt) FROM rows GROUP BY 1"
        stages = ", ".join(
            f"{stage} ({'' if count > last else f'{count} of '}0-{last})" for stage, count, last in self._query(query)
        )
        return f'no row "{row_id}"; rows are STAGE#ATTEMPT, of: {stages or "none yet"}'

    def counts(self, stage: str) -> dict[tuple[Status, str], int]:
        """How many rows of the stage ended in each status and reason."""
        query = "SELECT status, reason, count(*) FROM rows WHERE stage = ? GROUP BY 1, 2"
        return {(Status(status), reason): count for status, reason, count in self._query(query, (stage,))}

    def left_out(self, stage: str, reason: str) -> set[int]:
        """The attempts of the stage that were left out for that reason."""
        query = "SELECT attempt FROM rows WHERE stage = ? AND status = ? AND reason = ?"
        return {attempt for (attempt,) in self._query(query, (stage, Status.left_out, reason))}

    def attempts(self, stage: str) -> set[int]:
        """The attempts of the stage that have ended."""
        return {attempt for (attempt,) in self._query("SELECT attempt FROM rows WHERE stage = ?", (stage,))}

    # -- steps, templates, facts ----------------------------------------------------------------------------------------

    async def record_step(self, name: str, state: str, detail: dict[str, Any]) -> None:
        """Keep where a step of the run stands: `running`, `done` or `failed`, with its figures."""
        now = time.time()
        await self._write(
            (
                "INSERT INTO steps VALUES (?,?,?,?,?) ON CONFLICT (name) DO UPDATE SET state=excluded.state, "
                "detail=excluded.detail, ended=excluded.ended",
                (name, state, json.dumps(detail), now, None if state == "running" else now),
            )
        )

    def steps(self) -> dict[str, dict[str, Any]]:
        """The steps in the order they began: name -> {state, started, ended, **detail}."""

        def step(found: tuple[Any, ...]) -> tuple[str, dict[str, Any]]:
            name, state, detail, started, ended = found
            return name, {**json.loads(detail), "state": state, "started": started, "ended": ended}

        return dict(self._each(step, "SELECT name, state, detail, started, ended FROM steps ORDER BY started"))

    async def record_template(self, version: str, name: str, source: str) -> None:
        """Keep the text of a template version (`name@hash`), so that `lab why` shows the very words."""
        if version not in self._known_templates:
            await self._write(("INSERT OR IGNORE INTO templates VALUES (?,?,?)", (version, name, source)))
            self._known_templates.add(version)

    def templates(self) -> dict[str, str]:
        """version -> source of each template that made something here."""
        return dict(self._query("SELECT version, source FROM templates ORDER BY version"))

    async def record(self, fact: Fact[T], value: T, subject: str = "") -> None:
        """Keep a fact of the run (`ledger.facts` declares them); a later value replaces it."""
        await self._write(("INSERT OR REPLACE INTO meta VALUES (?,?)", (fact.key(subject), json.dumps(value))))

    def read(self, fact: Fact[T], subject: str = "") -> T | None:
        """A fact of the run; None where it has not been recorded."""
        found = self._each(
            lambda found: cast(T, json.loads(found[0])), "SELECT value FROM meta WHERE name = ?", (fact.key(subject),)
        )
        return next(found, None)

    def all(self, fact: Fact[T]) -> dict[str, T]:
        """subject -> value of a fact that may stand for several, in the order of their names."""
        head = f"{fact.name}:"
        listed = "SELECT name, value FROM meta WHERE substr(name, 1, ?) = ? ORDER BY 1"
        return dict(
            self._each(lambda found: (found[0].removeprefix(head), json.loads(found[1])), listed, (len(head), head))
        )

    # ------------------------------------------------------------------------------------------------------------------

    def close(self) -> None:
        """Commit what is queued, close the file, release the run."""
        self._connection.close()
        if self._writer:
            self._writer.close()
            self._writer = None
            self._lock.release()

    def __enter__(self) -> "Ledger":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def _writing(self) -> Writer:
        if self._writer is None:
            raise LedgerError(f"{self.run_dir}: the ledger is open for reading only")
        return self._writer

    async def _write(self, *writes: Write) -> None:
        await asyncio.wrap_future(self._writing.put(list(writes)))

    def _refuse_newer_form(self) -> int:
        form = int((self._one("PRAGMA user_version") or (0,))[0])
        if form > FORM:
            raise LedgerError(
                f"{self.run_dir / FILE}: written by a newer version (form {form}; this one knows {FORM}): go on with that "
                "version, or give another --out"
            )
        return form

    def _effect(self, found: tuple[Any, ...]) -> Effect:
        key, kind, request, result, template, seconds, prompt_tokens, output_tokens, cached_tokens, _ = found
        return Effect(
            key,
            cast(Kind, kind),
            self._parsed(request),
            self._parsed(result),
            seconds,
            prompt_tokens,
            output_tokens,
            cached_tokens,
            template,
        )

    def _row(self, found: tuple[Any, ...]) -> Row:
        stage, attempt, status, reason, seed_id, sample, effects, _ = found
        if not all(isinstance(name, str) for name in (stage, reason, seed_id)):
            raise TypeError("a row whose names are no text")
        made = Sample.from_json(self._parsed(sample))
        return Row(stage, attempt, Status(status), reason, seed_id, made, tuple(json.loads(effects)))

    def _parsed(self, stored: str) -> Any:
        value = json.loads(stored)
        return bring_back(value, self._text) if MARK_IN_JSON in stored else value

    def _stored_text(self, name: str) -> bytes | None:
        found = self._one("SELECT utf8 FROM texts WHERE name = ?", (name,))
        return found[0] if found else None

    def _query(self, sql: str, values: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
        try:
            yield from self._connection.execute(sql, values)
        except sqlite3.Error as error:
            self._note(error)

    def _one(self, sql: str, values: tuple[Any, ...] = ()) -> tuple[Any, ...] | None:
        return next(self._query(sql, values), None)

    def _each(self, made: Callable[[tuple[Any, ...]], T], sql: str, values: tuple[Any, ...] = ()) -> Iterator[T]:
        for found in self._query(sql, values):
            try:
                yield made(found)
            except (ValueError, KeyError, TypeError, AttributeError, RecursionError, RowsError) as error:
                self._note(f"{type(error).__name__}: {error}")

    def _note(self, error: object) -> None:
        """Remember what a reader cannot read. Raises LedgerError for who writes, and where another process is in the way."""
        told = f"{self.run_dir / FILE}: a part cannot be read ({error})"
        if not self._readonly or "locked" in str(error):
            raise LedgerError(f"{told}; {MEND}") from None
        self.damage = self.damage or told


def _kept(texts: dict[str, bytes]) -> list[Write]:
    return [("INSERT OR IGNORE INTO texts VALUES (?,?)", text) for text in texts.items()]
