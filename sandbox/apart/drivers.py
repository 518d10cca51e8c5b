"""The programs that make the calls: the solution, and behind it one statement a call. They hold arguments and no
expected value, and print `TOKEN value INDEX JSON` for each.
"""

from __future__ import annotations

from collections.abc import Callable

from sandbox.apart.recognise import Plan
from sandbox.languages.compiled import cfamily
from sandbox.languages.script import Script
from sandbox.languages.scripted import javascript, php, ruby


def _script(plan: Plan, main: str, files: dict[str, str], above: int = 0) -> Script:
    units = (*((call.line, call.source) for call in plan.calls), (1, "the test script"))
    wants = tuple((call.want, call.rules) for call in plan.calls)
    return Script(main, files, units, above, wants=wants)


def _javascript(code: str, plan: Plan) -> Script:
    calls = [
        f"$lab.value({index}, () => {call.function}({', '.join(call.arguments)}));"
        for index, call in enumerate(plan.calls)
    ]
    program = "\n".join([javascript.commonjs(code), f";{javascript.commonjs(plan.kept)}", *calls, ""])
    harness = javascript.harness("program.js", lines=code.count("\n") + 1, script=len(plan.calls))
    return _script(plan, harness, {"program.js": program})


def _php(code: str, plan: Plan) -> Script:
    calls = []
    for index, call in enumerate(plan.calls):
        # In variables: an argument taken by reference can be no literal.
        names = [f"$lab{number}" for number in range(len(call.arguments))]
        given = " ".join(f"{name} = {value};" for name, value in zip(names, call.arguments, strict=True))
        made = f"return {call.function}({', '.join(names)});"
        calls.append(f"\\Lab::value({index}, function () {{ {given} {made} }});")
    return _script(plan, *php.joined(code, "\n".join(calls), len(calls)))


def _ruby(code: str, plan: Plan) -> Script:
    calls = [
        f"Lab.value({index}) {{ {call.function}({', '.join(call.arguments)}) }}"
        for index, call in enumerate(plan.calls)
    ]
    return _script(plan, *ruby.joined(code, "\n".join([plan.kept, *calls]), len(calls)))


def _cpp(code: str, plan: Plan) -> Script:
    calls = [f"{call.function}({', '.join(call.arguments)})" for call in plan.calls]
    return _script(plan, cfamily.calling_cpp(code, plan.kept, calls), {})


DRIVERS: dict[str, Callable[[str, Plan], Script]] = {"javascript": _javascript, "php": _php, "ruby": _ruby, "cpp": _cpp}
