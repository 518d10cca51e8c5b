"""What a generator works with: `ask` a prompt of the checkpoint, `run` a program in the sandbox, `check` an answer; all durable.

Each call is looked up in the ledger by its full content first and recorded before its answer is used: a killed run goes
through the same calls again, gets the recorded answers at once, and goes on where it died.
"""

import asyncio
import functools
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any
from weakref import WeakValueDictionary

from ledger import Effect, Ledger, content_key
from ledger.effects import Kind
from prompts import Library, Prompt
from rows.encoding import encodable, encodable_value
from rows.messages import Message
from sandbox import Limits, Program, Proof, Report, Runner, SandboxError, Verdict
from serving import Cut, Engine, Sampling, Scorer, ServingError, StepScorer
from verification import workers
from verification.unfinished import cuts


class UnjudgedError(SandboxError):
    """The sandbox fails on this one program and judges others: the attempt is left out, and the run goes on."""


@dataclass(frozen=True)
class Reply:
    """An answer of the checkpoint, with the conversation that led to it."""

    messages: tuple[Message, ...]
    """As sent, including an assistant message that the template began for the checkpoint."""
    text: str
    """The whole answer, with what the template began."""
    finish_reason: str

    @property
    def cut(self) -> bool:
        """Whether it ends where it was ended: by the token limit, or while it was written (`verification.unfinished.cuts`)."""
        return self.finish_reason == "length" or self.finish_reason in cuts.REASONS


@dataclass
class Tally:
    """What a stage has spent so far in this process; replayed effects cost nothing and are counted apart."""

    output_tokens: int = 0
    prompt_tokens: int = 0
    cached_tokens: int = 0
    asks: int = 0
    runs: int = 0
    checks: int = 0
    replayed: int = 0

    def count(self, effect: Effect) -> None:
        """Add what a new effect cost."""
        self.asks += effect.kind == "ask"
        self.runs += effect.kind == "run"
        self.checks += effect.kind == "check"
        self.output_tokens += effect.output_tokens
        self.prompt_tokens += effect.prompt_tokens
        self.cached_tokens += effect.cached_tokens


@dataclass
class Lab:
    """What one attempt works with. `attempt()` makes one for each; engine, sandbox and ledger are shared."""

    engine: Engine
    ledger: Ledger
    prompts: Library
    sandbox: Runner | None = None
    scorer: Scorer | None = None
    """The recipe's reward model."""
    step_scorer: StepScorer | None = None
    """Its stepwise one."""
    sampling: dict[str, Any] = field(default_factory=dict)
    """The recipe's wishes; they override the template's."""
    lint: bool = True
    """Whether the linter may refuse a program; a benchmark is decided by its tests alone."""
    limits: Limits = field(default_factory=Limits)
    least_proof: Proof = Proof.control
    """What an accepted sample may rest on at least; `drive` rejects what rests on less."""
    stage: str = ""
    """The stage whose budget pays."""
    sample: int = 0
    """Tells apart attempts that ask the very same thing."""
    tally: Tally = field(default_factory=Tally)
    effects: list[str] = field(default_factory=list)
    proofs: list[Proof] = field(default_factory=list)
    """Of the attempt's accepted runs."""
    turns: WeakValueDictionary[str, asyncio.Lock] = field(default_factory=WeakValueDictionary, repr=False)
    """Held, by the key of an effect, by who looks for it and pays for it where there is none: two answers to it would be journalled
    into one another, and one of them would be in no effect.
    """

    def attempt(self, sample: int) -> "Lab":
        """The lab of one attempt, which keeps its own lists of effects and proofs."""
        return replace(self, sample=sample, effects=[], proofs=[])

    async def ask(self, template: str, *, chat: Sequence[Message] = (), draw: int = 0, **values: Any) -> Reply:
        """Render `template`, after the conversation `chat` if given, and have the checkpoint answer.

        `draw` tells apart several askings of the very same thing within one attempt.
        """
        prompt = self.prompts.get(template)
        return await self._complete(prompt, [*chat, *prompt.render(values)], draw)

    async def ask_chat(self, chat: Sequence[Message], *, like: str, draw: int = 0, cut: Cut | None = None) -> Reply:
        """Have the checkpoint answer a conversation put together from templates, sampled as the template `like` wishes."""
        return await self._complete(self.prompts.get(like), list(chat), draw, cut)

    async def _complete(self, prompt: Prompt, messages: list[Message], draw: int, cut: Cut | None = None) -> Reply:
        sampling = Sampling.of({**prompt.sampling, **self.sampling})
        return await self.answer(messages, sampling, draw=draw, prompt=prompt, cut=cut)

    async def answer(
        self,
        messages: Sequence[Message],
        sampling: Sampling,
        *,
        draw: int = 0,
        prompt: Prompt | None = None,
        cut: Cut | None = None,
    ) -> Reply:
        """Have the checkpoint answer a conversation as it stands; `prompt` is the template that it came from, if any. `cut` may stop
        the answer while it is written: its `finish_reason` is what `cut` said then.
        """
        messages = encodable_value(messages)  # tokenizers and servers refuse a lone surrogate
        request = {
            "checkpoint": self.engine.identity,
            "messages": messages,
            "sampling": sampling.to_dict(),
            "sample": f"{self.sample}.{draw}" if draw else self.sample,
            **({"cuts": True} if cut else {}),  # an answer that was stopped is none to who wants it whole
        }

        async def answer(key: str) -> Effect:
            if prompt:
                await self.ledger.record_template(prompt.version, prompt.name, prompt.source)
            prefix, journal = self.ledger.partial(key), functools.partial(self.ledger.journal_tokens, key)
            done = await self.engine.complete(messages, sampling, prefix=prefix, journal=journal, cut=cut)
            return Effect(
                key,
                "ask",
                request,
                {"text": done.text, "finish_reason": done.finish_reason},
                done.seconds,
                done.prompt_tokens,
                done.output_tokens,
                done.cached_tokens,
                prompt.version if prompt else "",
            )

        effect = await self._recorded("ask", request, answer)
        begun = messages[-1]["content"] if messages[-1]["role"] == "assistant" else ""
        return Reply(tuple(messages), begun + effect.result["text"], effect.result["finish_reason"])

    async def ask_many(self, template: str, n: int, *, chat: Sequence[Message] = (), **values: Any) -> list[Reply]:
        """`n` answers to one and the same prompt, asked at once: they share its cached prefix."""
        return list(await asyncio.gather(*(self.ask(template, chat=chat, draw=draw, **values) for draw in range(n))))

    async def check(self, function: str, **values: Any) -> dict[str, Any]:
        """What the function `package.module:name` says of `values` (JSON both ways), from a worker process with limits.

        For parsing hostile text on the host. Past its limits the answer is `{"failed": "timeout" | "crash"}`.
        """
        request = {"function": function, "values": values, "version": workers.version(function)}

        async def ask_worker(key: str) -> Effect:
            started = time.monotonic()
            result = await workers.call(function, **values)
            return Effect(key, "check", request, result, time.monotonic() - started)

        return (await self._recorded("check", request, ask_worker)).result

    async def run(self, program: Program) -> Report:
        """Run and judge a program. A sandbox that fails raises `SandboxError`: that is never a verdict on the program.

        It is `UnjudgedError` where the sandbox fails on this program alone.
        """
        program = _encodable(program)
        box = self.sandbox
        if box is None:
            raise SandboxError("this generator was started without a sandbox")
        request = {
            "program": asdict(program),
            "limits": asdict(self.limits),
            "sandbox": box.identity(program.language),
        }

        async def judge(key: str) -> Effect:
            started = time.monotonic()
            try:
                report = await _judged(box, program, self.limits)
            except SandboxError as error:
                # An empty program tells the two apart: a sandbox that judges it fails on the other alone.
                await _judged(box, Program("", language=program.language), self.limits)
                raise UnjudgedError(str(error)) from None
            return Effect(key, "run", request, report.to_dict(), time.monotonic() - started)

        report = Report.from_dict((await self._recorded("run", request, judge)).result)
        if report.accepted:
            self.proofs.append(report.proof)
        return report

    async def score(self, conversations: Sequence[Sequence[Message]]) -> list[float]:
        """What the reward model gives the last turn of each conversation; higher is better. Those that are not in the ledger yet
        are scored together.
        """
        scorer = self.scorer
        if scorer is None:
            raise ServingError("this generator was started without a reward model (reward_model)")
        told = [encodable_value(list(conversation)) for conversation in conversations]
        requests = [{"scorer": scorer.identity, "messages": messages} for messages in told]
        new = [
            number for number, request in enumerate(requests) if not self.ledger.effect(content_key("score", request))
        ]
        started = time.monotonic()
        scores = dict(zip(new, await scorer.score([told[number] for number in new]) if new else [], strict=True))
        seconds = (time.monotonic() - started) / max(len(new), 1)

        async def recorded(number: int) -> float:
            async def effect(key: str) -> Effect:
                return Effect(key, "score", requests[number], {"score": scores[number]}, seconds)

            return float((await self._recorded("score", requests[number], effect)).result["score"])

        return [await recorded(number) for number in range(len(told))]

    async def score_steps(self, question: str, steps: Sequence[str]) -> list[float]:
        """How likely each of these steps of an answer is to be a good one, 0 to 1, by the stepwise reward model."""
        scorer = self.step_scorer
        if scorer is None:
            raise ServingError("this generator was started without a stepwise reward model (stepwise_model)")
        asked: list[Message] = [{"role": "user", "content": encodable(question)}]
        told = [encodable(step) for step in steps]
        turns: list[Message] = [
            {"role": "assistant", "content": step} for step in told
        ]  # each one of its own, for `why`
        request = {"scorer": scorer.identity, "messages": [*asked, *turns]}

        async def effect(key: str) -> Effect:
            started = time.monotonic()
            (scores,) = await scorer.score_steps([(asked, told)])
            found = {"score": scores[-1], "steps": scores}
            return Effect(key, "score", request, found, time.monotonic() - started)

        return list((await self._recorded("score", request, effect)).result["steps"])

    def conversation(self, template: str, **values: Any) -> list[Message]:
        """A template rendered without asking anything: the prompt as the data set will show it."""
        return self.prompts.render(template, values)

    async def _recorded(self, kind: Kind, request: dict[str, Any], do: Callable[[str], Awaitable[Effect]]) -> Effect:
        """The effect of that request: the recorded one, or else what `do(key)` makes, recorded before anyone uses it. Of two who
        want the same at once, as of a problem that stands in the seeds twice, the second one has what the first one records.
        """
        key = content_key(kind, request)
        async with self.turns.setdefault(key, asyncio.Lock()):
            effect = self.ledger.effect(key)
            if effect:
                self.tally.replayed += 1
            else:
                effect = await do(key)
                await self.ledger.record_effect(effect, self.stage)
                self.tally.count(effect)
        self.effects.append(key)
        return effect


async def _judged(box: Runner, program: Program, limits: Limits) -> Report:
    """A report with a verdict on the program. Raises SandboxError where there is none."""
    report = await box.run(program, limits=limits)
    if report.verdict is Verdict.sandbox_fault:
        raise SandboxError(f"the sandbox failed on a program and its retries: {report.detail}")
    return report


def _encodable(program: Program) -> Program:
    """The program as a container can be sent it."""
    cases = tuple(replace(case, stdin=encodable(case.stdin), stdout=encodable(case.stdout)) for case in program.cases)
    return replace(
        program,
        code=encodable(program.code),
        tests=encodable(program.tests),
        entry_point=program.entry_point and encodable(program.entry_point),
        stdin=encodable(program.stdin),
        cases=cases,
        files=tuple((encodable(name), content) for name, content in program.files),
    )
