"""Program and tests as files that the language's own command runs, with nothing of the harness beside them: what a verdict in
JavaScript, PHP and Ruby has to agree with.

Tests that take the program from a file find it there, as a module of its own; else both are one file. What Ruby's tests use
without bringing it (`assert_equal`) is lent, unless the program names it as well: no runtime would lend it that. Behind the
tests one statement says that the end was reached; what fails after it fails the command.
"""

from __future__ import annotations

import posixpath
import re

from sandbox.languages.language import BOX
from sandbox.languages.script import STRING, Script
from sandbox.languages.scripted import modules

UNITS = ((1, "the test script"),)
SEEDS = ("3", "5", "6")
"""By which minitest shuffles its tests, a run each: of two tests either comes first once."""


def javascript(code: str, tests: str) -> Script | None:
    """For Node; None where Jest, a newer Node, or whatever else is not here, would run the tests."""
    bare = _bare(tests)
    if re.search(r"\b(?:expect|jest|vi)\b|\btimers\s*\.\s*enable\s*\(\s*\{", bare):
        return None
    if re.search(r"^\s*(?:test|it|describe|suite)(?:\.\w+)*\s*[(`]", bare, re.MULTILINE) and "node:test" not in tests:
        return None
    own = modules.own(tests)
    real = _is_real_module(code, tests, own)
    lent = _LOUD if "console.assert" in bare else ""
    end = _END_MODULE if real else _END_JAVASCRIPT
    if own:
        folder = "/".join(["tests"] * max(name.count("../") for name in own))
        found = [posixpath.normpath(posixpath.join(folder, name)) for name in own]
        found = [name if re.search(r"\.[cm]?js$", name) else f"{name}.js" for name in found]
        if any(name.startswith("..") or name.endswith(".json.js") for name in found):
            return None
        first, *others = dict.fromkeys(found)
        again = f'export * from "{BOX}/{first}";' if real else f'module.exports = require("{BOX}/{first}");'
        files = {first: code if real else modules.exporting(code), **dict.fromkeys(others, again)}
        main = posixpath.join(folder, "lab_tests.js")
        files[main] = f"{lent}{tests if real else modules.commonjs(tests)}\n{end}"
    else:
        main, files = "lab_tests.js", {}
        both = f"{code}\n{lent}{modules.without_repeated(code, tests)}"
        strict = modules.is_module(both) and not real
        files[main] = ('"use strict";' + modules.commonjs(both) if strict else both) + f"\n{end}"
    files["package.json"] = '{"type": "%s"}' % ("module" if real else "commonjs")
    return Script("", files, UNITS, runs=(("/usr/bin/node", "--stack-size=900", f"{BOX}/{main}"),))


def javascript_alone(code: str) -> Script:
    """A program without tests as Node takes it: as a module, which may wait at its top, where it is one."""
    if _is_real_module(code, "", []):
        return Script(code, {"package.json": '{"type": "module"}'})
    return Script(modules.commonjs(code))


def _is_real_module(code: str, tests: str, own: list[str]) -> bool:
    """Whether Node would take both as they are; else what says `import` is translated, as for Jest."""
    both = f"{code}\n{tests}"
    if not modules.is_module(both) or re.search(r"\brequire\s*\(|\bmodule\.exports\b|^exports\.", both, re.MULTILINE):
        return False
    others = re.findall(r"\bfrom\s+['\"](?!\.)([^'\"\n]+)['\"]", both)
    return all(re.search(r"\.[cm]?js$", name) for name in own) and all(
        name.startswith("node:") or name.partition("/")[0] in _OF_NODE for name in others
    )


_LOUD = "console.assert = (held, ...said) => { if (!held) throw new Error(said.join(' ')); }; "
"""As the tests mean it."""
_OF_NODE = frozenset(
    (
        *("assert", "async_hooks", "buffer", "child_process", "cluster", "console", "constants", "crypto", "dgram"),
        *("diagnostics_channel", "dns", "events", "fs", "http", "http2", "https", "module", "net", "os", "path"),
        *("perf_hooks", "process", "punycode", "querystring", "readline", "stream", "string_decoder", "timers", "tls"),
        *("tty", "url", "util", "v8", "vm", "worker_threads", "zlib"),
    )
)
_END_JAVASCRIPT = (
    ';{ const lab = require("fs"), token = Buffer.alloc(32); lab.readSync(4, token); '
    'lab.writeSync(3, `${token} ok 0 ""\\n${token} end 0 ""\\n`); }\n'
)
_END_MODULE = (
    '\nimport { readSync as lab$read, writeSync as lab$write } from "node:fs";\n'
    ';{ const token = Buffer.alloc(32); lab$read(4, token); lab$write(3, `${token} ok 0 ""\\n${token} end 0 ""\\n`); }\n'
)


def php(code: str, tests: str) -> Script | None:
    """For PHP's command, with the limit of memory that it has where no file sets one, and for PHPUnit's."""
    tests = phpunit_of_today(tests)
    own = _PHP_OWN.findall(tests)
    text = _CLOSE.sub("", tests)
    text = text if re.match(r"\s*<\?php\b", text) else f"<?php\n{text}"
    program = code if re.search(r"<\?(?:php\b|=)", code) else f"<?php {code}"
    unit = _classes_of_tests(tests)
    if ("PHPUnit" in tests) != bool(unit):
        return None
    if own:
        files = {}
        for above, name in own:
            files[_inside(above, name)] = f"<?php require_once '{BOX}/solution.php';"
        if any(name.startswith("..") for name in files):
            return None
        files["solution.php"] = program
    elif unit or _PHP_FIRST.search(text):
        files = {"solution.php": program}
        taken = f" require_once '{BOX}/solution.php';"
        first = _PHP_FIRST.match(text)
        if first:
            text = text[: first.end()] + taken + text[first.end() :]
        else:
            text = re.sub(r"<\?php\b", lambda match: match[0] + taken, text, count=1)
    else:
        files, text = {}, _CLOSE.sub("", program) + "\n" + re.sub(r"^\s*<\?php\b", "", text, count=1)
    text = _PHP_NEAR.sub(r"\1__DIR__ . \2/\3", text) + f"\n{_END_PHP}"
    if unit:
        files |= {f"tests/{name}.php": text for name in unit}
        runs = tuple((*_PHPUNIT, f"{BOX}/tests/{name}.php") for name in unit)
        return Script("", files, UNITS, runs=runs)
    files["tests/lab_tests.php"] = text
    return Script("", files, UNITS, runs=((*_PHP, f"{BOX}/tests/lab_tests.php"),))


def _classes_of_tests(tests: str) -> list[str]:
    """Of PHPUnit's, those that can be run."""
    known: set[str] = set()
    found: list[str] = []
    for kind, name, above in re.findall(
        r"^\s*(?:(final|abstract|readonly)\s+)?class\s+(\w+)\s+extends\s+([\w\\]+)", tests, re.MULTILINE
    ):
        if above.endswith("TestCase") or above in known:
            known.add(name)
            found += [] if kind == "abstract" else [name]
    return found


def _inside(above: str, name: str) -> str:
    """Where a file lies that tests in the folder `tests` name, from there or from `above`."""
    return posixpath.normpath(posixpath.join("tests", ".." * ("(__DIR__" in above), name.lstrip("/")))


PHP_WITHOUT = "stream_wrapper_unregister"
"""By which a program would have the files of PHPUnit read otherwise than they are."""
_PHP = (
    *("/usr/bin/php", "-d", "display_errors=stderr", "-d", "zend.assertions=1"),
    *("-d", "memory_limit=128M", "-d", "ffi.enable=0"),
    *("-d", f"disable_functions={PHP_WITHOUT}"),
)
_PHPUNIT = (*_PHP, "/usr/bin/phpunit", "--do-not-cache-result", "--no-configuration")
_CLOSE = re.compile(r"\?>\s*\Z")
PHP_TAKES = (
    r"^[ \t]*(?:require|include)(?:_once)?\b\s*\(?\s*(?:(__DIR__|dirname\(__(?:FILE|DIR)__\))\s*\.\s*)?"
    r"['\"]([\w./-]+\.php)['\"]\s*\)?\s*;"
)
"""A statement by which tests load the program, or the classes of a project."""
_PHP_OWN = re.compile(PHP_TAKES, re.MULTILINE)
_PHP_NEAR = re.compile(r"^([ \t]*(?:require|include)(?:_once)?\b\s*\(?\s*)(['\"])(\.{1,2}/)", re.MULTILINE)
"""What is looked for where the command is run, and not beside the file."""
_PHP_FIRST = re.compile(
    r"\s*<\?php\b(?:\s|/\*.*?\*/|//[^\n]*|#[^\n]*)*(?:declare\s*\([^)]*\)\s*;(?:\s*namespace\s+[\w\\]+\s*;)?|namespace\s+[\w\\]+\s*;)",
    re.DOTALL,
)
"""What must come first in a file of its own."""
_END_PHP = (
    "\\fwrite($lab = \\fopen('php://fd/3', 'w'), ($lab_token = \\fread(\\fopen('php://fd/4', 'r'), 32)) "
    '. " ok 0 \\"\\"\\n$lab_token end 0 \\"\\"\\n"); \\fflush($lab);\n'
)


_PHPUNIT_10 = re.compile(r"\bPHPUnit\\Framework\\Attributes\b")
_ATTRIBUTE = r"#\[(?:[^\[\]\n]|\[[^\[\]\n]*\])*\]"
_ATTRIBUTES = re.compile(
    rf"(?P<doc>\*/[ \t]*\n)?(?P<attributes>[ \t]*{_ATTRIBUTE}(?:[ \t\n]*{_ATTRIBUTE})*)"
    r"(?=[ \t]*\n?[ \t]*(?:(?:final|public|protected|static)[ \t]+)*function\b)"
)
"""Attributes of a method, with the end of the comment above them."""
_ONE_ATTRIBUTE = re.compile(
    r"(?:#\[|,)\s*\\?(?:\w+\\)*(\w+)\s*(?:\(\s*(?:'(\w+)'|\"(\w+)\"|[^()\n]*)\s*\))?(?=\s*[,\]])"
)
_ANNOTATIONS = {
    "Test": "test",
    "DataProvider": "dataProvider",
    "Depends": "depends",
    "Before": "before",
    "After": "after",
    "BeforeClass": "beforeClass",
    "AfterClass": "afterClass",
    "DoesNotPerformAssertions": "doesNotPerformAssertions",
}
_UNHEEDED = re.compile(
    rf"#\[[^\n]*?\b({'|'.join(_ANNOTATIONS)}|TestWith(?:Json)?|DataProvider\w+|Depends\w+|Requires\w+|Run\w*InSeparateProcess|"
    r"ExcludeGlobal\w+|ExcludeStatic\w+|PreCondition|PostCondition)\b"
)
"""Attributes that say how a test is run, where they are left."""


def phpunit_of_today(tests: str) -> str:
    """The tests with an annotation in the place of each attribute that has one. What differs by attributes alone is left."""
    return _ATTRIBUTES.sub(_annotated, tests) if _PHPUNIT_10.search(tests) else tests


def unfit_for_phpunit(tests: str) -> str:
    """What of such tests, after `phpunit_of_today`, the PHPUnit that is here would not heed; empty where it is nothing."""
    found = _UNHEEDED.search(tests) if _PHPUNIT_10.search(tests) else None
    return f"The tests use the attribute {found[1]} of a newer PHPUnit, which is not known here." if found else ""


def _annotated(match: re.Match[str]) -> str:
    lines = match["attributes"].split("\n")
    found = [
        (name, one or other) for name, one, other in _ONE_ATTRIBUTE.findall(match["attributes"]) if name in _ANNOTATIONS
    ]
    takes = {"DataProvider", "Depends"}
    if not found or len(found) > len(lines) or any((name in takes) != bool(value) for name, value in found):
        return match[0]
    said = [f"@{_ANNOTATIONS[name]} {value}".rstrip() for name, value in found]
    said += [""] * (len(lines) - len(said))
    begin = " * " if match["doc"] else "/** "
    above = "\n" if match["doc"] else ""
    return above + begin + "\n * ".join(said) + " */"


def ruby(code: str, tests: str) -> Script:
    """For Ruby's command, which runs minitest's and test-unit's tests at its end."""
    own = RUBY_TAKES.findall(tests)
    tests = RUBY_TAKES.sub(lambda match: match[0].replace(match[1], "require_relative", 1), tests)
    body = re.split(r"^__END__$", tests, maxsplit=1, flags=re.MULTILINE)[0]  # what is behind is no program
    unit = bool(re.search(r"\b(?:Minitest|minitest/|Test::Unit|test/unit)\b", tests))
    brings = "" if unit else _lent_to_ruby("" if own else code, tests)
    tail = f"\n{_END_RUBY}"
    if own:
        depth = max(name.count("../") for _, name in own)
        folder = "/".join(["test"] * depth) or "."
        found = [posixpath.normpath(posixpath.join(folder, name)) for _, name in own]
        found = [name if name.endswith(".rb") else f"{name}.rb" for name in found]
        first, *others = dict.fromkeys(found)
        files = {first: code, **dict.fromkeys(others, f"require '{BOX}/{first}'\n")}
        main = posixpath.normpath(posixpath.join(folder, "lab_tests.rb"))
        files[main] = f"{brings}{body}{tail}"
    else:
        main, files = "lab_tests.rb", {"lab_tests.rb": f"{code}\n{brings}{body}{tail}"}
    command = ("/usr/bin/ruby", "-I", BOX, f"{BOX}/{main}")
    seeds = SEEDS if re.search(r"\b(?:Minitest|minitest/)", tests) else ()
    return Script(
        "", files, UNITS, runs=tuple(("/usr/bin/env", f"SEED={seed}", *command) for seed in seeds) or (command,)
    )


RUBY_TAKES = re.compile(
    r"^[ \t]*(require_relative|require(?=[ (]*['\"]\.{0,2}/?(?:\.\./)*solution['\"])|require(?=[ (]*['\"]\.{1,2}/)|load(?=[ (]*['\"]\.{1,2}/))[ \t]*\(?[ \t]*['\"]([\w./-]+)['\"][ \t]*\)?[ \t]*$",
    re.MULTILINE,
)
"""A line by which tests load the program."""
_END_RUBY = """IO.for_fd(3, autoclose: false).tap { |out| IO.for_fd(4, autoclose: false).read(32).tap { |token| out.syswrite("#{token} ok 0 \\"\\"\\n#{token} end 0 \\"\\"\\n") } }\n"""
_LENT = {
    "assert": "def assert(held, *_) raise 'it does not hold' unless held end",
    "refute": "def refute(held, *_) raise 'it holds' if held end",
    "assert_equal": 'def assert_equal(expected, got, *_) raise "expected #{expected.inspect}, got #{got.inspect}" unless expected == got end',
    "refute_equal": "def refute_equal(expected, got, *_) raise 'they are equal' if expected == got end",
    "assert_nil": "def assert_nil(got, *_) raise 'it is something' unless nil == got end",
    "assert_in_delta": "def assert_in_delta(expected, got, delta = 0.001, *_) raise 'too far' unless (expected - got).abs <= delta end",
    "assert_raises": "def assert_raises(*kinds) begin; yield; rescue *(kinds.empty? ? [StandardError] : kinds) => error; return error; end; raise 'nothing was raised' end",
}


def _lent_to_ruby(code: str, tests: str) -> str:
    """On one line."""
    used = [name for name in _LENT if re.search(rf"(?<![\w.:@$]){name}(?![\w?!])", tests)]
    mine = [name for name in used if not re.search(rf"(?<!\w){name}(?![\w?!])", code) and f"def {name}" not in tests]
    return "".join(f"{_LENT[name]}; " for name in mine)


def _bare(source: str) -> str:
    """Without texts and comments."""
    return re.sub(r"//[^\n]*|/\*.*?\*/", " ", STRING.sub('""', source), flags=re.DOTALL)
