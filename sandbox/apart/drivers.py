"""The programs that make the calls: the solution, and behind it one statement a call. They hold arguments and no
expected value (of C++'s the type), and print `TOKEN value INDEX JSON` for each.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from sandbox.apart.recognise import Call, Operand, Plan
from sandbox.languages.compiled import cfamily, go, java
from sandbox.languages.script import Script
from sandbox.languages.scripted import javascript, modules, php, ruby


def _script(plan: Plan, main: str, files: dict[str, str], above: int = 0) -> Script:
    units = (*((call.line, call.source) for call in plan.calls), (1, "the test script"))
    wants = tuple((call.want.value, call.rules) for call in plan.calls)
    return Script(main, files, units, above, wants=wants)


def _javascript(code: str, plan: Plan) -> Script:
    calls = [f"$lab.value({index}, () => {call.function}({_written(call)}));" for index, call in enumerate(plan.calls)]
    own = re.search(r"\b(?:function|class|const|let|var)\s+compare\b", code)  # what the tests compare with, some call
    kept = re.sub(r"function compare\([^)]*\)\s*\{[^}]*\}", "", plan.kept) if own else plan.kept
    apart = bool(modules.own(kept))  # then only what the program exports is there
    main = javascript.harness(code.count("\n") + 1, len(plan.calls), apart=apart)
    return _script(plan, main, javascript.beside(code, "\n".join([kept, *calls, ""])))


def _php(code: str, plan: Plan) -> Script:
    calls = []
    for index, call in enumerate(plan.calls):
        given, names = _in_variables(call, "$lab{}", lambda argument: "")
        calls.append(f"\\Lab::value(LAB_KEY, {index}, function () {{ {given} return {call.function}({names}); }});")
    return _script(plan, *php.joined(code, "\n".join([plan.kept, *calls]), len(calls)))


def _ruby(code: str, plan: Plan) -> Script:
    calls = [f"Lab.value({index}) {{ {call.function}({_written(call)}) }}" for index, call in enumerate(plan.calls)]
    return _script(plan, *ruby.joined(code, "\n".join([plan.kept, *calls]), len(calls)))


def _cpp(code: str, plan: Plan) -> Script:
    return _script(plan, *cfamily.calling_cpp(code, plan.kept, [_cpp_call(call, plan.copied) for call in plan.calls]))


def _cpp_call(call: Call, copied: frozenset[str]) -> str:
    """The body of a function that gives what the call gives, as what the script makes of it, and that compiles only
    where the script's comparison does.
    """
    given, names = _in_variables(call, "lab_{}", lambda argument: f"{argument.declared} ")
    function = call.function
    if function in copied:  # as `auto candidate = f` sees it: one function, without its defaults
        function = f"static_cast<::std::decay<decltype({function})>::type>({function})"
    made, other = f"{function}({names})", _of_its_type(call.want)
    beside = _beside(call, made, other)
    if "holds" in call.rules:
        return f"{given} return static_cast<bool>({made});"
    if "whole" in call.rules:  # a translation's own function takes values of any two types
        return f"{given} {beside} return {made};"
    if call.declared is None and beside:
        return f"{given} {beside} return {made};"
    if call.declared is None:
        kept = f"lab_apart({made})" if call.want.written.startswith('"') else made
        return f"{given} (void)sizeof({made} == {other}); return {kept};"
    kept = "lab_apart(lab_got)" if call.declared == "auto" else "lab_got"  # two pointers are compared as such
    return f"{given} {call.declared} lab_got = {made}; (void)sizeof(lab_alike(lab_got, {other})); return {kept};"


def _of_its_type(want: Operand) -> str:
    """An expression of a literal's type, for where nothing is evaluated."""
    if want.declared not in (None, "auto"):
        return f"::std::declval<{want.declared}>()"
    written = want.written
    while inner := re.fullmatch(r"\(([^)].*)\)", written, re.DOTALL):
        written = inner[1].strip()
    if opening := re.match(r"[\w:<>, ]*[{(]", written):
        empty = '("")' if opening[0].endswith("string(") else "{}"
        return opening[0][:-1] + empty if opening[0] != "(" else "0.0" if want.value[0] == "f" else "0"
    if written.startswith("'"):
        return "'a'"
    if long := re.fullmatch(r"-?\d+([lL]{1,2})", written):
        return f"0{long[1]}"
    return {"s": '""', "b": "false", "f": "0.0"}.get(want.value[0], "0")


def _java(code: str, plan: Plan) -> Script:
    made_of = re.compile(r"^new (\w+)\(\)(?=\.)")
    objects = sorted({(match[1], call.test) for call in plan.calls if (match := made_of.match(call.function))})
    return _script(
        plan,
        *java.calling(
            code,
            plan.kept,
            [_java_call(call, made_of.sub(rf"lab_\1_{call.test}[0]", call.function)) for call in plan.calls],
            [
                f"{name}[] lab_{name}_{test} = {{null}};" for name, test in objects
            ],  # what a call leaves in it the next one finds
        ),
    )


def _java_call(call: Call, function: str) -> str:
    """The body of a lambda; nothing of what is compiled beside the call runs."""
    given, names = _in_variables(call, "lab_{}", lambda argument: f"{argument.declared} ")
    if found := re.match(r"(lab_(\w+)_\d+\[0\])\.", function):  # made where it is first asked for, as in the script
        given = f"if ({found[1]} == null) {found[1]} = new {found[2]}(); {given}"
    made = f"{function}({names})"
    beside = _beside(call, made, _of_java_type(call.want)) or f"{call.declared or 'Object'} lab = {made};"
    beside = f"Runnable lab_never = () -> {{ {beside} }};" if not call.throws else f"if (false) {{ {beside} }}"
    how = (
        "LabTagged.real" if call.want.value[0] == "f" else "LabTagged.wide"
    )  # which assertEquals the compiler would take
    if "boxed" in call.rules:
        how = "LabTagged.boxed"
    elif "truth(" in call.compiles:  # of a supplier what it supplies
        how = "LabTagged.truth"
    elif "wide" not in call.rules:
        how = ""
    got = f"{how}({made})"
    return f"{given} {beside} {call.declared or 'Object'} lab_got = {got}; return lab_got;"


def _of_java_type(want: Operand) -> str:
    tag, kind = want.value[0], want.value[2] if len(want.value) > 2 else ""
    if want.written == "null":
        return "null"
    if tag == "s":
        return "'a'" if kind == "letter" else '""'
    return {"b": "false", "f": "0.0", "i": "0L" if kind == "long" else "0"}.get(
        tag if kind != "big" else "", "(Object) null"
    )


def _beside(call: Call, made: str, other: str) -> str:
    return call.compiles.replace("{made}", made).replace("{other}", other)


def _go(code: str, plan: Plan) -> Script:
    """As the script compares: by JSON whatever the types; `==` where it compiles; DeepEqual where the types are one."""
    calls = []
    for call in plan.calls:
        given, names = _in_variables(call, "lab{}", lambda argument: "var ")
        made, other = f"{call.function}({names})", _of_go_type(call.want)
        beside = _beside(call, made, other)
        if "json" in call.rules:
            calls.append(f"{given} labJSON = true; return {made}")
        elif "typed" in call.rules:
            calls.append(f"{given} return labTyped({made}, {other})")
        else:
            calls.append(
                f"{given} {beside} labGot := {made}; _ = labGot == {other}; return labPlain(labGot, &labGot, {other})"
            )
    return _script(plan, *go.calling(code, plan.kept, calls))


def _of_go_type(want: Operand) -> str:
    opening = re.match(r"(?:[\w\[\]]|interface\{\})+\{", want.written)
    return f"{opening[0]}}}" if opening else {"s": '""', "b": "false", "f": "0.0", "i": "0"}.get(want.value[0], "nil")


def _written(call: Call) -> str:
    return ", ".join(argument.written for argument in call.arguments)


def _in_variables(call: Call, name: str, typed: Callable[[Operand], str]) -> tuple[str, str]:
    """Statements that put into variables what the script has in variables, since an argument taken by reference can be
    no literal; and the arguments.
    """
    names = [
        argument.written if argument.declared is None else name.format(number)
        for number, argument in enumerate(call.arguments)
    ]
    given = [
        f"{typed(argument)}{shown} = {argument.written};"
        for shown, argument in zip(names, call.arguments, strict=True)
        if argument.declared is not None
    ]
    return " ".join(given), ", ".join(names)


DRIVERS: dict[str, Callable[[str, Plan], Script]] = {
    "javascript": _javascript,
    "php": _php,
    "ruby": _ruby,
    "cpp": _cpp,
    "java": _java,
    "go": _go,
}
