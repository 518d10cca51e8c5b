"""What is said of an answer while it is being written, or of how it ended."""
