"""Loads of weights by transformers, one at a time in a process."""

import threading

ONE_LOAD = threading.RLock()
"""Held by whoever calls `from_pretrained` of a model, or has an engine do so.

transformers 5.19 switches the tying of weights off for all threads while it makes a model: of two loads at once both find a
tied head missing and leave it untied, and so does every later one (findings/tied_head_lost_in_transformers_5.19.sh).
"""
