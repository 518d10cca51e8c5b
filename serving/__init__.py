"""Hosts a checkpoint: in process with vLLM, or anybody's OpenAI-compatible server, behind one interface."""

from serving.engine import (
    Completion,
    Engine,
    PromptTooLongError,
    RequestRefusedError,
    Sampling,
    Scorer,
    ServingError,
)
from serving.host import host, host_scorer

__all__ = [
    "Completion",
    "Engine",
    "PromptTooLongError",
    "RequestRefusedError",
    "Sampling",
    "Scorer",
    "ServingError",
    "host",
    "host_scorer",
]
