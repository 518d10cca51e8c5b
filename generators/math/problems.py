"""New problems (section 4.3.3): from passages with quantities in them, and from a taxonomy of skills, weak ones first."""

import functools
from collections import defaultdict
from dataclasses import replace
from pathlib import Path
from typing import Annotated

from generators.lab import Lab
from generators.math.votes import majority
from generators.options import OneOf, Several, Share
from generators.reasons import Hurdle, Reason, Shared
from generators.sample import Outcome, accept, reject
from generators.seeds import Skill, Text
from ledger import Ledger, LedgerError
from recipes import RecipeError
from rows.messages import answered
from rows.sample import Sample
from verification.answers import final_answer
from verification.arithmetic import false_equations
from verification.equality import same

LONGEST = 600
"""Characters of a question."""


class ProblemsReason(Reason):
    """Why there is no problem, beside the shared reasons."""

    skill_is_strong = "skill_is_strong", Hurdle.answered
    no_numbers = "no_numbers", Hurdle.answered
    unfinished = "unfinished", Hurdle.answered
    copied = "copied", Hurdle.answered


async def problems(
    lab: Lab,
    seed: Text | Skill,
    *,
    votes: Annotated[Several, "solutions that vote on the answer"] = 6,
    agreement: Annotated[Share, "share of them that must be exceeded"] = 0.5,
    aim: Annotated[
        str, OneOf(known=lambda run: run and pass_rates(run)), "an earlier run; its strong skills are passed over"
    ] = "",
    weak: Annotated[Share, "pass rate there above which a skill is strong"] = 0.5,
) -> Outcome:
    """One passage or skill becomes one problem with the answer that more than `agreement` of `votes` solutions reach.

    `aim` names an earlier run: skills whose pass rate there is above `weak` are passed over at no cost.
    """
    topic = seed.name if isinstance(seed, Skill) else seed.topic
    kept = Sample(topic=topic, evidence={"source": seed.id})
    if aim and isinstance(seed, Skill) and (rate := pass_rates(aim).get(topic)) is not None and rate > weak:
        return reject(ProblemsReason.skill_is_strong, replace(kept, detail=f"pass rate {rate:.0%} in {aim}"))
    if isinstance(seed, Skill):
        shown = seed.examples[lab.sample % len(seed.examples)] if seed.examples else ""
        asked = await lab.ask("math/problem-from-skill", skill=seed.name, description=seed.description, example=shown)
    else:
        shown = ""
        asked = await lab.ask("math/problem-from-text", text=seed.text)
    question = asked.text.replace("Problem:", "").strip()
    kept = replace(kept, problem=question)
    if fault := _fault(question, shown):
        return reject(fault, kept)
    replies = await lab.ask_many("math/solve", votes, question=question)
    answer, confidence = await majority(lab, replies)
    rounded = round(confidence, 3)
    kept = replace(kept, answer=answer, pass_rate=rounded).with_evidence(confidence=rounded)
    if confidence <= agreement:
        return reject(Shared.no_majority, kept)
    prompt = lab.conversation("math/question", question=question)
    agreeing = [reply.text.strip() for reply in replies if await same(lab.check, final_answer(reply.text), answer)]
    sound = [text for text in agreeing if not false_equations(text)]
    if not sound:
        return reject(Shared.false_step, replace(kept, detail="; ".join(false_equations(agreeing[0]))))
    completion = min(sound, key=len)
    return accept(replace(kept, completion=completion, prompt=prompt, messages=answered(prompt, completion)))


def _fault(question: str, shown: str) -> Reason | None:
    """Why a text is no problem, before anybody solves it."""
    if not question or len(question) > LONGEST:
        return Shared.no_problem
    if not any(letter.isdigit() for letter in question):
        return ProblemsReason.no_numbers
    if not question.rstrip().endswith(("?", ".")):
        return ProblemsReason.unfinished
    return ProblemsReason.copied if shown and question.split() == shown.split() else None


@functools.lru_cache(maxsize=4)
def pass_rates(run: str) -> dict[str, float]:
    """Mean pass rate by topic over the mathematics rows of a run. Raises RecipeError where it is none."""
    rates: defaultdict[str, list[float]] = defaultdict(list)
    try:
        with Ledger(Path(run), readonly=True) as ledger:
            for row in ledger.rows():
                sample = row.sample
                if row.stage.startswith("math/") and sample.topic and sample.pass_rate is not None:
                    rates[sample.topic].append(sample.pass_rate)
    except LedgerError as error:
        raise RecipeError(f"option aim={run}: {error}") from None
    return {topic: sum(found) / len(found) for topic, found in rates.items()}
