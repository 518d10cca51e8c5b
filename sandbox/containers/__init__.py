"""Images, containers and what this machine gives them."""
