"""What a checkpoint is: a Hugging Face directory, found, checked, named by its content; and the default one."""

from checkpoints.errors import CheckpointError

__all__ = ["CheckpointError"]
