"""Rollouts for reinforcement learning: token ids in, token ids out, each with the log-probability that it was sampled with.

Nothing is decoded and encoded again between the sampler and the loss: a text may be spelled by other tokens than those that
were drawn, and the ratio of the two policies is then one of two different things. The engine runs in the thread that made it; new
weights are put into it as it runs.
"""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from checkpoints.errors import CheckpointError
from checkpoints.weights import refuse_other_weights
from serving.engine import PromptTooLongError, Sampling, ServingError
from serving.launch import Say, has_gpu, prepare_environment, quiet_stderr, repack_tied_head, start_vllm, stop_vllm

if TYPE_CHECKING:
    from torch import Tensor

    from recipes.schema import Serving


@dataclass(frozen=True)
class Rollout:
    """One sampled answer. The three lists have the same length."""

    ids: list[int] = field(default_factory=list)
    """What was sampled, in order; the token that ended it is the last of them."""
    log_probs: list[float] = field(default_factory=list)
    """The sampler's own log-probability of each."""
    versions: list[int] = field(default_factory=list)
    """Which weights made each, as `Rollouts.version` said then: 0 are the checkpoint's, and every `update` counts one up."""
    finish_reason: str = ""
    """`stop` (end token or stop string) or `length` (the token limit cut it)."""


class RolloutEngine(Protocol):
    """What a training knows of who draws: `Rollouts`, or one in a process of its own (`serving.rollouts_apart`)."""

    version: int
    max_model_len: int

    def sample(
        self,
        prompts: Sequence[Sequence[int]],
        sampling: Sampling,
        *,
        seed: int,
        finished: Callable[[int, Rollout], None] = ...,
    ) -> list[Rollout]: ...

    def update(self, weights: Iterable[tuple[str, Tensor]]) -> None: ...

    def stop(self) -> None: ...

    def close(self) -> None: ...


class Rollouts:
    """A checkpoint in vLLM, in this process. One thread makes it and makes every call but `stop`. Close it, or use it as a context."""

    def __init__(self, path: Path, settings: Serving, say: Say = lambda text: None) -> None:
        """Loads the checkpoint. Raises ServingError with vLLM's own reason where it cannot."""
        self.version = 0
        self._stopped = False
        prepare_environment(settings)
        os.environ["VLLM_ENABLE_V1_MULTIPROCESSING"] = "0"  # weights are handed over in memory, also on a GPU
        try:
            with quiet_stderr():
                refuse_other_weights(path)
            self._engine: Any = start_vllm(path, settings, say)
        except CheckpointError as error:
            raise ServingError(str(error)) from None
        except Exception as error:  # of any kind, see `serving.local`
            raise ServingError(f"{path}: vLLM cannot host it: {type(error).__name__}: {error}") from error
        self.max_model_len: int = self._engine.model_config.max_model_len

    def __enter__(self) -> Rollouts:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Give the engine's memory back."""
        if self._engine is not None:
            stop_vllm(self._engine)
            self._engine = None
            gc.collect()

    def stop(self) -> None:
        """From another thread: nothing is sampled any more, and what is being sampled ends with ServingError."""
        self._stopped = True

    def sample(
        self,
        prompts: Sequence[Sequence[int]],
        sampling: Sampling,
        *,
        seed: int,
        finished: Callable[[int, Rollout], None] = lambda place, rollout: None,
    ) -> list[Rollout]:
        """One answer to each prompt, in order. `finished` is told of each as it ends, with its place among the prompts, while
        the others go on.

        The same prompts, seed and weights give the same answers: requests are added in order to an engine with an empty prefix
        cache, whose sampler draws from torch's generator. (A seed of a request's own ends vLLM's CPU engine.)
        Raises ServingError for a sampler whose log-probabilities are not those of what it draws, PromptTooLongError.
        """
        import torch

        refuse_truncating(sampling)
        for number, prompt in enumerate(prompts):
            if len(prompt) >= self.max_model_len:
                raise PromptTooLongError(
                    f"prompt {number} has {len(prompt)} tokens; the context holds {self.max_model_len}"
                )
        self._engine.reset_prefix_cache()
        torch.manual_seed(seed)
        growing = {str(place): Rollout() for place in range(len(prompts))}
        for place, prompt in enumerate(prompts):
            most = min(sampling.max_tokens, self.max_model_len - len(prompt))
            self._engine.add_request(str(place), {"prompt_token_ids": list(prompt)}, _params(sampling, most))
        done: dict[int, Rollout] = {}
        try:
            while len(done) < len(prompts):
                if self._stopped:
                    raise ServingError("the engine was stopped")
                for output in self._engine.step():
                    if (rollout := self._grown(growing[output.request_id], output)).finish_reason:
                        place = int(output.request_id)
                        done[place] = rollout
                        finished(place, rollout)
                    growing[output.request_id] = rollout
        finally:
            if len(done) < len(prompts):
                self._engine.abort_request([name for name in growing if int(name) not in done])
        return [done[place] for place in range(len(prompts))]

    def _grown(self, rollout: Rollout, output: Any) -> Rollout:
        answer = output.outputs[0]
        drawn = list(answer.token_ids)
        rollout.ids.extend(drawn)
        rollout.log_probs.extend(at[token].logprob for at, token in zip(answer.logprobs or (), drawn, strict=True))
        rollout.versions.extend([self.version] * len(drawn))
        reason = (answer.finish_reason or "stop") if output.finished else ""
        return Rollout(rollout.ids, rollout.log_probs, rollout.versions, reason)

    def update(self, weights: Iterable[tuple[str, Tensor]]) -> None:
        """Put weights, by the names that the checkpoint's files have, into the running engine, which rounds them to its own type.

        May be called from `finished`: what still waits is computed anew under the new weights and goes on from the tokens that
        it has. A head tied to the embeddings need not be given.
        """
        import torch

        with torch.no_grad(), quiet_stderr():
            self._engine.collective_rpc("reload_weights", kwargs={"weights_iterator": iter(weights)})
        if not has_gpu():
            self._engine.collective_rpc(repack_tied_head)
        if not self._engine.reset_prefix_cache(reset_running_requests=self._engine.has_unfinished_requests()):
            raise ServingError("vLLM kept what it had computed under the old weights")
        self.version += 1


def refuse_truncating(sampling: Sampling) -> None:
    """Raises ServingError for sampling under which vLLM's log-probabilities, which are of the model's own distribution, are not
    those of the one that was drawn from: the importance of a token would be that of another sampler.
    """
    odd = {
        "temperature": sampling.temperature != 1,
        "top_p": sampling.top_p < 1,
        "top_k": sampling.top_k > 0,
        "a grammar": sampling.constrained,
    }
    if named := [name for name, is_odd in odd.items() if is_odd]:
        raise ServingError(
            f"rollouts are drawn from the whole distribution at temperature 1; {', '.join(named)} would make the "
            "log-probabilities those of something that was not sampled"
        )


def _params(sampling: Sampling, max_tokens: int) -> Any:
    from vllm.sampling_params import RequestOutputKind, SamplingParams

    return SamplingParams(
        temperature=1.0,
        max_tokens=max_tokens,
        stop=list(sampling.stop),
        include_stop_str_in_output=True,
        detokenize=bool(sampling.stop),
        logprobs=0,  # that of the drawn token alone
        output_kind=RequestOutputKind.DELTA,
    )
