"""The same interface over an OpenAI-compatible server (`--checkpoint http://host:8000/v1`), such as `lab serve` starts."""

import asyncio
import contextlib
import difflib
import hashlib
import os
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any

from rows.encoding import encodable, encodable_value
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

RETRIES = 6
"""The client retries 429, 5xx, refused connections and timeouts with exponential back-off; never another 4xx."""
PAUSES_S = (0.0, 0.5, 1.0, 2.0, 4.0, 8.0, 8.0)
"""Before each asking for an answer that the server breaks off in order: to the client it is an answer like another."""
RETRIES_AT_START = 2
"""Of the first question: a wrong address is told within seconds, not after half a minute."""
TIMEOUT_S = 600.0
NEUTRAL = {"min_p": 0.0, "repetition_penalty": 1.0, "presence_penalty": 0.0, "frequency_penalty": 0.0}
"""Rules that `Sampling` has not, at the values by which they do nothing."""
TOO_LONG = ("context length", "too long", "max_model_len", "maximum model length")
"""How servers say that a prompt does not fit."""


class RemoteEngine:
    """Somebody's server. Its address and the model it says it serves are its identity: it shows no weights to hash."""

    def __init__(self, url: str, max_in_flight: int) -> None:
        from openai import AsyncOpenAI

        address, _, self._wanted = url.partition("#")
        self.url = address.rstrip("/")
        self.name = url
        self.identity = ""
        self.is_vllm = False
        """Whether the server calls itself vLLM, which takes fields that OpenAI's API has not."""
        self._prompt_ends: str | None = None
        """The last tokens of a rendered prompt, once they were asked for."""
        self.max_model_len = 0
        self.loading_s = 0.0
        self._client = AsyncOpenAI(
            base_url=self.url, api_key=os.environ.get("OPENAI_API_KEY", "none"), max_retries=RETRIES, timeout=TIMEOUT_S
        )
        self._free = asyncio.Semaphore(max_in_flight)

    async def start(self) -> None:
        """Ask the server which models it has: the one named after `#` in the address is used, or the only one."""
        from openai import AuthenticationError, NotFoundError, OpenAIError, PermissionDeniedError

        try:
            client = self._client.with_options(max_retries=RETRIES_AT_START)
            models = [model async for model in client.models.list()]
        except (AuthenticationError, PermissionDeniedError) as error:
            key = "another key than OPENAI_API_KEY holds" if "OPENAI_API_KEY" in os.environ else "a key"
            mend = "set OPENAI_API_KEY to one it takes"
            raise ServingError(f"{self.url}: the server wants {key} ({error.status_code}); {mend}") from None
        except NotFoundError:
            mend = "" if self.url.endswith("/v1") else f"; did you mean {self.url}/v1?"
            raise ServingError(f"{self.url}: the server there lists no models (404){mend}") from None
        except OpenAIError as error:
            raise ServingError(f"{self.url}: no OpenAI-compatible server answers there: {_reason(error)}") from None
        model = self._chosen(models)
        self.name = model.id
        self.is_vllm = model.owned_by == "vllm"
        self.max_model_len = int(getattr(model, "max_model_len", None) or 0)
        root = getattr(model, "root", None) or model.id
        self.identity = hashlib.sha256(f"{self.url}|{root}|{model.id}".encode()).hexdigest()[:32]

    def _chosen(self, models: Sequence[Any]) -> Any:
        if not models:
            raise ServingError(f"{self.url}: the server offers no model")
        names = [model.id for model in models]
        if self._wanted and self._wanted not in names:
            close = difflib.get_close_matches(self._wanted, names, n=1)
            hint = f'; did you mean "{close[0]}"?' if close else "."
            raise ServingError(f'{self.url}: the server has no model "{self._wanted}"{hint} It has: {", ".join(names)}')
        if not self._wanted and len(models) > 1:
            raise ServingError(
                f"{self.url}: the server has {len(models)} models ({', '.join(names)}); choose one with --model NAME, or as "
                f"checkpoint {self.url}#NAME"
            )
        return models[names.index(self._wanted)] if self._wanted else models[0]

    async def complete(
        self,
        messages: Sequence[Message],
        sampling: Sampling,
        *,
        prefix: Sequence[int] = (),
        journal: Journal | None = None,
        cut: Cut | None = None,
    ) -> Completion:
        """Answer the conversation. A cut-short answer is asked for anew: a chat server takes no half answer as token ids. `cut` is
        asked where the server is a vLLM, which counts tokens as they come; another's answer comes whole.
        """
        from openai import APIConnectionError, APIStatusError, BadRequestError, UnprocessableEntityError

        wish: dict[str, Any] = {
            "model": self.name,
            "messages": encodable_value(messages),
            "temperature": sampling.temperature,
            "top_p": sampling.top_p,
            "max_tokens": sampling.max_tokens,
            "stop": list(sampling.stop) or None,
            "extra_body": _vllm_fields(messages, sampling, self.is_vllm),
        }
        async with self._free:
            try:
                begun = await self._thought_begun(messages) if cut and self.is_vllm else None
                if cut and begun is not None and (streamed := await self._streamed(wish, begun, cut)):
                    return streamed
                return await self._whole(wish)
            except BadRequestError as error:
                if any(word in str(error).lower() for word in TOO_LONG):
                    raise PromptTooLongError(_reason(error)) from None
                raise RequestRefusedError(f"{self.url}: the server refused the request: {_reason(error)}") from None
            except UnprocessableEntityError as error:
                raise RequestRefusedError(f"{self.url}: the server refused the request: {_reason(error)}") from None
            except (APIStatusError, APIConnectionError) as error:
                raise ServingError(f"{self.url}: no answer after {RETRIES} retries: {_reason(error)}") from None

    async def _whole(self, wish: Mapping[str, Any]) -> Completion:
        for pause_s in PAUSES_S:
            await asyncio.sleep(pause_s)
            started = time.monotonic()
            answer = await self._client.chat.completions.create(**wish)
            if not answer.choices:
                raise RequestRefusedError(f"{self.url}: the server's reply holds no answer")
            choice = answer.choices[0]
            if answer.usage is None:
                raise ServingError(f"{self.url}: the server reports no token usage, so budgets could not be kept")
            if choice.finish_reason not in BROKEN_OFF:
                return _completion(choice.message.content or "", choice.finish_reason, answer.usage, started)
        # One that was being ended is gone by now, and would have refused the connection.
        raise RequestRefusedError(
            f'{self.url}: the server breaks this answer off (finish_reason "{choice.finish_reason}")'
        )

    async def _streamed(self, wish: Mapping[str, Any], begun: str, cut: Cut) -> Completion | None:
        """The answer as it grows, up to where `cut` has a reason: a vLLM stops writing when nobody listens any more. None where
        the stream broke, did not end, or was broken off by the server.
        """
        started, text, finish, asked, usage = time.monotonic(), "", "", 0, None
        counted: Any = {"include_usage": True, "continuous_usage_stats": True}
        # What fails before the first part has been asked for again by the client, as any request is.
        stream = await self._client.chat.completions.create(**wish, stream=True, stream_options=counted)
        async with stream:
            async for part in _until_it_breaks(stream):
                usage = part.usage or usage
                for choice in part.choices or ():  # older servers' errors within a stream have none
                    text += choice.delta.content or ""
                    finish = choice.finish_reason or finish
                if usage and not finish and usage.completion_tokens - asked >= CUT_EVERY:
                    asked = usage.completion_tokens
                    if reason := cut(begun + text):
                        return _completion(text, reason, usage, started)
        return _completion(text, finish, usage, started) if usage and finish not in ("", *BROKEN_OFF) else None

    async def _thought_begun(self, messages: Sequence[Message]) -> str | None:
        """What the rendered prompt ends with where the template has begun a thought, or ""; None where the server does not tell, or
        who stands before it and lets nothing but OpenAI's interface through.
        """
        from openai import APIStatusError, RateLimitError

        if messages[-1]["role"] == "assistant":
            return thought_begun(messages[-1]["content"])
        if self._prompt_ends is None:
            try:
                ask = {"model": self.name, "messages": [{"role": "user", "content": "1"}]}
                ids = (await self._post("/tokenize", ask))["tokens"]
                self._prompt_ends = (await self._post("/detokenize", {"model": self.name, "tokens": ids[-CUT_EVERY:]}))[
                    "prompt"
                ]
            except (APIStatusError, KeyError, TypeError) as error:
                if isinstance(error, RateLimitError) or (
                    isinstance(error, APIStatusError) and error.status_code >= 500
                ):
                    raise  # busy
                return None
        return thought_begun(self._prompt_ends)

    async def _post(self, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """To what a vLLM has beside OpenAI's interface."""
        return await self._client.post(self.url.removesuffix("/v1") + path, cast_to=dict[str, Any], body=body)

    async def count_tokens(self, messages: Sequence[Message]) -> int:
        """vLLM's own `/tokenize`; where the server has none, a quarter of the characters. One that does not answer is asked again,
        as for an answer: what is counted must not depend on how busy it is.
        """
        from openai import APIConnectionError, APIStatusError

        body = {"model": self.name, "messages": encodable_value(list(messages)), "add_generation_prompt": True}
        async with self._free:
            try:
                return int((await self._post("/tokenize", body))["count"])
            except APIConnectionError as error:
                raise ServingError(f"{self.url}: no answer after {RETRIES} retries: {_reason(error)}") from None
            except (APIStatusError, KeyError, TypeError, ValueError) as error:
                if self.is_vllm and isinstance(error, APIStatusError) and error.status_code >= 500:
                    raise ServingError(f"{self.url}: no answer after {RETRIES} retries: {_reason(error)}") from None
                return sum(len(message["content"]) for message in messages) // 4

    async def swap(self, checkpoint: str) -> None:
        """Refused: the server belongs to somebody else."""
        raise ServingError(f"{self.url}: somebody's server cannot load {checkpoint}; give a directory to host it here")

    async def close(self) -> None:
        """Close the connections."""
        await self._client.close()


async def _until_it_breaks(stream: Any) -> AsyncIterator[Any]:
    """The parts of a stream, or those before it breaks: off, within a letter or a part, or by an error in the place of a part."""
    from openai import APIError

    with contextlib.suppress(APIError, ValueError):
        async for part in stream:
            yield part


def _completion(text: str, finish_reason: str, usage: Any, started: float) -> Completion:
    details = usage.prompt_tokens_details
    return Completion(
        encodable(text),  # JSON may hold a lone surrogate, and no server takes it back
        finish_reason,
        usage.prompt_tokens,
        usage.completion_tokens,
        (details.cached_tokens or 0) if details else 0,
        time.monotonic() - started,
    )


def _vllm_fields(messages: Sequence[Message], sampling: Sampling, is_vllm: bool) -> dict[str, Any]:
    """What OpenAI's API has no field for, as vLLM's server takes it; other servers see none of it unasked.

    A vLLM is told every rule of sampling: what a request leaves out it takes from the checkpoint's generation_config.json,
    and the same checkpoint in process would be another model.
    """
    fields: dict[str, Any] = {"top_k": 0, **NEUTRAL} if is_vllm else {}
    if messages[-1]["role"] == "assistant":
        fields |= {"continue_final_message": True, "add_generation_prompt": False}
    if sampling.stop:
        fields["include_stop_str_in_output"] = True
    if sampling.top_k:
        fields["top_k"] = sampling.top_k
    if sampling.constrained:
        grammar = {"regex": sampling.regex, "choice": sampling.choice, "json": sampling.json_schema}
        fields["structured_outputs"] = {name: value for name, value in grammar.items() if value}
    return fields


def _reason(error: Exception) -> str:
    return str(error).splitlines()[0][:300]
