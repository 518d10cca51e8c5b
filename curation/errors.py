"""What can be wrong with what a filter is asked to do."""


class FilterError(Exception):
    """The filter cannot be run as asked; the message says why."""
