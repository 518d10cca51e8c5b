"""Java: the solution in a file of its own; tests and harness, package-private, in another, started by a class of ours.

A test script is a class with `main` (MBXP), a class with `@Test` methods, or a list of statements in which `assert` and
`assertEquals` lines are tests of their own. Tests that import JUnit are a file of their own and run by JUnit (4 or 5), which
is in the image. `assert` holds in the tests' classes alone, and a run ends as `java` does: when the last thread has ended
and its shutdown hooks have run.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator

from sandbox.languages.compiled import tagged
from sandbox.languages.diagnostics import bounded, line_number
from sandbox.languages.language import BOX, MIB, Dialect, Language, Translation
from sandbox.languages.script import Script, rewrite
from sandbox.languages.values import Spelling, json_text, typed
from sandbox.report import Diagnostic

ASSERTION = re.compile(r"\s*assert\w*\b.*;\s*(?://.*)?$")
_PUBLIC = re.compile(
    r"^public(?=\s+(?:(?:abstract|final|sealed|strictfp)\s+)*(?:class|interface|enum|record)\b)", re.MULTILINE
)
_PACKAGE = re.compile(r"^package\s+[\w.]+\s*;", re.MULTILINE)
_JUNIT = re.compile(r"^import\s+(?:static\s+)?org\.junit\.[\w.*]+\s*;", re.MULTILINE)
_IMPORT = re.compile(r"^import\s+(?:static\s+)?[\w.*]+\s*;[ \t]*$", re.MULTILINE)
_TYPE = re.compile(
    r"^\s*(?:(?:abstract|final|static|private|protected)\s+)*(?:class|interface|enum|record)\s+(\w+)", re.MULTILINE
)
_MAIN = re.compile(
    r"\b(?:(?:public|final|synchronized|strictfp)\s+)*static\s+(?:(?:public|final|synchronized|strictfp)\s+)*void\s+main\s*\("
)
_UNREAD = re.compile(r'"""[\s\S]*?"""|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'|//[^\n]*|/\*[\s\S]*?\*/')
"""Strings, characters and comments: what stands in them is no code."""
_STEP = re.compile(
    r"\b(?:class|interface|enum|record)\s+(?P<type>\w+)|(?P<brace>[{};])|(?P<main>" + _MAIN.pattern + ")"
)
_TESTED = re.compile(
    r"@(?:Test|ParameterizedTest|RepeatedTest|TestFactory)\b(?:[^\n{;]|\{[^}\n]*\}|\n[ \t]*@)*?\n?[^\n{;]*?\b(\w+)\s*\([^()\n]*\)\s*(?:throws[\w\s,.]+)?\{"
)
_TOP = re.compile(r"^(?:(?:public|final|abstract)\s+)*class\s+(\w+)", re.MULTILINE)
_ANNOTATION = re.compile(r"@(Test|BeforeEach)\b")
_THROWN = re.compile(r"\bthrow\s+new\s+(?:[\w.]+\.)?(\w+)")
"""What tests throw themselves."""
_TEST = r"@{own}Test\b[^\n{{]*(?:\n[^\n{{]*)?\bvoid\s+(\w+)\s*\("


PROGRAM = "Solution.java"
_OURS = re.compile(r"\bLab(?!Main\b)")


def assemble(code: str, tests: str) -> Script:
    """The file of tests and harness beside the program's; without tests, of a class that calls the program's `main`."""
    if not tests.strip():
        name = _class_with_main(code)
        call = f"{name}.main(arguments);" if name else 'throw new Error("no class has a main method");'
        main = f"class LabMain {{ public static void main(String[] arguments) throws Throwable {{ {call} }} }}\n"
        return Script(main, {PROGRAM: _private(_PACKAGE.sub(_blank, code))})
    own = _own(code)
    code, tests = _in_one_package(code, tests)
    if re.search(r"^import\s+(?:static\s+)?org\.junit\.", tests, re.MULTILINE) and _TOP.search(tests):
        return _by_junit(code, tests, own)
    tests = _private(_ANNOTATION.sub(rf"@{own}\1", _JUNIT.sub("", tests)))
    imports = _imports(tests, code)
    tests = _IMPORT.sub("", tests)
    named = list(_TYPE.finditer(tests))
    if named and (methods := list(re.finditer(_TEST.format(own=own), tests))):
        units = [(tests.count("\n", 0, found.start(1)) + 1, f"{found[1]}()") for found in methods]
        names = json.dumps([found[1] for found in methods])[1:-1]
        body = re.sub(r"(\bclass\s+\w+)(\s*\{)", rf"\1 extends {own}Assert\2", tests, count=1)
        call = f"{own}.methods({named[0][1]}.class, {names});"
    elif named and (name := _class_with_main(tests)):
        units, body, call = [], tests, f"{name}.main(new String[0]);"
    else:
        text, units = rewrite(
            tests,
            ASSERTION,
            lambda index, line: (
                f"try {{ {line.strip()} {own}.ok({index}); }} catch (Throwable t) {{ {own}.no({index}, t); }}"
            ),
            comments=("//",),
        )
        body = f"class {own}Tests extends {own}Assert {{ static void run() throws Throwable {{ {text}\n}} }}"
        call = f"{own}Tests.run();"
    first = f"{' '.join(imports)} " if imports else ""  # on the first line, so that lines stay what they are
    asserting = [found[1] for found in _TYPE.finditer(body)]
    harness = _harness(own, call, len(units), asserting, tests=tests)
    return Script(f"{first}{body}\n{harness}", {PROGRAM: code}, units=(*units, (1, "the test script")))


def _own(code: str) -> str:
    """What the names of our classes begin with: none that the program has, and none that it can name."""
    return f"Lab{hashlib.sha256(code.encode('utf-8', 'replace')).hexdigest()[:12]}"


def _harness(own: str, call: str, script: int, asserting: list[str], value: str = "", tests: str = "") -> str:
    names = ", ".join(f'"{name}"' for name in asserting)
    thrown = ", ".join(f'"{name}"' for name in sorted(set(_THROWN.findall(_UNREAD.sub(" ", tests)))))
    filled = _HARNESS.replace("$VALUE", value).replace("$SCRIPT", str(script)).replace("$THROWN", thrown)
    return _OURS.sub(own, filled).replace("$CALL", call).replace("$ASSERTING", names)


def _by_junit(code: str, tests: str, own: str) -> Script:
    """The program, what starts JUnit, and the tests in a file that is called like their public class."""
    kinds = [found[1] for found in _TOP.finditer(tests)]
    public = re.search(r"^public\s+(?:final\s+)?class\s+(\w+)", tests, re.MULTILINE)
    methods = [(tests.count("\n", 0, found.start(1)) + 1, f"{found[1]}()") for found in _TESTED.finditer(tests)]
    if len({name for _, name in methods}) < len(methods):
        methods = []
    table = ", ".join(f'java.util.Map.entry("{name[:-2]}", {index})' for index, (_, name) in enumerate(methods))
    call = f"{own}Unit.run(java.util.Map.ofEntries({table}), {', '.join(f'{name}.class' for name in kinds)});"
    file = f"{public[1] if public else kinds[0]}.java"
    files = {PROGRAM: code, file: tests}
    left_out = "true" if re.search(r"\bassum|Aborted|AssumptionViolated", tests) else "false"
    return Script(
        f"{_harness(own, call, len(methods), kinds, tests=tests)}{_OURS.sub(own, _UNIT).replace('$LEFT_OUT', left_out)}",
        files,
        units=(*methods, (1, "the test script")),
    )


_UNIT = r"""
class LabUnit {
    static void run(java.util.Map<String, Integer> indexes, Class<?>... kinds) {
        Lab.ran = false; Lab.exits = true; // as the console of JUnit does
        var chosen = new java.util.ArrayList<org.junit.platform.engine.discovery.ClassSelector>();
        for (Class<?> kind : kinds) chosen.add(org.junit.platform.engine.discovery.DiscoverySelectors.selectClass(kind));
        var request = org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder.request().selectors(chosen).build();
        org.junit.platform.launcher.core.LauncherFactory.create().execute(request, new org.junit.platform.launcher.TestExecutionListener() {
            @Override public void executionFinished(org.junit.platform.launcher.TestIdentifier test, org.junit.platform.engine.TestExecutionResult result) {
                var source = test.getSource().orElse(null);
                int index = !(source instanceof org.junit.platform.engine.support.descriptor.MethodSource) ? Lab.script()
                    : indexes.getOrDefault(((org.junit.platform.engine.support.descriptor.MethodSource) source).getMethodName(), Lab.script());
                if (result.getStatus() == org.junit.platform.engine.TestExecutionResult.Status.ABORTED && !$LEFT_OUT) Lab.leftOut(index);
                else if (result.getStatus() == org.junit.platform.engine.TestExecutionResult.Status.FAILED) Lab.no(index, result.getThrowable().orElse(new AssertionError("failed")));
                else if (test.isTest() && result.getStatus() == org.junit.platform.engine.TestExecutionResult.Status.SUCCESSFUL) { Lab.ran = true; if (index != Lab.script()) Lab.ok(index); }
            }
        });
    }
}
"""


def calling(code: str, kept: str, calls: list[str], before: list[str]) -> tuple[str, dict[str, str]]:
    """The file that makes the calls (bodies of lambdas; statements before them) and says what each gave, and the program's,
    for `sandbox/apart`.
    """
    own = _own(code)
    calls = [call.replace("LabTagged.", f"{own}Tagged.") for call in calls]
    made = "\n".join([*before, *(f"{own}.value({index}, () -> {{ {call} }});" for index, call in enumerate(calls))])
    body = f"class {own}Calls {{ static void run() throws Throwable {{\n{made}\n}} }}\n{_OURS.sub(own, tagged.JAVA)}"
    run = f"{own}.exits = true; {own}Calls.run();"
    imports, code = " ".join(_imports(kept, code)), _private(_PACKAGE.sub(_blank, code))
    return f"{imports}\n{body}\n{_harness(own, run, len(calls), [], _VALUE)}", {PROGRAM: code}


def _imports(tests: str, code: str) -> list[str]:
    """What tests import, and what they find imported where they stand below the program in one file."""
    own = [match[0].strip() for match in _IMPORT.finditer(tests)]
    names = {line.rpartition(".")[2] for line in own} - {"*;"}
    lent = [match[0].strip() for match in _IMPORT.finditer(code)]
    return own + [line for line in lent if line not in own and line.rpartition(".")[2] not in names]


def _private(source: str) -> str:
    """A public class may only stand in a file of its name; two are refused, as they are there. Columns stay."""
    return _PUBLIC.sub(_blank, source) if len(_PUBLIC.findall(source)) < 2 else source


def _blank(match: re.Match[str]) -> str:
    return " " * len(match[0])


def _in_one_package(code: str, tests: str) -> tuple[str, str]:
    """Program and tests without their package, where they share one or the tests import it; else they do not see each other."""
    own, other = _PACKAGE.search(code), _PACKAGE.search(tests)
    names = [re.sub(r"^package\s+|\s*;$", "", match[0]) if match else "" for match in (own, other)]
    imported = re.compile(rf"^import\s+{re.escape(names[0])}\.(?:\w+|\*)\s*;", re.MULTILINE) if names[0] else None
    if names[0] == names[1]:
        return _private(_PACKAGE.sub(_blank, code)), _PACKAGE.sub(_blank, tests)
    if imported and imported.search(tests):
        return _private(_PACKAGE.sub(_blank, code)), imported.sub(_blank, _PACKAGE.sub(_blank, tests))
    return _private(code), _PACKAGE.sub(_blank, tests)


def _class_with_main(source: str) -> str | None:
    """The type whose `main` lies least deep, as a name from outside: `Main`, `Outer.Inner`; None where there is none."""
    inside: list[str] = []
    """The type that each open brace is of; empty for another block."""
    named, found = "", ""
    for step in _STEP.finditer(_UNREAD.sub(" ", source)):
        if step["type"]:
            named = step["type"]
        elif step["main"]:
            path = [name for name in inside if name]
            if path and (not found or len(path) <= found.count(".")):
                found = ".".join(path)
        elif step["brace"] == "{":
            inside.append(named)
            named = ""
        elif step["brace"] == "}":
            inside = inside[:-1]
        else:
            named = ""
    return found or None


_VALUE = r"""    static void value(int index, LabCall call) {
        try {
            String text = LabTagged.of(call.call());
            synchronized (Lab.class) { out.write((token + " value " + index + " " + text + "\n").getBytes("ISO-8859-1")); }
        } catch (Throwable t) { no(index, t); }
    }
"""
_HARNESS = r"""
@java.lang.annotation.Retention(java.lang.annotation.RetentionPolicy.RUNTIME) @interface LabTest {}
@java.lang.annotation.Retention(java.lang.annotation.RetentionPolicy.RUNTIME) @interface LabBeforeEach {}
class LabAssert {
    static void assertTrue(boolean b, Object... m) { if (!b) throw new AssertionError("expected true, got false"); }
    static void assertFalse(boolean b, Object... m) { if (b) throw new AssertionError("expected false, got true"); }
    static void assertNull(Object a, Object... m) { assertEquals(null, a); }
    static void assertNotNull(Object a, Object... m) { if (a == null) throw new AssertionError("expected something, got null"); }
    static void assertEquals(Object e, Object a, Object... m) {
        if (e instanceof Number && a instanceof Number && !(e instanceof Double) && !(e instanceof Float)
            && !(a instanceof Double) && !(a instanceof Float) ? ((Number) e).longValue() != ((Number) a).longValue()
            : !java.util.Objects.deepEquals(e, a))
            throw new AssertionError("expected " + show(e) + ", got " + show(a));
    }
    static void assertEquals(double e, double a, double delta) {
        if (!(java.lang.Math.abs(e - a) <= delta)) throw new AssertionError("expected " + e + ", got " + a);
    }
    static void assertNotEquals(Object e, Object a, Object... m) {
        if (java.util.Objects.deepEquals(e, a)) throw new AssertionError("expected anything but " + show(e));
    }
    static void assertArrayEquals(Object e, Object a, Object... m) {
        if (!java.util.Objects.deepEquals(e, a)) throw new AssertionError("expected " + show(e) + ", got " + show(a));
    }
    interface LabBody { void run() throws Throwable; }
    static <T extends Throwable> T assertThrows(Class<T> kind, LabBody body, Object... m) {
        try { body.run(); } catch (Throwable t) { if (kind.isInstance(t)) return kind.cast(t); throw new AssertionError("expected " + kind.getSimpleName() + ", got " + t); }
        throw new AssertionError("expected " + kind.getSimpleName() + ", got nothing");
    }
    static void fail(Object... m) { throw new AssertionError(m.length > 0 ? show(m[0]) : "failed"); }
    private static String show(Object o) { String s = java.util.Arrays.deepToString(new Object[] {o}); return s.substring(1, s.length() - 1); }
}
class Lab {
    private static java.io.FileOutputStream out; private static String token; private static boolean failed;
    static boolean ran = true, exits = false; // a test
    private static java.io.FileDescriptor descriptor(int n) throws Exception {
        java.io.FileDescriptor made = new java.io.FileDescriptor();
        java.lang.reflect.Field field = java.io.FileDescriptor.class.getDeclaredField("fd");
        field.setAccessible(true); field.setInt(made, n); return made;
    }
    static void begin() throws Exception {
        java.io.FileInputStream in = new java.io.FileInputStream(descriptor(4));
        byte[] read = new byte[32];
        for (int n = 0; n < 32; ) n += in.read(read, n, 32 - n);
        token = new String(read, "ISO-8859-1");
        out = new java.io.FileOutputStream(descriptor(3));
        say("begin", 0, ""); while (in.read(read) > 0) {}
    }
    private static synchronized void say(String kind, int index, String text) {
        StringBuilder line = new StringBuilder(token + " " + kind + " " + index + " \"");
        for (char c : text.substring(0, java.lang.Math.min(1000, text.length())).toCharArray()) {
            if (c == '"' || c == '\\') line.append('\\').append(c); else line.append(c >= 32 && c < 127 ? c : '?');
        }
        try { out.write(line.append("\"\n").toString().getBytes("ISO-8859-1")); } catch (Exception e) { Runtime.getRuntime().halt(70); }
    }
    static void ok(int index) { say("ok", index, ""); }
    static void leftOut(int index) { say("void", index, "the program leaves it out"); }
$VALUE    static void no(int index, Throwable t) {
        failed = true;
        if (t instanceof java.lang.reflect.InvocationTargetException && t.getCause() != null) t = t.getCause();
        StackTraceElement[] trace = t.getStackTrace();
        Class<?> kind = t.getClass();
        boolean plain = t instanceof AssertionError || kind == Exception.class || kind == RuntimeException.class || kind == Error.class
            || java.util.Set.<String>of($THROWN).contains(kind.getSimpleName()) && trace.length > 0 && "app".equals(trace[0].getClassLoaderName());
        int line = 0; // of the program, if it stands above the tests
        for (StackTraceElement frame : trace) {
            String file = frame.getFileName();
            if ("Solution.java".equals(file)) { line = frame.getLineNumber(); break; }
            if (file != null && "app".equals(frame.getClassLoaderName()) && !frame.getClassName().startsWith("org.")) break;
        }
        boolean inside = line > 0;
        if (plain && !inside) say("fail", index, t.getMessage() == null ? "it does not hold" : t.getMessage());
        else say("error", index, "raised " + t + (inside ? " (line " + line + " of the program)" : ""));
    }
    static void methods(Class<?> tests, String... names) throws Throwable {
        for (int n = 0; n < names.length; n++) {
            try {
                java.lang.reflect.Constructor<?> maker = tests.getDeclaredConstructor(); maker.setAccessible(true);
                Object instance = maker.newInstance();
                for (java.lang.reflect.Method before : tests.getDeclaredMethods()) if (before.isAnnotationPresent(LabBeforeEach.class)) { before.setAccessible(true); before.invoke(instance); }
                java.lang.reflect.Method method = tests.getDeclaredMethod(names[n]); method.setAccessible(true);
                method.invoke(instance); ok(n);
            } catch (Throwable t) { no(n, t); }
        }
    }
    static void end() { if (!failed && ran) ok($SCRIPT); say("end", 0, ""); System.out.flush(); if (exits || failed) System.exit(0); }
    static int script() { return $SCRIPT; }
}
class LabMain {
    public static void main(String[] arguments) throws Throwable {
        Lab.begin();
        for (String name : new String[] {$ASSERTING}) ClassLoader.getSystemClassLoader().setClassAssertionStatus(name, true);
        try { $CALL } catch (Throwable t) { Lab.no(Lab.script(), t); }
        Lab.end();
    }
}
"""


def _javac(output: str) -> Iterator[Diagnostic]:
    lines = output.splitlines()
    for number, line in enumerate(lines):
        if match := re.match(r"^([\w./-]+)\.java:(\d+): (error|warning): (?:\[(\w+)\] )?(.*)$", line[:2000]):
            name, row, severity, rule, message = match.groups()
            caret = next((found.index("^") + 1 for found in lines[number + 1 : number + 4] if found.strip() == "^"), 0)
            yield Diagnostic(
                line_number(row),
                caret,
                rule or "javac",
                severity,
                bounded(message),
                "" if name == "Solution" else "tests",
            )


LANGUAGE = Language(
    "java",
    (".java",),
    solution=PROGRAM,
    main="Main.java",
    compile=(
        *(
            "/usr/bin/javac",
            "-cp",
            "/usr/share/java/*",
            "-J-XX:+UseSerialGC",
            "-J-XX:TieredStopAtLevel=1",
            "-J-XX:-UsePerfData",
        ),
        *(
            "-J-Xshare:auto",
            "-J-Xmx256m",
            "-Xlint:all",
            "-proc:none",
            "-encoding",
            "UTF-8",
            "-d",
            ".",
            "-sourcepath",
            ".",
            "Main.java",
            PROGRAM,
        ),
    ),
    not_here=r"package ([\w.]+) does not exist",
    run=(
        *("/usr/bin/java", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData", "-Xshare:auto"),
        *("-XX:+ExitOnOutOfMemoryError", "-XX:ReservedCodeCacheSize=32m"),
        *(
            "-XX:MaxRAMPercentage=60",
            "--add-opens=java.base/java.io=ALL-UNNAMED",
            "-cp",
            f"{BOX}:/usr/share/java/*",
            "LabMain",
        ),
    ),
    memory_signs=("java.lang.OutOfMemoryError",),
    artefacts=("*.class",),
    version=("/usr/bin/java", "--version"),
    readers={"compile": _javac},
    packages=("openjdk-17-jdk-headless", "junit5", "junit4"),
    memory_bytes=384 * MIB,
    build_memory_bytes=768 * MIB,
    pids=24,
    build_pids=64,
    sockets_are_fatal=False,
    assemble=assemble,
    wraps_always=True,
    dialect=Dialect(
        "java",
        "Java",
        translation=Translation(
            Spelling(
                json_text,
                whole=2**31 - 1,
                items=lambda items, kind: f"List.of({', '.join(items)})",
                pairs=lambda pairs, kind: f"Map.of({', '.join(f'{k}, {v}' for k, v in pairs)})",
                names=typed(
                    "int=int; float=double; str=String; bool=boolean; list=List<{}>; dict=Map<String, {}>; "
                    "boxed int=Integer; boxed float=Double; boxed bool=Boolean"
                ),
                most_pairs=10,
            ),
            signature="static {result} {name}({parameters})",
            parameter="{type} {name}",
            call="Solution.{name}({arguments})",
            prelude="import java.util.*;\n\nclass Solution {\n    ",
            example="static int count_even(List<Integer> numbers) {\n        int count = 0;\n"
            "        for (int number : numbers) if (number % 2 == 0) count++;\n        return count;\n    }\n}",
            equal="assert {box}.valueOf({0}).equals({1});",
            near="assert Math.abs({0} - ({1})) <= {2};",
            text="assert {0}.equals({1});",
            deep="assert {0}.equals({1});",
            before="import java.util.*;\n",
        ),
    ),
)
