"""Seeds: what a generator starts from."""
