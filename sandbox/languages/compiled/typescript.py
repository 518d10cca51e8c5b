"""TypeScript: solution and tests are compiled as one module, which the JavaScript harness then runs."""

from __future__ import annotations

import re

from sandbox.languages.diagnostics import lines
from sandbox.languages.language import BOX, MIB, NPM, Dialect, Language
from sandbox.languages.script import Script, rewrite
from sandbox.languages.scripted import javascript, jest
from sandbox.languages.values import typed

_RUNNERS = (
    *("test", "it", "describe", "expect", "suite", "jest", "vi", "beforeEach", "afterEach", "beforeAll", "afterAll"),
)
_RARER = ("before", "after", "context", "specify", "xit", "fit", "xtest", "xdescribe", "fdescribe")
"""Words of Mocha's and Jest's that are everyday names, too: theirs only where one begins a line."""
_IMPORT = re.compile(
    r"^import\b(?:[^'\";=]*?\{([^'\";{}]*)\})?[^'\";=]*?from\s+['\"](\./solution|\./main|\./index|@jest/globals|vitest)['\"];?[ \t]*$",
    re.MULTILINE,
)
_ANY = "<A = any, B = any, C = any, D = any>"
_TYPES = (
    *("Mock", "Mocked", "MockedClass", "MockedFunction", "MockedObject", "MockInstance", "SpyInstance", "Spied"),
    *(
        "SpiedClass",
        "SpiedFunction",
        "DoneCallback",
        "ProvidesCallback",
        "CustomMatcher",
        "CustomMatcherResult",
        "Matchers",
    ),
)
"""What Jest's types hold besides its words; here they say nothing."""


def _declared(names: list[str], types: list[str]) -> str:
    """The runner's words, which take type arguments as theirs do, and types that tests import from it; one line."""
    if not names and not types:
        return ""
    text = f" interface $LabWord {{ {_ANY}(...given: any[]): any; [word: string]: $LabWord }}"
    text += "".join(f" declare const {name}: $LabWord;" for name in names)
    if "jest" in names:
        text += f" declare namespace jest {{ {' '.join(f'type {name}{_ANY} = any;' for name in _TYPES)} }}"
    return text + "".join(f" type {name}{_ANY} = any;" for name in types)


def assemble(code: str, tests: str) -> Script:
    """`main.ts`, compiled to `main.js`, and the harness that loads it; without tests, a line that does."""
    if not tests.strip():
        return Script(code, {"lab.js": 'require("./main.js");\n'})
    asked = [
        re.sub(r"^(?:type\s+)?(?:[\w$]+\s+as\s+)?", "", name.strip())
        for names, module in _IMPORT.findall(tests)
        if not module.startswith(".")
        for name in names.split(",")
    ]
    tests = _IMPORT.sub(lambda found: "\n" * found[0].count("\n"), tests)
    text, units = rewrite(
        tests,
        javascript.ASSERTION,
        lambda index, line: f"try {{ {javascript.closed(line)} $lab.ok({index}) }} catch (e) {{ $lab.no({index}, e) }}",
        comments=("//",),
    )
    used = [name for name in _RUNNERS if re.search(rf"\b{name}\s*[(.<`]", tests)]
    used += [name for name in _RARER if re.search(rf"^[ \t]*{name}\s*\(", tests, re.MULTILINE)]
    imported = " ".join(re.findall(r"^import\b[^'\";]*", tests, re.MULTILINE))
    taken = r"\b(?:function|class|const|let|var|type|interface|enum)\s+(?:\{[^}=]*)?%s\b"
    mine, types = (
        [name for name in names if not re.search(taken % re.escape(name), code + tests)]
        for names in (
            [name for name in used if not re.search(rf"\b{name}\b", imported)],
            [name for name in dict.fromkeys(asked) if name and name not in _RUNNERS + _RARER],
        )
    )
    lines = code.count("\n") + 1
    harness = javascript.harness_of_one("main.js", len(units), jest.runner(tests, [], 0), tests)
    return Script(
        f"{code}\ndeclare const $lab: any;{_declared(mine, types)} {jest.words(tests)}{text}\nexport {{}};\n",
        {"lab.js": harness},
        units=(*units, (1, "the test script")),
        solution_lines=lines,
    )


_SAME = (
    javascript.SAME.replace(
        "(got, want, same = (a, b) => a === b) =>",
        "(got: any, want: any, same = (a: any, b: any) => a === b): boolean =>",
    )
    .replace("(item, at)", "(item: any, at: any)")
    .replace("Object.hasOwn(got, key)", "Object.prototype.hasOwnProperty.call(got, key)")
    .replace(
        "labNear = (got, want) => labSame(got, want, (a, b) =>",
        "labNear = (got: any, want: any) => labSame(got, want, (a: any, b: any) =>",
    )
)


LANGUAGE = Language(
    "typescript",
    (".ts", ".mts"),
    solution="solution.ts",
    main="main.ts",
    compile=(
        *("/usr/bin/node", f"{NPM}/typescript/bin/tsc", "--target", "es2021", "--module", "commonjs"),
        *(
            "--lib",
            "es2021,dom",
            "--typeRoots",
            f"{NPM}/@types",
            "--types",
            "node",
            "--baseUrl",
            NPM,
            "--skipLibCheck",
        ),
        *("--esModuleInterop", "--noEmitOnError", "--pretty", "false", "main.ts"),
    ),
    run=("/usr/bin/node", "--stack-size=900", f"{BOX}/lab.js"),
    artefacts=("main.js", "lab.js"),
    version=("/usr/bin/node", f"{NPM}/typescript/bin/tsc", "--version"),
    readers={
        "compile": lines(
            "tsc",
            r"^main\.ts\((?P<line>\d+),(?P<column>\d+)\): (?P<severity>error|warning) (?P<rule>TS\d+): (?P<message>.*)",
        )
    },
    not_here=r"Cannot find (?:module ('(?!\.)[^']+')|name ('(?:assert|should|chai|sinon|cy)'))",
    packages=("nodejs", "node-lodash"),
    npm=("typescript@5", "@types/node@18", "@types/lodash@4", "mathjs@13", *jest.PACKAGES),
    aliases=("ts",),
    memory_bytes=256 * MIB,
    memory_signs=("JavaScript heap out of memory",),
    build_memory_bytes=768 * MIB,
    pids=16,
    build_pids=24,
    environment={"NODE_PATH": f"{NPM}:/usr/share/nodejs", "UV_USE_IO_URING": "0"},
    assemble=assemble,
    wraps_always=True,
    dialect=Dialect(
        "typescript",
        "TypeScript",
        solution="function countEven(numbers: number[]): number {\n"
        "  // A number is even when dividing it by two leaves nothing.\n"
        "  return numbers.filter((number) => number % 2 === 0).length;\n}\n",
        tests="assert.deepStrictEqual(countEven([1, 2, 4]), 2);\n"
        "assert.deepStrictEqual(countEven([]), 0);\n"
        "assert.deepStrictEqual(countEven([7]), 0);\n"
        "assert.deepStrictEqual(countEven([0, -2]), 2);\n",
        test_start="assert.deepStrictEqual(",
        preamble='const assert = require("assert");\n',
        functions=javascript.FUNCTIONS,
        translation=javascript.translation(
            typed(
                "int=number; float=number; str=string; bool=boolean; none=null; mixed=any; list=Array<{}>; "
                "dict=Record<string, {}>; optional={} | null"
            ),
            "function count_even(numbers: Array<number>): number {\n"
            "  return numbers.filter((number) => number % 2 === 0).length;\n}",
            _SAME,
        ),
    ),
)
