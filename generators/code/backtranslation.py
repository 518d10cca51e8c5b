"""Backtranslation (section 4.3.1 of the Llama 3 paper): text from code, code from that text alone, kept where both say the same.

The paper has the model judge how faithful the second program is. Here, where the original is a function that can be asked, both
programs must also give the same answers on inputs made for it.
"""

import zlib
from dataclasses import replace
from typing import Annotated, Any

from generators.code.proposed_calls import calls_to_ask
from generators.lab import Lab
from generators.options import OneOf, Several, Within
from generators.reasons import Hurdle, Reason, Shared
from generators.sample import Outcome, accept, reject
from generators.seeds import Snippet
from rows.messages import answered
from rows.sample import Sample
from sandbox.languages.dialects import dialect_of, functions_in, has_prompts
from verification.behaviour import FEWEST, behaves_as
from verification.calls import signature_of
from verification.extraction import answer_and_code
from verification.leaks import leaks_code, own_function

NOT_RUN = "not run"
"""The original is no Python function with arguments: only the judge spoke."""


class BacktranslationReason(Reason):
    """Why a description is refused, beside the shared reasons."""

    no_text = "no_text", Hurdle.answered
    not_run = "not_run"
    low_score = "low_score"


async def backtranslation(
    lab: Lab,
    snippet: Snippet,
    *,
    kinds: Annotated[tuple[str, ...], OneOf("documentation", "explanation"), "what is written of the code"] = (
        "documentation",
        "explanation",
    ),
    inputs: Annotated[Several, "inputs on which both programs are compared"] = 40,
    fewest: Annotated[Several, "inputs without which nothing is proved"] = FEWEST,
    least_score: Annotated[int, Within(1, 5), "of 5, by the judge, where nothing can be run"] = 4,
    propose: Annotated[bool, "the checkpoint may propose inputs"] = True,
    proved_only: Annotated[bool, "keep nothing that only the judge liked"] = False,
) -> Outcome:
    """A snippet's documentation or explanation (the kinds take turns), accepted when code written from it is the snippet again.

    `least_score` of 5 is asked of the judge. A snippet that is no Python function is left to the judge, unless
    `proved_only`; with `propose` the checkpoint may propose inputs where the code says too little about them.
    """
    if not has_prompts(snippet.programming_language):
        return reject(Shared.unknown_language, Sample(programming_language=snippet.programming_language))
    kind = kinds[(lab.sample + zlib.crc32(snippet.id.encode())) % len(kinds)]
    dialect, original = dialect_of(snippet.programming_language), snippet.code.strip()
    names = functions_in(original, dialect.language)
    entry_point = names[-1] if names and dialect.language == "python" else ""
    signature = signature_of(original, entry_point)
    words: dict[str, Any] = {"code": original, "language": dialect.name, "fence": dialect.fence}
    text = (await lab.ask("code/describe", **words, kind=kind, signature=signature)).text.strip()
    prompt = lab.conversation("code/description", **words, kind=kind)
    kept = Sample(
        problem=text,
        problem_id=snippet.id,
        programming_language=dialect.language,
        topic=snippet.topic,
        code=snippet.code,
        prompt=prompt,
        completion=text,
        messages=answered(prompt, text),
        evidence={"kind": kind},
    )
    if not text or leaks_code(text, original):
        return reject(Shared.leaks_code if text else BacktranslationReason.no_text, kept)

    reply = await lab.ask("code/solution", problem=text, dialect=dialect.as_values())
    answer, back = answer_and_code(reply.text, reply.cut, dialect.language, dialect.fence)
    request = lab.conversation("code/answer", problem=text, language=dialect.name, fence=dialect.fence)
    kept = kept.with_evidence(back_code=back, back_messages=answered(request, answer))
    if not back:
        return reject(Shared.no_code, kept)
    behaviour, detail, compared = NOT_RUN, "", 0
    if signature and not signature.endswith("()"):
        calls = await calls_to_ask(
            lab, original, entry_point, about=text, at_most=inputs, fewest=fewest, propose=propose
        )
        own_name = own_function(back, entry_point, functions_in(back, dialect.language))
        found = await behaves_as(
            lab.run, back, original, calls, entry_point=entry_point, own_name=own_name, fewest=fewest
        )
        behaviour, detail, compared = found.verdict, "; ".join(found.differing), found.compared
    kept = replace(kept, detail=detail).with_evidence(behaviour=behaviour, inputs=compared)
    if behaviour in (Shared.different, Shared.undecided):
        return reject(behaviour, kept)
    if behaviour == NOT_RUN and proved_only:
        return reject(BacktranslationReason.not_run, kept)
    judged = await lab.ask("code/judge-description", **words, text=text, back=back.strip())
    word = judged.text.strip().strip(".*")  # a server may not know our grammar
    score = int(word) if word in ("1", "2", "3", "4", "5") else 0
    kept = kept.with_evidence(score=score)
    return accept(kept) if score >= least_score else reject(BacktranslationReason.low_score, kept)
