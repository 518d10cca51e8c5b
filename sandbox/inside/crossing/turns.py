"""Calls of the program, which come one after the other. Runs in the container, in the tests' own process."""

import os
import threading
from collections.abc import Callable
from typing import Any


class Turns:
    """Held while the program is asked. What the tests ask in several threads at once it is asked in turn: a race in it is
    not seen, so that such a test holds for nothing. `judge` is called with why.
    """

    def __init__(self, judge: Callable[[str], None]) -> None:
        self.judge = judge
        self.lock = threading.RLock()  # functions that the program calls ask it again
        self.threads: list[threading.Thread] = []
        """Of the tests' threads those that have asked."""
        self.process = os.getpid()

    def __enter__(self) -> None:
        if os.getpid() != self.process:
            raise RuntimeError("a process that the tests start cannot call the program")
        alone = acquired = self.lock.acquire(blocking=False)
        if not acquired:
            self.lock.acquire()
        thread = threading.current_thread()
        if self.threads or thread is not threading.main_thread():
            self.threads = [other for other in self.threads if other.is_alive()]
            alone = acquired and all(other is thread for other in self.threads)
            if thread is not threading.main_thread() and thread not in self.threads:
                self.threads.append(thread)
        if not alone:
            self.judge("its threads call the program at once, and would not see a race")

    def __exit__(self, *_: Any) -> None:
        self.lock.release()
