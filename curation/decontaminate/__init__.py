"""Finds what a row holds of an evaluation set, word for word or as a program under other names."""
