"""A stage while it goes on: the same figures on the screen of who runs it and of who watches from another terminal."""
