"""What stands for pytest in the tests' own process."""
