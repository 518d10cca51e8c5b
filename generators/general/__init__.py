"""Generators for requests of any kind, for which nothing but a reward model says what is good."""
