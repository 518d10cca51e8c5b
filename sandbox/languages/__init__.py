"""The languages, a file each."""
