"""Hosts a Hugging Face directory with vLLM inside this process.

vLLM's `AsyncLLM` puts its engine core into a process of its own that polls without rest: on two cores that is half of
the machine, taken from the sandbox. So where there is no GPU the core runs here (`VLLM_ENABLE_V1_MULTIPROCESSING=0`),
stepped by one thread that sleeps when nothing is asked; with a GPU vLLM's own core process is used by the same code.
`benchmarks/serving/serving_modes.py` measures both.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import queue
import sys
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from checkpoints import CheckpointError
from checkpoints import directory as checkpoints
from checkpoints.files import read_tokenizer
from checkpoints.spelling import marked, special_texts, token_ids
from checkpoints.weights import refuse_other_weights
from rows.messages import Message
from serving.engine import (
    BROKEN_OFF,
    CUT_EVERY,
    Completion,
    Cut,
    Journal,
    PromptTooLongError,
    RequestRefusedError,
    Sampling,
    ServingError,
    thought_begun,
)
from serving.launch import (
    Say,
    has_gpu,
    prepare_environment,
    quiet_stderr,
    repack_tied_head,
    sampling_params,
    start_vllm,
    stop_vllm,
)

if TYPE_CHECKING:
    from recipes.schema import Serving

JOURNAL_S = 0.05
"""How often growing completions are journalled: what a kill can cost is this much decoding."""
SWITCH_S = 0.0005
"""How long another Python thread may keep the engine's from going on."""
PROBE = "def add(a, b):\n    return a + b\n# The capital of France is Paris."
"""Text whose log-probabilities tell one set of weights from another."""


@dataclass
class _Request:
    """A completion under way; touched by the engine's thread only."""

    sampling: Sampling
    prompt_ids: list[int]
    prefix: list[int]
    journal: Journal | None
    done: Future[Completion]
    started: float
    cut: Cut | None = None
    ids: list[int] = field(default_factory=list)
    text: str = ""
    journalled: int = 0
    asked: int = 0
    """Tokens at which `cut` was asked last."""


class LocalEngine:
    """vLLM in this process. Use `serving.host` to make one."""

    def __init__(self, path: Path, settings: Serving, say: Say, meter: Callable[[int], None] | None = None) -> None:
        self.name = path.name
        self.path = path
        self.settings = settings
        self.identity = checkpoints.identity(path)
        self.max_model_len = settings.max_model_len
        self.probe_logprobs: list[float] = []
        self.emitted_tokens = 0
        self._meter = meter or (lambda tokens: None)
        self._say = say
        self._free = asyncio.Semaphore(settings.max_in_flight)
        self._inbox: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._requests: dict[str, _Request] = {}
        self._numbers = 0
        self._failure: ServingError | None = None
        self._ready: Future[None] = Future()
        self._thread = threading.Thread(target=self._serve, name="vllm", daemon=True)
        self._load_began: float | None = None
        self._load_s: float | None = None
        prepare_environment(settings)

    @property
    def loading_s(self) -> float:
        """Seconds spent loading so far, which no budget should be charged with."""
        if self._load_s is not None:
            return self._load_s
        return time.monotonic() - self._load_began if self._load_began else 0.0

    async def start(self) -> None:
        """Load the weights and warm up; raises `ServingError` with vLLM's own reason where that fails.

        The first request does this by itself, so that a run that only replays its ledger never loads a model.
        """
        if self._load_began is None:
            self._load_began = time.monotonic()
            self._thread.start()
        if not self._ready.done() or self._ready.exception():
            await asyncio.shield(asyncio.wrap_future(self._ready))

    async def complete(
        self,
        messages: Sequence[Message],
        sampling: Sampling,
        *,
        prefix: Sequence[int] = (),
        journal: Journal | None = None,
        cut: Cut | None = None,
    ) -> Completion:
        """Answer the conversation; going on from `prefix` where an earlier answer was cut short by a kill."""
        await self.start()
        prompt_ids = self._tokenize(messages)
        room = self.max_model_len - len(prompt_ids)
        if room < 1:  # vLLM would abort the whole batch over this one
            raise PromptTooLongError(
                f"prompt of {len(prompt_ids)} tokens; the context holds {self.max_model_len} (serving.max_model_len)"
            )
        sampling_tokens = min(sampling.max_tokens, room)
        prefix = [] if sampling.constrained else list(prefix)  # a grammar's state cannot be entered in the middle
        async with self._free:
            done: Future[Completion] = Future()
            request = _Request(
                sampling, prompt_ids, prefix, journal, done, time.monotonic(), cut, list(prefix), "", len(prefix)
            )
            if len(prefix) >= sampling_tokens:
                return self._completion(request, "length", 0)
            self._numbers += 1
            name = str(self._numbers)
            self._post(lambda: self._add(name, request, sampling_tokens - len(prefix)))
            try:
                return await asyncio.wrap_future(done)
            except asyncio.CancelledError:
                self._post(lambda: self._abort(name))
                raise

    async def count_tokens(self, messages: Sequence[Message]) -> int:
        """Tokens of the rendered conversation."""
        self._load_tokenizer()
        return len(self._tokenize(messages))

    async def prompt_logprobs(self, text: str) -> list[float]:
        """Log-probability of each token of `text` after the first, given those before it."""
        await self.start()
        found: Future[list[float]] = Future()
        self._post(lambda: _into(found, lambda: self._logprobs(text)))
        return await asyncio.wrap_future(found)

    async def swap(self, checkpoint: str) -> None:
        """Load another checkpoint's weights into the running engine; refused where architecture or tokenizer differ.

        That the weights took is checked by the log-probabilities of a probe, which must move unless nothing changed.
        """
        path = checkpoints.find(checkpoint)
        identity = checkpoints.identity(path)
        if identity == self.identity:
            return
        if not checkpoints.same_architecture(self.path, path):
            raise ServingError(
                f"{path}: another architecture, tokenizer or end of an answer (eos_token_id) than {self.path}; "
                "host it in an engine of its own"
            )
        if self._load_began is None:
            self.path, self.name, self.identity = path, path.name, identity
            self.__dict__.pop("tokenizer", None)  # read anew when it is next needed
            return
        await self.start()
        self._say(f"loading {path.name} into the running engine")
        swapped: Future[list[float]] = Future()
        self._post(lambda: _into(swapped, lambda: self._reload(path)))
        logprobs = await asyncio.wrap_future(swapped)
        if logprobs == self.probe_logprobs:
            raise ServingError(
                f"{path}: vLLM reloaded, yet the log-probabilities are those of {self.path}: the weights did not take"
            )
        self.path, self.name, self.identity, self.probe_logprobs = path, path.name, identity, logprobs
        self._read_tokenizer()  # the vocabulary is the same, the chat template need not be

    async def close(self) -> None:
        """Stop the engine's thread and free its memory."""
        if self._thread.is_alive():
            self._inbox.put(None)
            await asyncio.to_thread(self._thread.join)

    # -- the engine's thread ------------------------------------------------------------------------------------------

    def _serve(self) -> None:
        # Between two decoding steps this thread holds nothing back but the cores: it must not wait 5 ms for the GIL.
        sys.setswitchinterval(SWITCH_S)
        try:
            self._load_tokenizer()
            with quiet_stderr():
                refuse_other_weights(self.path)
            self._engine: Any = start_vllm(self.path, self.settings, self._say)
            self.max_model_len = self._engine.model_config.max_model_len
            self.probe_logprobs = self._logprobs(PROBE)
            self._load_s = self.loading_s
            self._say(f"{self.name} ready after {self._load_s:.0f} s")
        except CheckpointError as error:
            self._ready.set_exception(ServingError(str(error)))
            return
        except Exception as error:  # vLLM raises anything from OSError to pydantic errors; the cause is told in full
            self._ready.set_exception(
                ServingError(f"{self.path}: vLLM cannot host it: {type(error).__name__}: {error}")
            )
            return
        self._ready.set_result(None)
        try:
            self._loop()
        except Exception as error:
            self._failure = ServingError(
                f"vLLM stopped: {type(error).__name__}: {error}; run the same command again to go on"
            )
            for request in self._requests.values():
                _fail(request, self._failure)
        finally:
            self._requests.clear()
            stop_vllm(self._engine)
            del self._engine
            gc.collect()

    def _loop(self) -> None:
        flushed = time.monotonic()
        while True:
            busy = self._engine.has_unfinished_requests()
            with contextlib.suppress(queue.Empty):
                while True:
                    command = self._inbox.get(block=not busy)
                    if command is None:
                        self._flush()
                        return
                    command()
                    busy = True
            self._deliver(self._engine.step())
            if time.monotonic() - flushed > JOURNAL_S:
                self._flush()
                flushed = time.monotonic()

    def _add(self, name: str, request: _Request, max_tokens: int) -> None:
        try:
            params = sampling_params(request.sampling, max_tokens)
            self._engine.add_request(name, {"prompt_token_ids": request.prompt_ids + request.prefix}, params)
            self._requests[name] = request
        except Exception as error:  # what vLLM refuses (a regex it cannot compile, say) concerns this request alone
            _fail(request, RequestRefusedError(f"vLLM refused the request: {error}"))

    def _abort(self, name: str) -> None:
        request = self._requests.pop(name, None)
        if request:
            self._journal(request)
            self._engine.abort_request([name])

    def _deliver(self, outputs: list[Any]) -> None:
        for output in outputs:
            request = self._requests.get(output.request_id)
            if request is None:
                continue
            answer = output.outputs[0]
            request.ids.extend(answer.token_ids)
            request.text += answer.text
            self.emitted_tokens += len(answer.token_ids)
            self._meter(len(answer.token_ids))
            if output.finished:
                del self._requests[output.request_id]
                self._finish(request, answer.finish_reason or "stop", output.num_cached_tokens or 0)
            elif reason := self._reason_to_stop(request):
                del self._requests[output.request_id]
                self._engine.abort_request([output.request_id])
                self._finish(request, reason, output.num_cached_tokens or 0)

    def _finish(self, request: _Request, finish_reason: str, cached_tokens: int) -> None:
        if finish_reason in BROKEN_OFF:  # where a grammar lets none of the tokens through, say
            _fail(request, RequestRefusedError(f"vLLM broke the answer off ({finish_reason})"))
            return
        completion = self._completion(request, finish_reason, cached_tokens)
        if request.done.set_running_or_notify_cancel():
            request.done.set_result(completion)

    def _reason_to_stop(self, request: _Request) -> str:
        if not request.cut or len(request.ids) - request.asked < CUT_EVERY:
            return ""
        request.asked = len(request.ids)
        begun = thought_begun(self.tokenizer.decode(request.prompt_ids[-CUT_EVERY:]))
        return request.cut(begun + self._text(request))

    def _text(self, request: _Request) -> str:
        return self.tokenizer.decode(request.ids, skip_special_tokens=True) if request.prefix else request.text

    def _completion(self, request: _Request, finish_reason: str, cached_tokens: int) -> Completion:
        text = self._text(request)
        if request.prefix:
            for stop in request.sampling.stop:  # one that straddles the cut is not seen by vLLM
                head, found, _ = text.partition(stop)
                text, finish_reason = (head + stop, "stop") if found else (text, finish_reason)
        return Completion(
            text,
            finish_reason,
            len(request.prompt_ids),
            len(request.ids),
            min(cached_tokens, len(request.prompt_ids)),
            time.monotonic() - request.started,
        )

    def _flush(self) -> None:
        for request in self._requests.values():
            self._journal(request)

    def _journal(self, request: _Request) -> None:
        if request.journal and len(request.ids) > request.journalled and not request.sampling.constrained:
            request.journal(request.journalled, request.ids[request.journalled :])
            request.journalled = len(request.ids)

    def _reload(self, path: Path) -> list[float]:
        with quiet_stderr():
            refuse_other_weights(path)  # vLLM would keep what was there in the place of a weight that is missing
            self._engine.collective_rpc("reload_weights", kwargs={"weights_path": str(path.resolve())})
        if not has_gpu():
            self._engine.collective_rpc(repack_tied_head)
        self._engine.reset_prefix_cache()
        return self._logprobs(PROBE)

    def _logprobs(self, text: str) -> list[float]:
        from vllm.sampling_params import SamplingParams

        ids = self.tokenizer(text).input_ids
        params = SamplingParams(temperature=0, max_tokens=1, prompt_logprobs=0)
        self._engine.add_request("probe", {"prompt_token_ids": ids}, params)
        scores = None
        while scores is None:
            outputs = self._engine.step()
            probes = [output for output in outputs if output.request_id == "probe"]
            scores = next((probe.prompt_logprobs for probe in probes if probe.finished), None)
            self._deliver([output for output in outputs if output.request_id != "probe"])
        return [scored[token].logprob for token, scored in zip(ids[1:], scores[1:], strict=True)]

    # ------------------------------------------------------------------------------------------------------------------

    def _post(self, command: Callable[[], None]) -> None:
        if self._failure:
            raise self._failure
        self._inbox.put(command)

    def _load_tokenizer(self) -> None:
        if not hasattr(self, "tokenizer"):
            self._read_tokenizer()

    def _read_tokenizer(self) -> None:
        self.tokenizer: Any = read_tokenizer(self.path)
        self._special = special_texts(self.tokenizer)

    def _tokenize(self, messages: Sequence[Message]) -> list[int]:
        # A model that spells out `<|im_end|>` must not end its own turn when its words come back in a prompt.
        safe = [{**message, "content": marked(message["content"], self._special)} for message in messages]
        begun = (
            safe.pop()["content"] if safe[-1]["role"] == "assistant" else ""
        )  # an answer for the checkpoint to go on with
        text = self.tokenizer.apply_chat_template(safe, add_generation_prompt=True, tokenize=False)
        return token_ids(self.tokenizer, text + begun)


def _fail(request: _Request, error: ServingError) -> None:
    if request.done.set_running_or_notify_cancel():
        request.done.set_exception(error)


def _into(future: Future[Any], work: Callable[[], Any]) -> None:
    try:
        future.set_result(work())
    except Exception as error:
        future.set_exception(error)
