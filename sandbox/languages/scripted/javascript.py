"""JavaScript (and compiled TypeScript): a Node harness that loads solution and tests as one CommonJS module.

Assertion lines (`assert...(...)`, `console.assert(...)`) are tests of their own; everything else is one test, the
script. `test`/`it`/`describe`/`expect` in the manner of Jest and node:test are there too (`jest.py`), each test a test.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from sandbox.languages.diagnostics import Reader, bounded, line_number
from sandbox.languages.language import BOX, MIB, NPM, Dialect, Language, Translation
from sandbox.languages.script import Script, rewrite
from sandbox.languages.scripted import jest, modules, plainly
from sandbox.languages.values import Spelling, json_text
from sandbox.report import Diagnostic

ASSERTION = re.compile(r"(?:console\.)?assert(?:\.\w+)*\s*\(.*\)\s*;?\s*(?://.*)?$")


def assemble(code: str, tests: str) -> Script:
    """The harness, with solution and tests in a file of their own; without tests, the program."""
    if not tests.strip():
        return plainly.javascript_alone(code)
    text, units = rewrite(
        tests,
        ASSERTION,
        lambda index, line: f"try {{ {closed(line)} $lab.ok({index}) }} catch (e) {{ $lab.no({index}, e) }}",
        comments=("//",),
    )
    methods = jest.tests_in(tests)
    runner = jest.runner(tests, methods, len(units))
    return Script(
        harness(
            code.count("\n") + 1,
            len(units) + len(methods),
            runner,
            apart=bool(modules.own(tests)),
            waits=modules.is_module(tests),
            words=jest.words(tests),
        ),
        beside(code, text),
        units=(*units, *methods, (1, "the test script")),
    )


def beside(code: str, tests: str) -> dict[str, str]:
    """Program and tests as the harness reads them: two modules where the tests take the program from a file, else what becomes
    one script.
    """
    if modules.own(tests):
        return {"program.js": modules.exporting(code), "tests.js": modules.commonjs(tests)}
    return {"program.js": modules.commonjs(code), "tests.js": modules.beside(code, tests)}


def harness(
    lines: int, script: int, runner: str = "", *, apart: bool = False, waits: bool = False, words: str = ""
) -> str:
    """The harness for the files that `beside` makes. The program has `lines` lines, the script as a whole is the test number
    `script`; `apart`: whether tests and program are two modules; `words`: what says which words the tests call (`jest.words`).
    """
    marks = {"files": [f"{BOX}/program.js", f"{BOX}/tests.js"], "lines": lines, "script": script, "apart": apart}
    return _filled({**marks, "waits": waits, "words": words}, runner)


def harness_of_one(file: str, script: int, runner: str = "", said: str = "") -> str:
    """The harness for a script that holds program and tests together and calls it `$lab`; `said`: the tests in it."""
    return _filled({"files": [f"{BOX}/{file}"], "lines": 0, "script": script, "apart": False, "said": said}, runner)


def _filled(marks: dict[str, object], runner: str) -> str:
    text = _HARNESS.replace("$CLOCK", jest.CLOCK).replace("$RUNNER", runner or jest.runner("", [], 0))
    return text.replace("$MARKS", json.dumps(marks))


def closed(line: str) -> str:
    """The statement without its trailing comment, with its semicolon."""
    statement = line.rstrip()
    end = statement.rfind(")")
    return statement[: end + 1] + ";"


_HARNESS = r"""
"use strict";
(function () {
  const fs = require("fs"), vm = require("vm"), util = require("util"), realAssert = require("assert");
  const marks = $MARKS;
  const [program, tests = ""] = marks.files.map((file) => fs.readFileSync(file, "utf8"));
  const bytes = Buffer.alloc(32);
  for (let n = 0; n < 32; ) n += fs.readSync(4, bytes, n, 32 - n);
  const token = bytes.toString("latin1"); bytes.fill(0);
  fs.writeSync(3, token + " begin 0 \"\"\n"); fs.readFileSync(4); fs.closeSync(4);
  const writeSync = fs.writeSync, stringify = JSON.stringify, inspect = util.inspect, exit = process.reallyExit.bind(process);
  const AssertionError = realAssert.AssertionError, str = String, ErrorClass = Error;
  const say = (kind, index, text) => {
    let data = token + " " + kind + " " + index + " " + stringify(str(text).slice(0, 1000)) + "\n";
    try { writeSync(3, data); } catch (error) { exit(70); }
  };
  const name = marks.files.length > 1 ? "$" + require("crypto").randomBytes(12).toString("hex") : "$lab"; // what the program cannot call
  const later = setTimeout, sooner = clearTimeout;
  let failed = false, pending = 0, done = false, loaded = false;
  const place = (error) => {
    const found = /solution\.js:(\d+)/.exec((error && typeof error.stack === "string" && error.stack) || "");
    return found ? Number(found[1]) : 0;
  };
  const at = (index, error) => {
    const line = index === marks.script && marks.lines > 0 && error !== null && typeof error === "object" ? place(error) - marks.lines : 0;
    if (line > 0) say("at", line, "");
  };
  const describe = (error) => {
    if (error === null || typeof error !== "object") return ["fail", str(error)];
    const line = place(error);
    let text = "";
    try { text = str(error.message); } catch (_) {}
    if (error instanceof AssertionError || error.name === "AssertionError") {
      if (error.generatedMessage !== false || !text)
        text = "expected " + inspect(error.expected, {breakLength: Infinity}) + ", got " + inspect(error.actual, {breakLength: Infinity});
      return ["fail", text];
    }
    if (error.matcherResult !== undefined) return ["fail", text.replace(/\u001b\[\d+m/g, "")];
    if (line > marks.lines) return error.constructor && error.constructor.name === "Error" ? ["fail", text] : ["error", error.name + ": " + text];
    return ["error", error.name + ": " + text + (line ? " (line " + line + " of the program)" : "")];
  };
  const no = (index, error) => { failed = true; at(index, error); if (unknown(error)) { say("void", index, error.message + ": this is not known here"); return; } const [kind, text] = describe(error); say(kind, index, text); };
  const ok = (index) => say("ok", index, "");
  const isProxy = util.types.isProxy, every = Set.prototype.forEach, toString = Object.prototype.toString, call = Function.prototype.call.bind(Function.prototype.call);
  // As sandbox/apart reads it, a text from the start: no method of the program's is asked.
  const tagged = (value, depth) => {
    if (value === null) return '["n"]';
    if (value === undefined) return '["u"]';
    if (typeof value === "number") return '["f","' + (value === 0 && 1 / value < 0 ? "-0" : str(value)) + '"]';
    if (typeof value === "string") return '["s",' + stringify(value) + "]";
    if (typeof value === "boolean") return '["b",' + (value ? "true" : "false") + "]";
    if (typeof value === "object" && isProxy(value)) return '["?","proxy"]'; // which may show another face each time
    if (typeof value !== "object" || depth > 20) return '["?","' + (value === 0n ? "0n" : typeof value) + '"]';
    const above = Object.getPrototypeOf(value), keys = Object.keys(value), all = Object.getOwnPropertySymbols(value);
    for (let at = 0; at < keys.length; at++) if (Object.getOwnPropertyDescriptor(value, keys[at]).get) return '["?","getter"]';
    let signs = 0, found = "", count = 0, plain = true;
    for (let at = 0; at < all.length; at++) if (Object.getOwnPropertyDescriptor(value, all[at]).enumerable) signs += 1;
    const add = (text) => { found += (count++ ? "," : "") + text; };
    // What deepStrictEqual sees and lodash does not: holes, more keys; another prototype (which deepEqual sees as little).
    const end = (proto, holds) => "]" + (!holds ? ',"odd"' : above === proto && signs === 0 ? "" : ',"kin"') + "]";
    if (Array.isArray(value)) {
      for (let at = 0; at < value.length; at++) { add(tagged(value[at], depth + 1)); plain = plain && keys[at] === str(at); }
      return '["l",[' + found + end(Array.prototype, plain && keys.length === value.length);
    }
    if (value instanceof Set) { call(every, value, (item) => add(tagged(item, depth + 1))); return '["set",[' + found + end(Set.prototype, keys.length === 0); }
    if ((above !== null && above !== Object.prototype) || signs) return '["?","object"]';
    for (let at = 0; at < keys.length; at++) add("[" + tagged(keys[at], 0) + "," + tagged(value[keys[at]], depth + 1) + "]");
    return '["m",[' + found + end(Object.prototype, call(toString, value) === "[object Object]");
  };
  const value = (index, body) => {
    try {
      const text = tagged(body(), 0);
      writeSync(3, token + " value " + index + " " + (text.length > 200000 ? '["?","a value too large"]' : text) + "\n");
    } catch (error) { no(index, error); }
  };
  let shown = () => ({});
  const lab = Object.freeze({ok, no, value, words(show) { shown = show; }});
  const strictFalse = () => { // the assertions must still be able to fail, or nothing they said counts
    for (const check of [() => realAssert(false), () => realAssert.strictEqual(1, 2), () => realAssert.deepStrictEqual([1], [2]), ...(expect ? [() => expect(1).toBe(2), () => expect([1]).toEqual([2])] : [])]) {
      let raised = false;
      try { check(); } catch (error) { raised = error instanceof AssertionError || (expect !== null && error.matcherResult !== undefined); }
      if (!raised) return false;
    }
    return true;
  };
  const finish = () => { // once nothing is left to do: what fails after the last test has failed
    if (done) return;
    done = true;
    if (collected() && !over) { failed = true; say("error", marks.script, "it ended before its tests were over"); }
    if (!failed) ok(marks.script);
    if (!strictFalse()) { say("error", marks.script, "the program changed what assert means"); }
    if (walks.some(([of, walk]) => of[Symbol.iterator] !== walk)) meddled = "how a list is walked through";
    if (kinds.some((kind) => kind !== Date && Object.hasOwn(kind.prototype, "toJSON"))) meddled = "toJSON";
    try { const found = shown(); for (const word in found) if (found[word] !== scope[word]) meddled = word; } catch (_) {}
    if (meddled) say("void", marks.script, "the program replaced " + meddled);
    if (process.exitCode) say("error", marks.script, "it ends with status " + str(process.exitCode));
    say("end", 0, "");
    exit(0);
  };
  const outlast = () => later(() => { say("void", marks.script, "it was still at work long after its last test"); say("end", 0, ""); exit(0); }, 6000).unref();
  const assertLike = (value, ...text) => realAssert(value, text.length ? text.map(str).join(" ") : undefined);
  // What says that a test holds is nobody's to change, nor is what it looks with. Who tries may rely on it: that proves nothing.
  const define = Object.defineProperty;
  let meddled = "";
  const kept = (thing, name, value = thing[name]) => (Object.getOwnPropertyDescriptor(thing, name)?.configurable ?? true) && define(thing, name, {configurable: false, get: () => value, set(other) {
    if (this === thing) meddled = other === value ? meddled : str(name); else define(this, name, {value: other, writable: true, enumerable: true, configurable: true});
  }});
$CLOCK  for (const each of [realAssert, realAssert.strict]) { Object.freeze(each); Object.freeze(each.prototype); }
  for (const [of, names] of [[Object, Object.getOwnPropertyNames(Object).filter((name) => typeof Object[name] === "function")], [Math, ["abs", "pow"]], [Number, ["isNaN"]], [Array, ["isArray"]]])
    for (const name of names) kept(of, name);
  for (const name of ["isDeepStrictEqual", "inspect"]) kept(util, name);
  for (const name of ["then", "constructor"]) kept(Promise.prototype, name);
  kept(console, "assert", assertLike);
  for (const name of ["log", "error", "warn", "info", "debug"]) define(console, name, {configurable: false}); // what is put there is what is called
  // Nor is what the tests call of the language.
  const said = marks.said || tests; // the tests' own words
  const words = new Set(Array.from(said.matchAll(/\.\s*([A-Za-z_]\w*)/g), (found) => found[1]));
  for (const [, names] of said.matchAll(/\{([^{}]*)\}\s*=\s*(?:require\(|[A-Z])/g)) for (const [name] of names.matchAll(/\w+/g)) words.add(name); // `const { join } = require("path")`
  const theirs = (word) => new RegExp("\\b" + word + "\\s*=(?![=>])|['\"`]" + word + "['\"`]").test(said); // what they replace themselves
  const numbersOf = Object.getPrototypeOf(Uint8Array); // what all lists of numbers are
  const kinds = [Array, String, Number, Boolean, Object, RegExp, Map, Set, WeakMap, Date, Promise, Symbol, BigInt, Error];
  const others = [require("events"), Buffer, numbersOf, URL, URLSearchParams, TextDecoder, ...["Collator", "DateTimeFormat", "ListFormat", "NumberFormat", "PluralRules", "RelativeTimeFormat"].map((name) => Intl[name])];
  for (const word of ["toString", "valueOf", "join"]) words.add(word); // asked by the way
  for (const of of [...kinds, ...others, ...[...kinds, ...others].map((kind) => kind.prototype), Function.prototype, JSON, Math, Reflect])
    for (const word of words) {
      const own = Object.getOwnPropertyDescriptor(of, word);
      if (word === "constructor" || !own || !own.configurable || theirs(word)) continue;
      if (typeof own.value === "function") kept(of, word); else if (own.get) define(of, word, {configurable: false});
    }
  for (const name of ["JSON", "Math", "Reflect", ...kinds.map((kind) => kind.name), "parseInt", "parseFloat", "isNaN", "isFinite", "structuredClone"])
    if (new RegExp("\\b" + name + "\\b").test(said) && !theirs(name)) kept(globalThis, name);
  const modules = Array.from(said.matchAll(/\brequire\(['"`](?!\.)([^'"`\n]+)['"`]\)/g), (found) => found[1]).filter((name) => !name.endsWith("test"));
  for (const of of modules) try { const held = require(of); for (const word of words) if (typeof held[word] === "function" && !theirs(word)) kept(held, word); } catch (_) {}
  // What they call without a word for it: patterns, what fills a set or map, each step through a list, and what comes later.
  for (const word of ["exec", Symbol.match, Symbol.matchAll, Symbol.replace, Symbol.search, Symbol.split]) kept(RegExp.prototype, word);
  kept(Set.prototype, "add"); kept(Map.prototype, "set"); kept(Date.prototype, Symbol.toPrimitive);
  for (const made of [function* () {}, async function* () {}]) kept(Object.getPrototypeOf(made.prototype), "next");
  for (const list of [[], "", new Map(), new Set()]) kept(Object.getPrototypeOf(list[Symbol.iterator]()), "next");
  if (!/\b(?:useFakeTimers|setSystemTime|mock\.timers)\b/.test(said))
    for (const [of, name] of [[process, "nextTick"], ...["setTimeout", "setInterval", "setImmediate", "queueMicrotask"].map((name) => [globalThis, name])])
      if (new RegExp("\\b" + name + "\\b").test(said) && !theirs(name)) kept(of, name);
  const walks = [Array, String, Map, Set].map((kind) => [kind.prototype, kind.prototype[Symbol.iterator]]);
$RUNNER  for (const name of Object.keys(scope)) kept(globalThis, name, scope[name]);
  process.on("uncaughtException", (error) => { no(marks.script, error); finish(); });
  process.on("unhandledRejection", (error) => { no(marks.script, error); finish(); });
  process.on("beforeExit", () => { if (loaded && pending === 0) finish(); }); // the program may emit it as well
  const Module = require("module"), file = "/box/work/solution.js";
  const module_ = () => Object.assign(new Module(file, null), {filename: file});
  const own = module_(), mine = marks.apart ? module_() : own;
  if (expect) { process.env.NODE_ENV ??= "test"; process.env.JEST_WORKER_ID ??= "1"; } // as Jest sets them
  let program_ = null;
  const taken = () => { // the program's module, where it is one of its own
    const body = program_; program_ = null;
    if (body) body.call(own.exports, own.exports, load, own, file, "/box/work");
    return own.exports;
  };
  const load = (name) => {
    if (/^(\.\/|\.\.\/)?(solution|main|index|program)(\.js)?$/.test(str(name))) return taken();
    if (name === "assert" || name === "node:assert" || name === "assert/strict" || name === "node:assert/strict") return name.endsWith("strict") ? realAssert.strict : realAssert;
    if (name === "node:test") return forNode();
    if (name === "@jest/globals" || name === "vitest") return {...scope, vi: scope.jest};
    try { return require(name); } catch (error) { if (/^\.{1,2}\//.test(str(name))) return taken(); throw error; }
  };
  Object.assign(load, {resolve: require.resolve, cache: require.cache, extensions: require.extensions, main: expect ? mine : undefined});
  const compiled = (text, lineOffset) => vm.runInThisContext("(function (" + name + ") { return " + (marks.waits ? "async " : "") + "function (exports, require, module, __filename, __dirname) {" + text + "\n}})", {filename: "solution.js", lineOffset})(lab);
  let main;
  try {
    const script = tests.replaceAll("$lab", name);
    if (marks.apart) program_ = vm.runInThisContext("(function (exports, require, module, __filename, __dirname) {" + program + "\n})", {filename: "solution.js"});
    main = marks.apart ? compiled(script, marks.lines) : compiled(program + (tests ? "\n;" + marks.words.replace("$lab", name) + script : ""), 0);
  } catch (error) { say("void", marks.script, "the test script does not parse beside the program: " + error.message); say("end", 0, ""); exit(0); }
  const begin = () => {
    if (collected()) {
      pending += 1;
      (async () => { try { await runAll(); over = true; } catch (error) { no(marks.script, error); } pending -= 1; outlast(); })();
    }
    loaded = true;
  };
  const run = () => main.call(mine.exports, mine.exports, load, mine, file, "/box/work");
  const ended = (error) => { no(marks.script, error); finish(); };
  if (marks.waits) (async () => { try { await run(); begin(); } catch (error) { ended(error); } })();
  else { try { run(); } catch (error) { ended(error); } begin(); }
})();
"""


def _node(output: str) -> Iterator[Diagnostic]:
    lines = output.splitlines()
    place = next((match for line in lines if (match := re.match(r"^/?\S*?solution\.\w+:(\d+)", line[:400]))), None)
    said = next((line for line in lines if re.match(r"^\w*Error: ", line[:400])), None)
    if said:
        kind, _, message = said.partition(": ")
        caret = next((line.index("^") + 1 for line in lines if re.match(r"^\s*\^+\s*$", line[:400])), 0)
        yield Diagnostic(line_number(place[1]) if place else 0, caret, kind[:100], "error", bounded(message))


_STRICT = re.compile(r"""^[ \t]*(?:import\b|export\b|["']use strict["'])""", re.MULTILINE)
_ASSIGNED = re.compile(r"(?<![\w$.])([\w$]+)\s*(?:[^\s\w=<>!()]{0,3}=(?![=>])|\+\+|--|(?:of|in)\b)")
_MAKES_NAMES = re.compile(r"\b(?:globalThis|global|eval|Function|ReferenceError)\b(?!\s*:)")
"""With these a name may come to be that nothing declares, or its absence is reckoned with."""


def _oxlint_in(source: str) -> Reader:
    """The linter's reader for one source. Outside of strict mode a name that is assigned to is there, declared or not; the run
    decides whether it is there in time.
    """
    makes_names = bool(_MAKES_NAMES.search(source))
    assigned = set() if _STRICT.search(source) else set(_ASSIGNED.findall(source))

    def may_be_there(item: Diagnostic) -> bool:
        name = re.match(r"'([\w$]+)' is not defined", item.message)
        return item.rule == "no-undef" and name is not None and (makes_names or name[1] in assigned)

    def reader(output: str) -> Iterator[Diagnostic]:
        found = [replace(item, severity="warning") if may_be_there(item) else item for item in _oxlint(output)]
        yield from sorted(found, key=lambda item: item.severity)

    return reader


def _oxlint(output: str) -> Iterator[Diagnostic]:
    for item in json.loads(output or "{}").get("diagnostics", []):
        place = item["labels"][0]["span"] if item.get("labels") else {"line": 0, "column": 0}
        rule = item.get("code", "oxlint").removeprefix("eslint(").removesuffix(")")
        severity = "error" if item["severity"] == "error" else "warning"
        yield Diagnostic(place["line"], place["column"], rule, severity, bounded(item["message"]))


SAME = """\
const labSame = (got, want, same = (a, b) => a === b) => Array.isArray(got) !== Array.isArray(want) ? got === want
  : Array.isArray(want) ? got.length === want.length && want.every((item, at) => labSame(got[at], item, same))
  : want instanceof Object && got instanceof Object ? Object.keys(got).length === Object.keys(want).length
    && Object.getPrototypeOf(got) === Object.getPrototypeOf(want)
    && Object.keys(want).every((key) => Object.hasOwn(got, key) && labSame(got[key], want[key], same))
  : same(got, want);
const labNear = (got, want) => labSame(got, want, (a, b) => a === b
  || (Number(a) === a && Number(b) === b && Math.abs(a - b) <= 1e-9 + 1e-12 * Math.abs(b)));
"""


def translation(names: dict[str, str] | None, example: str, same: str) -> Translation:
    """JavaScript and TypeScript, which differ by their types."""
    typed = names is not None
    return Translation(
        Spelling(json_text, none="null", whole=2**53 - 1, pairs=_object, names=names, some="{0}"),
        signature="function {name}({parameters}): {result}" if typed else "function {name}({parameters})",
        parameter="{name}: {type}" if typed else "{name}",
        example=example,
        equal="console.assert({0} === {1});",
        near="console.assert(labNear({0}, {1}));",
        deep="console.assert(labSame({0}, {1}));",
        deep_near="console.assert(labNear({0}, {1}));",
        none="console.assert(labSame({0}, {1}));",
        before=same,
    )


def _object(pairs: list[tuple[str, str]], kind: str) -> str:
    # `{"__proto__": ...}` would set what the object inherits; a computed key does not.
    return f"{{{', '.join(f'[{k}]: {v}' if k == chr(34) + '__proto__' + chr(34) else f'{k}: {v}' for k, v in pairs)}}}"


FUNCTIONS = r"^(?:export[ \t]+)?(?:async[ \t]+)?function[ \t]*\*?[ \t]*(\w{1,64})[ \t]*\(|^(?:const|let|var)[ \t]+(\w{1,64})[ \t]*="


LANGUAGE = Language(
    "javascript",
    (".js", ".mjs", ".cjs"),
    solution="solution.js",
    main="main.js",
    parse=("/usr/bin/node", "--check", "solution.js"),
    lint=("/bin/sh", "-c", f"exec {NPM}/@oxlint/*/oxlint --format json -c oxlint.json solution.js"),
    lint_stops=(1,),
    files=(Path(__file__).with_name("oxlint.json"),),
    run=("/usr/bin/node", "--stack-size=900", f"{BOX}/main.js"),
    version=("/usr/bin/node", "--version"),
    readers={"parse": _node, "lint": _oxlint},
    lint_of=_oxlint_in,
    written=modules.commonjs,
    plainly=plainly.javascript,
    frameworks=r"\b(?:chai|sinon|QUnit|jasmine)\.\w+|\brequire\(['\"](?:chai|sinon|tape|ava|supertest|should)['\"]\)"
    r"|\bfrom ['\"](?:chai|sinon|tape|ava|supertest|should)['\"]",
    packages=("nodejs", "node-lodash"),
    npm=("oxlint@1.0.0", *jest.PACKAGES),
    aliases=("js", "nodejs", "node"),
    memory_bytes=256 * MIB,
    memory_signs=("JavaScript heap out of memory",),
    pids=16,
    environment={"NODE_PATH": "/usr/share/nodejs", "UV_USE_IO_URING": "0"},
    assemble=assemble,
    wraps_always=True,
    dialect=Dialect(
        "javascript",
        "JavaScript",
        solution="function countEven(numbers) {\n"
        "  // A number is even when dividing it by two leaves nothing.\n"
        "  return numbers.filter((number) => number % 2 === 0).length;\n}\n",
        tests="assert.deepStrictEqual(countEven([1, 2, 4]), 2);\n"
        "assert.deepStrictEqual(countEven([]), 0);\n"
        "assert.deepStrictEqual(countEven([7]), 0);\n"
        "assert.deepStrictEqual(countEven([0, -2]), 2);\n",
        test_start="assert.deepStrictEqual(",
        preamble='const assert = require("assert");\n',
        functions=FUNCTIONS,
        translation=translation(
            None,
            "function count_even(numbers) {\n  return numbers.filter((number) => number % 2 === 0).length;\n}",
            SAME,
        ),
    ),
)
