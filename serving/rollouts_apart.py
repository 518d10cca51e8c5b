"""`Rollouts` in a process of its own: where a training is several processes, vLLM and FSDP would both want torch's default group.

Answers come back as they end. Weights go over a pipe, one after the other as vLLM takes them: that needs no shared memory, of which
a container may have next to none.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING, Any

from serving.engine import Sampling, ServingError
from serving.rollouts import Rollout, Rollouts

if TYPE_CHECKING:
    from torch import Tensor

    from recipes.schema import Serving

END_S = 60.0
"""How long the process may take to give its memory back."""


class RolloutsApart:
    """As `Rollouts`, but that `update` may not be called from `finished`."""

    def __init__(self, path: Path, settings: Serving, environment: Mapping[str, str]) -> None:
        """Loads the checkpoint in a process that has this `environment`. Raises ServingError as `Rollouts` does."""
        spawning = multiprocessing.get_context("spawn")
        self._pipe, theirs = spawning.Pipe()
        # No event of multiprocessing's: to set one waits for ever for who waits for it and was killed.
        stopped, self._stop = spawning.Pipe(duplex=False)
        self._version = 0
        arguments = (theirs, stopped, path, settings, dict(environment))
        self._process = spawning.Process(target=_serve, args=arguments, name="rollouts", daemon=True)
        self._process.start()
        theirs.close()
        stopped.close()
        try:
            self.max_model_len: int = self._answer()
        except BaseException:
            self._process.kill()  # what it loads is nobody's, and to be told so it would have to be ready
            self.close()
            raise

    def __enter__(self) -> RolloutsApart:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def version(self) -> int:
        """As `Rollouts.version`."""
        return self._version

    @version.setter
    def version(self, number: int) -> None:
        self._version = number
        self._ask("version", number)

    def close(self) -> None:
        """End the process, and with it the engine."""
        self._pipe.close()  # it ends where nobody asks any more
        self._stop.close()
        self._process.join(END_S)
        if self._process.is_alive():
            self._process.kill()
            self._process.join()

    def stop(self) -> None:
        """As `Rollouts.stop`."""
        with contextlib.suppress(OSError):  # it has ended, or is being ended
            self._stop.send(None)

    def sample(
        self,
        prompts: Sequence[Sequence[int]],
        sampling: Sampling,
        *,
        seed: int,
        finished: Callable[[int, Rollout], None] = lambda place, rollout: None,
    ) -> list[Rollout]:
        """As `Rollouts.sample`."""
        done: dict[int, Rollout] = {}

        def take(place: int, rollout: Rollout) -> None:
            done[place] = rollout
            finished(place, rollout)

        try:
            self._ask("sample", [list(prompt) for prompt in prompts], sampling, seed, finished=take)
        except ServingError:
            raise
        except BaseException:  # of `finished`: what is still being drawn is nobody's
            self.stop()
            raise
        return [done[place] for place in range(len(prompts))]

    def update(self, weights: Iterable[tuple[str, Tensor]]) -> None:
        """As `Rollouts.update`."""
        import torch

        given = [(name, weight.detach().cpu().contiguous()) for name, weight in weights]
        about = [(name, tuple(weight.shape), str(weight.dtype).removeprefix("torch.")) for name, weight in given]
        with self._lost():
            self._pipe.send(("update", (about,)))
            for _, weight in given:
                self._pipe.send_bytes(weight.flatten().view(torch.uint8).numpy().data)
        self._answer()
        self._version += 1

    def _ask(self, name: str, *arguments: Any, finished: Callable[[int, Rollout], None] = lambda *_: None) -> Any:
        with self._lost():
            self._pipe.send((name, arguments))
        return self._answer(finished)

    def _answer(self, finished: Callable[[int, Rollout], None] = lambda *_: None) -> Any:
        while True:
            with self._lost():
                kind, told = self._pipe.recv()
            if kind == "finished":
                finished(*told)
            elif kind == "raised":
                raise told
            else:
                return told

    @contextlib.contextmanager
    def _lost(self) -> Iterator[None]:
        try:
            yield
        except (EOFError, OSError):
            self._process.join(END_S)
            raise ServingError(f"the engine's process has ended (status {self._process.exitcode})") from None


def _serve(pipe: Connection, stop: Connection, path: Path, settings: Serving, environment: Mapping[str, str]) -> None:
    """The process's side. Ends where the pipe does, so also where who began it was killed."""
    os.environ.clear()  # before torch is imported, which reads it
    os.environ.update(environment)
    for number in (signal.SIGINT, signal.SIGTERM):  # which may be for all of a group: who began it decides when it ends
        signal.signal(number, signal.SIG_IGN)
    try:
        rollouts = Rollouts(path, settings)
    except ServingError as error:
        pipe.send(("raised", error))
        return
    threading.Thread(target=_stop_when, args=(stop, rollouts), daemon=True).start()
    with rollouts, contextlib.suppress(EOFError, OSError):
        pipe.send(("done", rollouts.max_model_len))
        while True:
            name, arguments = pipe.recv()
            try:
                _do(pipe, rollouts, name, arguments)
                pipe.send(("done", None))
            except ServingError as error:
                pipe.send(("raised", error))
            except (EOFError, OSError):
                raise
            except Exception as error:  # vLLM's own, of any kind
                pipe.send(("raised", ServingError(f"vLLM stopped: {type(error).__name__}: {error}")))


def _do(pipe: Connection, rollouts: Rollouts, name: str, arguments: Any) -> None:
    if name == "sample":
        prompts, sampling, seed = arguments
        rollouts.sample(prompts, sampling, seed=seed, finished=lambda *ended: pipe.send(("finished", ended)))
    elif name == "update":
        weights = _received(pipe, *arguments)
        try:
            rollouts.update(weights)
        finally:
            for _ in weights:  # what vLLM did not ask for lies in the pipe
                pass
    else:
        (rollouts.version,) = arguments


def _stop_when(asked: Connection, rollouts: Rollouts) -> None:
    with contextlib.suppress(EOFError, OSError):  # who would ask has ended
        asked.recv()
    rollouts.stop()


def _received(pipe: Connection, about: Sequence[tuple[str, Sequence[int], str]]) -> Iterator[tuple[str, Tensor]]:
    import torch

    for name, shape, dtype in about:
        kind: torch.dtype = getattr(torch, dtype)
        buffer = bytearray(kind.itemsize * torch.Size(shape).numel())
        pipe.recv_bytes_into(buffer)
        yield name, torch.frombuffer(buffer, dtype=kind).reshape(tuple(shape))
