"""Means of checkpoints: of the variants of a training, and of those whose mean answers best."""
