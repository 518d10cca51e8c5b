"""What every part of a recipe is, and what several of them say alike."""

from typing import Literal

from pydantic import BaseModel, ConfigDict


class Part(BaseModel):
    """A part of a recipe: no key that we do not know, no change after loading."""

    model_config = ConfigDict(extra="forbid", frozen=True)


LeastProof = Literal["isolated", "control", "plain"]
"""The least proof (`sandbox.Proof`, the strongest first) that an accepted row may rest on."""
