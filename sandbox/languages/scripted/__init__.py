"""Languages that are run as they are written, a file each."""
