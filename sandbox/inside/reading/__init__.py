"""What is read of a source before it runs."""
