"""Commands that train a checkpoint, or make what it is trained on better: one training, several rounds, people in the arena."""
