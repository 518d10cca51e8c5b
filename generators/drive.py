"""Runs a generator thousands of times at once and stops at exactly the number of accepted rows asked for.

No stage waits for another: each attempt is one coroutine, and vLLM's continuous batching and the sandbox's slots are
kept full by how many are under way. Near the target the driver starts no more attempts than are likely to be needed.
"""

import asyncio
import math
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace

from generators.attempts import Adaptive, Stage, in_turn
from generators.lab import Lab, Tally, UnjudgedError
from generators.raised import calls, told
from generators.reasons import RAISED, REFUSED, SANDBOX_FAULT, Shared
from generators.sample import Outcome, reject
from generators.seeds.load import BadSeedError
from generators.taken import TARGET_MET
from ledger import LedgerError, Row, Status, facts
from ledger.facts import LiveFigures, StageFigures
from rows.sample import Sample
from sandbox import Proof, SandboxError
from serving import PromptTooLongError, RequestRefusedError, ServingError

LIVE_EVERY_S = 2.0
"""How often a stage under way leaves its figures in the ledger, for `lab watch` in another terminal."""

NOBODYS_OWN = (LedgerError, SandboxError, ServingError)
"""Errors that end the run, which goes on from there: they say that nothing can be recorded, judged or asked."""
RAISED_AT_MOST = 16
"""Attempts that raise before any ends otherwise: then the generator is wrong, not its seeds, and its error is raised."""
IN_VAIN = 200
"""Rows in a row that hold and that no data set would take: what the checkpoint still writes are answers that are there."""


class GeneratorError(Exception):
    """A generator fails on every seed; the message names file, line, seed and attempt, and the calls that led there."""


@dataclass
class Progress:
    """Where a stage stands; what the live table and the JSON show."""

    stage: str
    target: int | None
    total: int | None
    """Attempts there will be at most, where that is known."""
    accepted: int = 0
    surplus: int = 0
    passed_over: Counter[str] = field(default_factory=Counter)
    """Of these the rows that no data set would take, by reason."""
    in_vain: int = 0
    """How many of those came since the last accepted row."""
    rejected: Counter[str] = field(default_factory=Counter)
    left_out: Counter[str] = field(default_factory=Counter)
    """Attempts that nobody judged, by reason."""
    in_flight: int = 0
    unfinished: int = 0
    """Attempts under way when the stage stopped; what they have recorded is used if it goes on."""
    seconds: float = 0.0
    """Over all processes that worked on the stage."""
    earlier_tokens: int = 0
    resumed: int = 0
    """Rows found finished at the start."""
    tally: Tally = field(default_factory=Tally)
    stopped_by: str = ""
    session_seconds: float = 0.0
    most_seconds: float | None = None
    """The stage's budget of time."""
    most_tokens: int | None = None
    """That of output tokens."""

    @property
    def done(self) -> int:
        """Attempts that have ended."""
        return self.accepted + self.surplus + self.rejected.total() + self.left_out.total()

    @property
    def output_tokens(self) -> int:
        """Output tokens over all processes."""
        return self.earlier_tokens + self.tally.output_tokens

    @property
    def eta_s(self) -> float | None:
        """Seconds left at the rate of this process; None where nothing tells."""
        new = self.done - self.resumed
        if not new or not self.session_seconds:
            return None
        left = [self.total - self.done] if self.total is not None else []
        if self.target is not None and self.accepted:
            left.append(math.ceil((self.target - self.accepted) * self.done / self.accepted))
        times = [min(left) * self.session_seconds / new] if left else []
        if self.most_seconds is not None:
            times.append(max(0.0, self.most_seconds - self.seconds))
        if self.most_tokens is not None and self.tally.output_tokens:
            left_over = max(0, self.most_tokens - self.output_tokens)
            times.append(left_over * self.session_seconds / self.tally.output_tokens)
        return min(times, default=None)

    def to_dict(self) -> StageFigures:
        """The figures of the stage, as recorded in the ledger and printed as JSON."""
        return {
            "accepted": self.accepted,
            "surplus": self.surplus,
            "passed_over": dict(self.passed_over.most_common()),
            "attempts": self.done,
            "rejected": dict(self.rejected.most_common()),
            "left_out": dict((+self.left_out).most_common()),
            "unfinished": self.unfinished,
            "output_tokens": self.output_tokens,
            "seconds": round(self.seconds, 3),
            "stopped_by": self.stopped_by,
        }

    def live(self) -> LiveFigures:
        """Where the stage stands now, with what only makes sense while it runs."""
        eta_s = self.eta_s
        return {
            **self.to_dict(),
            "stage": self.stage,
            "target": self.target,
            "total": self.total,
            "in_flight": self.in_flight,
            "eta_s": None if eta_s is None else round(eta_s, 1),
            "session_seconds": round(self.session_seconds, 3),
            "session": asdict(self.tally),
            "at": time.time(),
        }


async def drive(lab: Lab, stage: Stage, watch: Callable[[Progress], None] = lambda progress: None) -> Progress:
    """Run the stage to its target or budget, or until nothing new comes; returns its figures, which are recorded too.

    Whatever ends it, every finished attempt is a row, and every finished call of an unfinished one is in the ledger.
    What a seed or an answer makes fail is left out and counted; a generator that fails on all of them raises.
    """
    again = lab.ledger.left_out(stage.name, SANDBOX_FAULT)  # the sandbox may have been mended since
    lab = replace(lab, stage=stage.name)
    progress = _resume(lab, stage)
    await lab.ledger.record(facts.SPENT, progress.earlier_tokens, stage.name)
    adaptive = Adaptive(stage, lab.ledger.rows(stage.name), again) if stage.adaptive else None
    attempts = adaptive or in_turn(stage, lab.ledger.attempts(stage.name) - again)
    failed = Failed(progress.done - progress.left_out[REFUSED] - progress.left_out[RAISED])
    running: set[asyncio.Task[Row]] = set()
    finished: set[asyncio.Task[Row]] = set()
    before, started = progress.seconds, time.monotonic() - lab.engine.loading_s
    told = -LIVE_EVERY_S
    try:
        while True:
            progress.session_seconds = time.monotonic() - started - lab.engine.loading_s
            progress.seconds = before + progress.session_seconds
            progress.stopped_by = _stop_reason(stage, progress)
            while not progress.stopped_by and len(running) < _wanted(stage, progress):
                attempt = next(attempts, None)
                if attempt is None:
                    break
                running.add(asyncio.create_task(_attempt(lab, stage, attempt, progress, failed)))
            progress.in_flight = len(running)
            progress.total = adaptive.total if adaptive else progress.total
            if progress.stopped_by or not running:
                break
            watch(progress)
            if progress.session_seconds - told > LIVE_EVERY_S:
                told = progress.session_seconds
                await lab.ledger.record(facts.LIVE, progress.live(), stage.name)
                await lab.ledger.record(facts.SECONDS, progress.seconds, stage.name)
            finished, running = await asyncio.wait(running, timeout=0.25, return_when=asyncio.FIRST_COMPLETED)
            for task in finished:
                row = task.result()
                if row.attempt in again:
                    again.discard(row.attempt)
                    progress.left_out[SANDBOX_FAULT] -= 1
                kept = await _keep(lab, stage, row, progress)
                if adaptive:
                    adaptive.ended(kept)
                failed.refuse_none_that_holds(kept)
        failed.refuse_none_that_holds()
    finally:
        progress.unfinished = len(running)
        await _cancel(
            running | finished
        )  # of several that failed at once one is raised; nobody else asks for the others
        await lab.ledger.record(
            facts.LIVE, progress.live(), stage.name
        )  # with what was under way, where this is the end
        progress.in_flight = 0
        if not progress.stopped_by:
            progress.stopped_by = "seeds" if stage.target is not None and progress.accepted < stage.target else ""
        await lab.ledger.record(facts.SECONDS, progress.seconds, stage.name)
    await lab.ledger.record(facts.STAGE, progress.to_dict(), stage.name)
    await lab.ledger.record(facts.LIVE, progress.live(), stage.name)
    watch(progress)
    return progress


@dataclass
class Failed:
    """What generators raised: one attempt's own misfortune, or the fault of the program where none ends otherwise."""

    otherwise: int
    """Attempts that ended in another way, over all processes."""
    raised: int = 0
    first: GeneratorError | None = None

    def reason(self, error: Exception, where: str) -> str:
        """Why the attempt is left out that raised the error; `where` names it. Raises it again where it is no attempt's own."""
        if isinstance(error, UnjudgedError):
            return SANDBOX_FAULT
        if isinstance(error, NOBODYS_OWN) and not isinstance(error, RequestRefusedError):
            raise error
        self.first = self.first or GeneratorError(f"{told(error, where)}{calls(error)}")
        return REFUSED if isinstance(error, RequestRefusedError) else RAISED

    def refuse_none_that_holds(self, row: Row | None = None) -> None:
        """Count an ended attempt. Raises the first error where `RAISED_AT_MOST` ended so and none otherwise, or all there were."""
        if row is not None:
            raised = row.status is Status.left_out and row.reason in (REFUSED, RAISED)
            self.raised += raised
            self.otherwise += not raised
        if self.first and not self.otherwise and (row is None or self.raised >= RAISED_AT_MOST):
            raise self.first


async def _attempt(lab: Lab, stage: Stage, attempt: int, progress: Progress, failed: Failed) -> Row:
    try:
        seed, sample = stage.seed_of(attempt)
    except BadSeedError as error:
        return Row(stage.name, attempt, Status.rejected, Shared.bad_seed, error.id, Sample(detail=str(error)))
    mine = lab.attempt(sample)
    mine.tally = progress.tally
    try:
        outcome = await stage.generator(mine, seed)
    except PromptTooLongError as error:
        outcome = reject(Shared.prompt_too_long, Sample(detail=str(error)))
    except Exception as error:
        where = f"seed {seed.id}, attempt {attempt}"
        reason, detail = failed.reason(error, where), Sample(detail=told(error, where))
        return Row(stage.name, attempt, Status.left_out, reason, seed.id, detail, tuple(mine.effects))
    outcome = _proved(outcome, mine)
    status = Status.accepted if outcome.accepted else Status.rejected
    return Row(stage.name, attempt, status, outcome.reason, seed.id, outcome.sample, tuple(mine.effects))


def _proved(outcome: Outcome, lab: Lab) -> Outcome:
    """The outcome with the weakest proof of the attempt's accepted runs; a rejection where that is less than the stage
    takes. An attempt that ran no program, or none with tests, rests on no proof.
    """
    if not lab.proofs:
        return outcome
    weakest = max(lab.proofs, key=list(Proof).index)
    sample = replace(outcome.sample, proof=str(weakest))
    if not outcome.accepted or weakest.suffices(lab.least_proof):
        return replace(outcome, sample=sample)
    detail = (
        f"Its tests passed with the proof `{weakest}`; this stage takes `{lab.least_proof}` at least (least_proof)."
    )
    return reject(Shared.weak_proof, sample, detail=detail)


async def _keep(lab: Lab, stage: Stage, row: Row, progress: Progress) -> Row:
    if row.status is Status.accepted and (reason := _uncounted(stage, row, progress)):
        row = replace(row, status=Status.surplus, reason=reason)
    try:
        await lab.ledger.record_row(row)
    except (TypeError, ValueError, RecursionError) as error:  # what a generator of one's own gave is no JSON
        row = replace(row, status=Status.left_out, reason=RAISED, sample=Sample(detail=told(error, row.id)))
        await lab.ledger.record_row(row)
    if row.status is Status.accepted:
        progress.accepted += 1
        progress.in_vain = 0
    elif row.status is Status.surplus:
        progress.surplus += 1
        if row.reason != TARGET_MET:
            progress.passed_over[row.reason] += 1
            progress.in_vain += 1
    elif row.status is Status.left_out:
        progress.left_out[row.reason] += 1
    else:
        progress.rejected[row.reason] += 1
    return row


def _uncounted(stage: Stage, row: Row, progress: Progress) -> str:
    """Why a row that holds does not count for the target, or ""."""
    if stage.target is None:
        return ""
    if progress.accepted >= stage.target:
        return TARGET_MET
    return stage.taken.offer(row) if stage.taken else ""


def _resume(lab: Lab, stage: Stage) -> Progress:
    budget = stage.budget
    progress = Progress(stage.name, stage.target, stage.total, most_seconds=budget.seconds, most_tokens=budget.tokens)
    for (status, reason), count in lab.ledger.counts(stage.name).items():
        if status is Status.accepted:
            progress.accepted = count
        elif status is Status.surplus:
            progress.surplus += count
            if reason != TARGET_MET:
                progress.passed_over[reason] = count
        elif status is Status.left_out:
            progress.left_out[reason] = count
        else:
            progress.rejected[reason] = count
    progress.resumed = progress.done
    progress.seconds = lab.ledger.read(facts.SECONDS, stage.name) or 0.0
    earlier = lab.ledger.read(facts.STAGE, stage.name)
    told = earlier["output_tokens"] if earlier else 0  # all that a ledger of an earlier version has
    progress.earlier_tokens = max(told, lab.ledger.read(facts.SPENT, stage.name) or 0)
    return progress


def _stop_reason(stage: Stage, progress: Progress) -> str:
    budget = stage.budget
    if stage.target is not None and progress.accepted >= stage.target:
        return "target"
    if progress.in_vain >= IN_VAIN:
        return "nothing new"
    if budget.attempts is not None and progress.done >= budget.attempts:
        return "budget: attempts"
    if budget.tokens is not None and progress.output_tokens >= budget.tokens:
        return "budget: tokens"
    if budget.seconds is not None and progress.seconds >= budget.seconds:
        return "budget: seconds"
    return ""


def _wanted(stage: Stage, progress: Progress) -> int:
    """How many attempts to have under way: all there is room for, but near the target no more than it should still take."""
    if stage.target is None:
        return stage.in_flight
    yield_rate = (progress.accepted + 1) / (progress.done + 2)
    return max(1, min(stage.in_flight, math.ceil((stage.target - progress.accepted) / yield_rate)))


async def _cancel(running: set[asyncio.Task[Row]]) -> None:
    for task in running:
        task.cancel()
    await asyncio.gather(*running, return_exceptions=True)
