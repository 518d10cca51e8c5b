"""PPO: `loop` is the whole of it, step by step; what it is made of stands beside, and on-policy distillation is made of it as well.

`problems` is what is drawn, `rewards` and `scores` what an answer earns, `objective` the arithmetic, `learner` the policy in training,
`state` how far a run is.
"""

from alignment.trainings.ppo.loop import TRAINING

__all__ = ["TRAINING"]
