"""A prompt tried on real seeds before a run: previewed, put to the checkpoint, two wordings compared."""
