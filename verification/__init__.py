"""What decides what is right: programs by behaviour and tests, answers by meaning, tests by what they catch."""
