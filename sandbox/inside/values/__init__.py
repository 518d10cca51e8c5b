"""What crosses between the tests and the program, as data. Runs in the container, on both sides."""
