"""`lab prompts ui`: templates edited in the browser, with their render and the checkpoint's answers beside them."""
