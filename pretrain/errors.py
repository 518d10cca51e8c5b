"""What goes wrong in `pretrain`, said to a person: what, where, and the mend."""


class PretrainError(Exception):
    """Bad input, or a run that cannot go on. The message names the file, line or option, and the mend."""
