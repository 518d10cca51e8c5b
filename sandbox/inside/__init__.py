"""All that runs in the container, and nothing else: standard library only, each module imports those before it."""
