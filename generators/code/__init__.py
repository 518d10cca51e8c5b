"""Code: problems, programs and tests, proved by running them."""
