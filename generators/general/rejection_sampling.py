"""Rejection sampling by a reward model (section 4.2.2): K answers to a request, of which the one it likes best is kept."""

import asyncio
from dataclasses import replace
from typing import Annotated

from generators.general.strength import strength
from generators.lab import Lab
from generators.options import Within
from generators.reasons import Shared
from generators.sample import Outcome, accept, reject
from generators.seeds import Request
from rows.messages import Message, answered
from rows.sample import Sample


async def rejection_sampling(
    lab: Lab,
    request: Request,
    *,
    answers: Annotated[int, Within(2), "K: answers that the reward model chooses from"] = 10,
    steer: Annotated[bool, "a system prompt asks for direct, plain answers"] = False,
) -> Outcome:
    """The best of `answers` answers to one request, over the worst of them. They share the request's cached prefix.

    What the token limit cut is none of them. A pair carries how much better its answer is, by the margin of their scores.
    """
    prompt: list[Message] = list(request.messages)
    steered = lab.conversation("general/steer") if steer and prompt[0]["role"] != "system" else []
    asked = [*steered, *prompt]
    drawn = (lab.ask_chat(asked, like="general/answer", draw=number) for number in range(answers))
    replies = await asyncio.gather(*drawn)
    kept = Sample(problem=prompt[-1]["content"], problem_id=request.id, topic=request.topic, prompt=prompt)
    texts = list(dict.fromkeys(reply.text.strip() for reply in replies if not reply.cut and reply.text.strip()))
    if not texts:
        cut = any(reply.cut for reply in replies)
        return reject(Shared.cut_off if cut else Shared.no_answer, replace(kept, completion=replies[0].text))
    scores = await lab.score([answered(prompt, text) for text in texts])
    ranked = sorted(zip(scores, texts, strict=True), reverse=True)
    (best, chosen), (worst, other) = ranked[0], ranked[-1]
    kept = replace(kept, completion=chosen, messages=answered(prompt, chosen), score=best)
    if best > worst:
        kept = replace(kept, rejected=other, strength=strength(best - worst))
    return accept(kept.with_evidence(answers=len(texts), scores=[round(score, 4) for score, _ in ranked]))
