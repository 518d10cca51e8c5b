"""YAML of people, read with limits, its lines remembered for what is said of it."""
