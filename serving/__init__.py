"""Hosts a checkpoint: in process with vLLM, or anybody's OpenAI-compatible server, behind one interface."""

from serving.engine import (
    Completion,
    Cut,
    Engine,
    PromptTooLongError,
    RequestRefusedError,
    Sampling,
    Scorer,
    ServingError,
    StepScorer,
)
from serving.host import host, host_scorer, host_step_scorer

__all__ = [
    "Completion",
    "Cut",
    "Engine",
    "PromptTooLongError",
    "RequestRefusedError",
    "Sampling",
    "Scorer",
    "ServingError",
    "StepScorer",
    "host",
    "host_scorer",
    "host_step_scorer",
]
