"""Holds a checkpoint to a benchmark. An evaluation is stages like any other, so it is durable and explained alike."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from enum import StrEnum
from typing import Any

from evaluation.best_of import best_of
from evaluation.claims import Claim, Outcomes, claim
from evaluation.endings import endings
from evaluation.errors import EvaluationError
from evaluation.problems import ProblemSet, problem_set
from evaluation.statistics import Score
from generators.attempts import Stage
from generators.drive import Progress, drive
from generators.lab import Lab
from generators.together import together
from ledger import Ledger, Status, facts
from ledger.rows import EVALUATION
from prompts.library import Library
from recipes.schema import Evaluate
from rows.encoding import shown
from sandbox import Proof
from sandbox.languages import LANGUAGES
from verification import workers
from verification.equality import EQUAL


class Decoding(StrEnum):
    """How answers are drawn."""

    greedy = "greedy"
    sampled = "sampled"


async def evaluate(
    lab: Lab,
    checkpoint: str,
    problem_set: ProblemSet,
    wanted: Evaluate,
    *,
    in_flight: int = 128,
    watch: Callable[[Progress], None] = lambda progress: None,
) -> dict[Decoding, Score]:
    """Score the hosted checkpoint, greedily and, where `wanted` asks for samples, by answers at its temperature; the scores
    are recorded. `checkpoint` tells its rows from those of others in the same ledger.

    The linter reports but does not refuse: a benchmark is decided by its tests alone.
    """
    benchmark, problems = problem_set.benchmark, problem_set.problems
    ways = {Decoding.greedy: (0.0, 1), Decoding.sampled: (wanted.temperature, wanted.samples)}
    difficulty = {problem.id: str(getattr(problem, "difficulty", "")) for problem in problems}
    held = replace(lab, lint=False, least_proof=Proof(wanted.least_proof), scorer=None)

    async def scored(decoding: Decoding) -> Score:
        temperature, samples = ways[decoding]
        sampling: dict[str, Any] = {"temperature": temperature, "max_tokens": wanted.max_tokens}
        name = stage_name(checkpoint, wanted.name, decoding)
        stage = Stage(name, benchmark.attempt, problems, samples, in_flight=in_flight)
        await drive(replace(held, sampling=sampling), stage, watch)
        found = benchmark.metric(problem_set.title, _passes(lab.ledger, name), difficulty)
        told = found.to_dict(checkpoint, str(decoding), temperature)
        if ends := endings(lab.ledger, name):
            told["endings"] = ends.to_dict()
        if benchmark.table:
            told["table"] = benchmark.table(problems, list(lab.ledger.rows(name)))
        await lab.ledger.record(facts.SCORE, told, name.removeprefix(EVALUATION))
        if wanted.best_of and decoding is Decoding.sampled:
            await lab.ledger.record(facts.BEST_OF, await best_of(lab, name), f"{checkpoint}/{wanted.name}")
        return found

    await _record_judge(lab, f"{checkpoint}/{wanted.name}", problem_set)
    asked = [decoding for decoding, (_, samples) in ways.items() if samples]
    return dict(zip(asked, await together(*(scored(decoding) for decoding in asked)), strict=True))


async def _record_judge(lab: Lab, subject: str, problem_set: ProblemSet) -> None:
    """Keep what judges the answers: the sandbox of each language, its limits, and the code that reads and compares answers."""
    parts = [workers.version(EQUAL)]
    if problem_set.benchmark.sandbox and lab.sandbox:
        named = {str(getattr(problem, "programming_language", "python")) for problem in problem_set.problems}
        parts += [lab.sandbox.identity(language) for language in sorted(named & LANGUAGES.keys())]
        parts.append(repr(lab.limits))
    judge = hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]
    known = lab.ledger.read(facts.JUDGES, subject) or []
    if judge not in known:
        await lab.ledger.record(facts.JUDGES, [*known, judge], subject)


async def same_problems(ledger: Ledger, wanted: Evaluate, problem_set: ProblemSet) -> None:
    """Hold a run to the problems that it began with. Raises EvaluationError where they are others now."""
    known = ledger.read(facts.PROBLEMS, wanted.name)
    if known and known != problem_set.content:
        raise EvaluationError(
            f"{wanted.problems or wanted.benchmark}: not the problems that this run began with ({known[:12]} then, "
            f"{problem_set.content[:12]} now), and a score is of one set; put them back as they were, or give another --out"
        )
    await ledger.record(facts.PROBLEMS, problem_set.content, wanted.name)


def same_templates(ledger: Ledger, wanted: Evaluate, prompts: Library) -> None:
    """Hold a run to the templates that its answers were asked with. Raises EvaluationError where they read otherwise now."""
    for step in ledger.steps():
        checkpoint = step.removeprefix("evaluate ")
        for stage in (stage_name(checkpoint, wanted.name, decoding) for decoding in Decoding if checkpoint != step):
            row = next((row for row in ledger.rows(stage) if row.effects), None)
            asked = (ledger.effect(key) for key in row.effects) if row else ()
            for version in (effect.template for effect in asked if effect and effect.kind == "ask"):
                now = prompts.get(version.partition("@")[0]).version
                if now != version:
                    raise EvaluationError(
                        f"{ledger.run_dir}: its answers of {checkpoint} were asked with the template {version}, which is {now} "
                        "now, and a score is of one; put it back as it was, or give another --out"
                    )


def stage_name(checkpoint: str, benchmark: str, decoding: Decoding) -> str:
    """Under which the ledger keeps the rows."""
    return f"{EVALUATION}{checkpoint}/{benchmark}/{decoding}"


def claim_within(ledger: Ledger, before: str, after: str, benchmark: str) -> Claim:
    """What may be said of two checkpoints that one run evaluated."""
    return claim_across((ledger, before, before), (ledger, after, after), benchmark)


def claim_across(before: tuple[Ledger, str, str], after: tuple[Ledger, str, str], benchmark: str) -> Claim:
    """The same of two (ledger, its name there, what to call it) whose runs were held to the same problems (`same_problems`)."""
    one, other = ((called, outcomes_of(ledger, name, benchmark)) for ledger, name, called in (before, after))
    found = claim(one, other, benchmark)
    judges = [ledger.read(facts.JUDGES, f"{name}/{benchmark}") for ledger, name, _ in (before, after)]
    if all(judges) and judges[0] != judges[1]:  # the run went on with another version or other images
        return replace(found, verdict=f"{found.verdict}; not judged alike, which may be the difference")
    return found


def rates_of(ledger: Ledger, checkpoint: str, benchmarks: Sequence[str]) -> dict[str, float]:
    """`BENCHMARK/PROBLEM` -> how often the checkpoint is right: the mean of its greedy and its sampled answers' share, or the first
    alone where none were sampled. One figure a problem, for a comparison over several benchmarks.
    """
    found: dict[str, float] = {}
    for benchmark in benchmarks:
        ways = (_passes(ledger, stage_name(checkpoint, benchmark, decoding)) for decoding in Decoding)
        rates = [{problem: sum(right) / len(right) for problem, right in way.items()} for way in ways]
        for problem in rates[0]:
            shares = [rate[problem] for rate in rates if problem in rate]
            found[f"{benchmark}/{problem}"] = sum(shares) / len(shares)
    return found


def claim_between(before: Ledger, after: Ledger, benchmark: str, checkpoint: str = "start") -> Claim:
    """What may be said of the checkpoints of two runs of `lab eval`, over the problems that both have.

    Raises EvaluationError where they share none, or call two different problems by one number.
    """
    names = called_in(before, checkpoint, benchmark), benchmark
    ledgers = list(zip((before, after), names, strict=True))
    one, other = (tasks_of(ledger, stage_name(checkpoint, name, Decoding.greedy)) for ledger, name in ledgers)
    _refuse_others(before, one, other)
    sides = [(ledger.run_dir.name, outcomes_of(ledger, checkpoint, name)) for ledger, name in ledgers]
    return claim(sides[0], sides[1], benchmark)


def refuse_other_problems(before: Ledger, wanted: Evaluate, checkpoint: str = "start") -> None:
    """Raises EvaluationError as `claim_between` will, where the run evaluated other problems than are wanted, and where its evaluation has
    not ended, of which the answers that are there are no fair part: told before a token is spent.
    """
    state = before.steps().get(f"evaluate {checkpoint}", {}).get("state", "done")
    if state != "done":
        raise EvaluationError(
            f"{before.run_dir}: its evaluation has not ended; run the command that began it once more, which goes on from there"
        )
    name, found = called_in(before, checkpoint, wanted.name), problem_set(wanted)
    asked = {one.id: found.benchmark.words(one) for one in found.problems}
    _refuse_others(before, tasks_of(before, stage_name(checkpoint, name, Decoding.greedy)), asked)


def _refuse_others(before: Ledger, known: Mapping[str, str], asked: Mapping[str, str]) -> None:
    """Raises EvaluationError where two sets of problems, by id, have none in common or call two by one id."""
    shared = known.keys() & asked.keys()
    if not shared:
        raise _nothing_shared(before)
    for problem in sorted(shared):
        if known[problem] and asked[problem] and known[problem] != asked[problem]:
            raise EvaluationError(
                f"{before.run_dir}: its problem {shown(problem)} is another one, so it evaluated another file; "
                "compare evaluations of the same --problems"
            )


def _nothing_shared(before: Ledger) -> EvaluationError:
    return EvaluationError(
        f"{before.run_dir} holds no evaluation of these problems, so there is nothing to compare with; "
        "`lab eval CHECKPOINT` with the same --problems makes one"
    )


def called_in(ledger: Ledger, checkpoint: str, benchmark: str) -> str:
    """What the run calls the benchmark; where it has another one alone, that: a file may have been renamed since."""
    keys = [key.split("/") for key in ledger.all(facts.SCORE)]
    names = {key[1] for key in keys if len(key) == 3 and key[0] == checkpoint}
    return names.pop() if benchmark not in names and len(names) == 1 else benchmark


def outcomes_of(ledger: Ledger, checkpoint: str, benchmark: str) -> Outcomes:
    """What the checkpoint's answers came to."""
    greedy, sampled = (stage_name(checkpoint, benchmark, decoding) for decoding in Decoding)
    scored = ledger.read(facts.SCORE, sampled.removeprefix(EVALUATION))
    answers: dict[str, list[str]] = {}
    for row in ledger.rows(sampled):
        answers.setdefault(row.seed_id, []).append(row.sample.completion)
    return Outcomes(
        _passes(ledger, greedy), _passes(ledger, sampled), answers, scored["temperature"] if scored else None
    )


def _passes(ledger: Ledger, stage: str) -> Mapping[str, list[bool]]:
    """problem -> whether each of its answers is right."""
    found: dict[str, list[bool]] = {}
    for row in ledger.rows(stage):
        found.setdefault(row.seed_id, []).append(row.status is Status.accepted)
    return found


def tasks_of(ledger: Ledger, stage: str) -> dict[str, str]:
    """problem -> its words; empty where the attempt ended before it was asked."""
    return {row.seed_id: row.sample.problem for row in ledger.rows(stage)}
