"""What compilers made, kept by content: a program that is run again is not compiled again."""

from __future__ import annotations

import hashlib
import json
import threading
from collections import OrderedDict
from typing import Any

from sandbox.languages.language import Language
from sandbox.languages.script import Script
from sandbox.report import Program

ROOM_BYTES = 256 * 1024 * 1024


class Artefacts:
    """The latest compiled programs, up to ROOM_BYTES of them, with the facts of the stages that made them."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, tuple[dict[str, str], list[dict[str, Any]], int]] = OrderedDict()
        self._bytes = 0
        self._lock = threading.Lock()

    def get(self, language: Language, program: Program, script: Script) -> dict[str, str] | None:
        """The files a compiler made of these very sources, if kept."""
        with self._lock:
            found = self._kept.get(_key(language, program, script)) if language.compile else None
            if found is None:
                return None
            self._kept.move_to_end(_key(language, program, script))
            return found[0]

    def with_build(self, language: Language, program: Program, script: Script, facts: dict[str, Any]) -> dict[str, Any]:
        """The facts of a run of kept files, with those of the stages that were not repeated."""
        with self._lock:
            found = self._kept.get(_key(language, program, script))
        return {**facts, "steps": [*(found[1] if found else []), *facts["steps"]], "artefact": None}

    def put(self, language: Language, program: Program, script: Script, facts: dict[str, Any]) -> None:
        """Keep what a run compiled."""
        artefact = facts.get("artefact")
        if not artefact:
            return
        built = [{**step, "wall_s": 0.0} for step in facts["steps"] if step["stage"] not in ("test", "run")]
        size = sum(len(content) for content in artefact.values())
        with self._lock:
            key = _key(language, program, script)
            if key in self._kept:
                return
            self._kept[key] = (artefact, built, size)
            self._bytes += size
            while self._bytes > ROOM_BYTES:
                self._bytes -= self._kept.popitem(last=False)[1][2]


def _key(language: Language, program: Program, script: Script) -> str:
    lint = program.lint and language.lint
    parts = [language.name, script.main, script.files, program.code, program.files, bool(lint)]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()
