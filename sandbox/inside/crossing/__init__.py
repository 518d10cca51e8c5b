"""What crosses between the tests and the program."""
