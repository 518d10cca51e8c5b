"""The programs that make the calls: the solution, and behind it one statement a call. They hold arguments and no
expected value, and print `TOKEN value INDEX JSON` for each.
"""

from __future__ import annotations

from collections.abc import Callable

from sandbox.apart.forms import FORMS
from sandbox.apart.recognise import Plan
from sandbox.languages.script import Script
from sandbox.languages.scripted import javascript


def _script(language: str, plan: Plan, main: str, files: dict[str, str], above: int = 0) -> Script:
    units = (*((call.line, call.source) for call in plan.calls), (1, "the test script"))
    wants = tuple(call.want for call in plan.calls)
    return Script(main, files, units, above, wants=wants, rules=FORMS[language].rules)


def _javascript(code: str, plan: Plan) -> Script:
    calls = [
        f"$lab.value({index}, () => {call.function}({', '.join(call.arguments)}));"
        for index, call in enumerate(plan.calls)
    ]
    program = "\n".join([javascript.commonjs(code), f";{javascript.commonjs(plan.kept)}", *calls, ""])
    harness = javascript.harness("program.js", lines=code.count("\n") + 1, script=len(plan.calls))
    return _script("javascript", plan, harness, {"program.js": program})


DRIVERS: dict[str, Callable[[str, Plan], Script]] = {"javascript": _javascript}
