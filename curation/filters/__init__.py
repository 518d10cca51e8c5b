"""Filters that look at one text: `look(text)` is a reason to drop it, or None. A file a filter."""
