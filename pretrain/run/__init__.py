"""A whole pre-training from one recipe."""
