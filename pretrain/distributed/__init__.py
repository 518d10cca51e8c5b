"""Many processes, one training."""
