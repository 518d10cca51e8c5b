"""C#: solution, tests and harness are one file; the harness finds the tests' `Main` and calls it.

A test script goes on where the solution's text stops (MBXP leaves classes open), or is a class with `Main` of its own,
or is a list of statements in which `Assert....` and `Debug.Assert(...)` lines are tests of their own. Tests that use
NUnit are a file of their own and run by it (`nunit.py`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from sandbox.languages.compiled import nunit
from sandbox.languages.diagnostics import bounded, line_number
from sandbox.languages.language import BOX, MIB, Dialect, Language, Translation
from sandbox.languages.script import Script, rewrite
from sandbox.languages.values import Spelling, braced, json_text, typed
from sandbox.report import Diagnostic

ASSERTION = re.compile(r"\s*(?:Assert\.\w+|Debug\.Assert|Trace\.Assert)\s*(?:<[^>]*>)?\(.*\)\s*;\s*(?://.*)?$")
_USING = re.compile(r"^\s*using\s+[\w.]+\s*;[ \t]*$", re.MULTILINE)
_MAIN = re.compile(r"(\bstatic\s+(?:async\s+)?(?:void|int|Task(?:<int>)?)\s+)Main(\s*\()")
_COMPARE = "KellermanSoftware.CompareNetObjects"


def assemble(code: str, tests: str) -> Script:
    """One file; without tests, the program as it is."""
    lines = code.count("\n") + 1
    if not tests.strip():
        return Script(f"{code}\n{COMPARER if _COMPARE in code else ''}")
    if nunit.USED.search(tests):
        return _by_nunit(code, tests)
    usings = " ".join(match[0].strip() for match in _USING.finditer(tests))
    tests = _USING.sub("", tests)
    units: list[tuple[int, str]] = []
    above = lines
    code = _MAIN.sub(r"\1LabSolutionMain\2", code)
    tests = _MAIN.sub(r"\1LabMain\2", tests)
    if "LabMain" not in tests:
        body, units = rewrite(
            tests,
            ASSERTION,
            lambda index, line: (
                f"try {{ {line.strip()} LabHarness.Ok({index}); }} catch (System.Exception e) {{ LabHarness.No({index}, e); }}"
            ),
            comments=("//",),
        )
        tests = f"class LabTests {{ public static void LabMain(string[] labArguments) {{ {body}\n}} }}"
    harness = _HARNESS.replace("$SCRIPT", str(len(units)))
    comparer = COMPARER if _COMPARE in code + usings else ""
    return Script(
        f"{usings}{' ' if usings else ''}{code}\n{tests}\n{_ASSERT}{harness}{comparer}",
        units=(*units, (1, "the test script")),
        solution_lines=above,
    )


def _by_nunit(code: str, tests: str) -> Script:
    """The program with what starts NUnit, and the tests in a file beside it."""
    found = nunit.methods(tests)
    started = f"{nunit.harness(found)}{_HARNESS.replace('$SCRIPT', str(len(found)))}"
    comparer = COMPARER if _COMPARE in code + tests else ""
    beside = {"main.tests.cs": _MAIN.sub(r"\1LabOwnMain\2", nunit.of_today(tests))}
    code = _MAIN.sub(r"\1LabSolutionMain\2", code)
    return Script(f"{code}\n{started}{comparer}", beside, units=(*found, (1, "the test script")))


_ASSERT = r"""
public class AssertionException : System.Exception { public AssertionException(string m) : base(m) {} }
public static class Assert {
    static bool Same(object a, object b) { return LabHarness.Show(a) == LabHarness.Show(b); }
    public static void AreEqual(object e, object a, string m = "") { if (!Same(e, a)) throw new AssertionException("expected " + LabHarness.Show(e) + ", got " + LabHarness.Show(a)); }
    public static void AreNotEqual(object e, object a, string m = "") { if (Same(e, a)) throw new AssertionException("expected anything but " + LabHarness.Show(e)); }
    public static void Equal(object e, object a) { AreEqual(e, a); }
    public static void IsTrue(bool b, string m = "") { if (!b) throw new AssertionException("expected true, got false"); }
    public static void True(bool b, string m = "") { IsTrue(b); }
    public static void IsFalse(bool b, string m = "") { if (b) throw new AssertionException("expected false, got true"); }
    public static void False(bool b, string m = "") { IsFalse(b); }
    public static void IsNull(object o) { if (o != null) throw new AssertionException("expected null, got " + LabHarness.Show(o)); }
    public static void Throws<T>(System.Action body) where T : System.Exception {
        try { body(); } catch (T) { return; } throw new AssertionException("expected " + typeof(T).Name + ", got nothing"); }
}
"""
_HARNESS = r"""
public static class LabHarness {
    [System.Runtime.InteropServices.DllImport("libc")] static extern System.IntPtr write(int descriptor, byte[] data, System.IntPtr count);
    [System.Runtime.InteropServices.DllImport("libc")] static extern System.IntPtr read(int descriptor, byte[] data, System.IntPtr count);
    static string token; static bool failed; public static bool Ran = true; public const int Script = $SCRIPT;
    static void Say(string kind, int index, string text) {
        var line = new System.Text.StringBuilder(token + " " + kind + " " + index + " \"");
        foreach (char c in text.Length > 1000 ? text.Substring(0, 1000) : text) {
            if (c == '"' || c == '\\') line.Append('\\').Append(c); else line.Append(c >= 32 && c < 127 ? c : '?'); }
        byte[] data = System.Text.Encoding.ASCII.GetBytes(line.Append("\"\n").ToString()); if ((int)write(3, data, (System.IntPtr)data.Length) != data.Length) System.Environment.Exit(70);
    }
    public static void Ok(int index) { Say("ok", index, ""); }
    public static void No(int index, System.Exception e) {
        while (e is System.Reflection.TargetInvocationException && e.InnerException != null) e = e.InnerException;
        bool plain = e.GetType().Name == "AssertionException" || e.GetType() == typeof(System.Exception);
        Not(index, plain, plain ? e.Message : "raised " + e.GetType().Name + ": " + e.Message);
    }
    public static void Not(int index, bool plain, string why) { failed = true; Say(plain ? "fail" : "error", index, why); }
    public static string Show(object o) {
        if (o == null) return "null";
        if (o is string) return "\"" + o + "\"";
        var pairs = o as System.Collections.IDictionary;
        if (pairs != null) { var shown = new System.Collections.Generic.List<string>(); foreach (object key in pairs.Keys) shown.Add(Show(key) + ": " + Show(pairs[key])); shown.Sort(System.StringComparer.Ordinal); return "{" + string.Join(", ", shown) + "}"; }
        var many = o as System.Collections.IEnumerable;
        if (many != null) { var shown = new System.Collections.Generic.List<string>(); foreach (object one in many) shown.Add(Show(one)); return "[" + string.Join(", ", shown) + "]"; }
        var number = o as System.IFormattable;
        if (number != null) return number.ToString(null, System.Globalization.CultureInfo.InvariantCulture);
        return o.ToString();
    }
    public static void Main(string[] arguments) {
        var bytes = new byte[32];  // written in one go, so read in one go
        if ((int)read(4, bytes, (System.IntPtr)32) != 32) System.Environment.Exit(70);
        token = System.Text.Encoding.ASCII.GetString(bytes);
        Say("begin", 0, ""); while ((int)read(4, bytes, (System.IntPtr)32) > 0) {}
        try {
            System.Reflection.MethodInfo main = null;
            foreach (var type in System.Reflection.Assembly.GetExecutingAssembly().GetTypes()) {
                var found = type.GetMethod("LabMain", System.Reflection.BindingFlags.Static | System.Reflection.BindingFlags.Public | System.Reflection.BindingFlags.NonPublic);
                if (found != null) main = found;
            }
            object gave = main.Invoke(null, main.GetParameters().Length == 0 ? new object[0] : new object[] { new string[0] });
            var later = gave as System.Threading.Tasks.Task;
            if (later != null) later.GetAwaiter().GetResult();
            if (later is System.Threading.Tasks.Task<int>) gave = ((System.Threading.Tasks.Task<int>)later).Result;
            if (gave is int && (int)gave != 0) Not(Script, true, "Main returned " + gave);
        } catch (System.Exception e) { No(Script, e); }
        if (!failed && Ran) Ok(Script);
        Say("end", 0, ""); System.Console.Out.Flush(); System.Environment.Exit(0);
    }
}
"""
COMPARER = r"""
namespace KellermanSoftware.CompareNetObjects {
    public class ComparisonResult { public bool AreEqual { get; set; } }
    public class CompareLogic {
        public ComparisonResult Compare(object a, object b) { return new ComparisonResult { AreEqual = Same(a, b) }; }
        static bool Same(object a, object b) {
            if (a == null || b == null) return a == null && b == null;
            if (a.GetType() != b.GetType()) return false;
            if (a is string || a.GetType().IsPrimitive || a is decimal) return a.Equals(b);
            var pairs = a as System.Collections.IDictionary;
            if (pairs != null) {
                var others = (System.Collections.IDictionary)b;
                if (pairs.Count != others.Count) return false;
                foreach (object key in pairs.Keys) if (!others.Contains(key) || !Same(pairs[key], others[key])) return false;
                return true;
            }
            var many = a as System.Collections.IEnumerable;
            if (many != null) {
                var left = many.GetEnumerator(); var right = ((System.Collections.IEnumerable)b).GetEnumerator();
                while (left.MoveNext()) if (!right.MoveNext() || !Same(left.Current, right.Current)) return false;
                return !right.MoveNext();
            }
            return a.Equals(b);
        }
    }
}
"""


def _mcs(output: str) -> Iterator[Diagnostic]:
    for line in output.splitlines():
        match = re.match(r"^(?:\./)?main(\.tests)?\.cs\((\d+),(\d+)\): (error|warning) (CS\d+): (.*)", line[:2000])
        if match:
            beside, row, column, severity, rule, message = match.groups()
            place = line_number(row), line_number(column)
            yield Diagnostic(*place, rule, severity, bounded(message), "tests" if beside else "")


LANGUAGE = Language(
    "csharp",
    (".cs",),
    solution="solution.cs",
    main="main.cs",
    compile=(
        "/usr/bin/mono",
        "/usr/lib/mono/4.5/mcs.exe",
        "-nologo",
        "-warn:3",
        *nunit.REFERENCES,
        "-out:main.exe",
        "main*.cs",
    ),
    run=("/usr/bin/mono", "--gc=sgen", f"{BOX}/main.exe"),
    artefacts=("main.exe",),
    version=("/usr/bin/mono", "--version"),
    readers={"compile": _mcs},
    not_here=nunit.NOT_HERE,
    packages=(
        *("mono-mcs", "mono-runtime", "libmono-system-core4.0-cil", "libmono-system-numerics4.0-cil"),
        *nunit.PACKAGES,
    ),
    aliases=("c#", "cs"),
    memory_signs=("OutOfMemoryException", "Out of memory"),
    memory_bytes=256 * MIB,
    build_memory_bytes=512 * MIB,
    pids=16,
    build_pids=32,
    environment={"MONO_DISABLE_SHARED_AREA": "1"},
    sockets_are_fatal=False,
    assemble=assemble,
    wraps_always=True,
    dialect=Dialect(
        "csharp",
        "C#",
        translation=Translation(
            Spelling(
                json_text,
                items=braced("new {}"),
                pairs=lambda pairs, kind: f"new {kind}{{{', '.join(f'{{{k}, {v}}}' for k, v in pairs)}}}",
                names=typed(
                    "int=long; float=double; str=string; bool=bool; list=List<{}>; dict=Dictionary<string, {}>"
                ),
            ),
            signature="public static {result} {name}({parameters})",
            parameter="{type} {name}",
            call="Solution.{name}({arguments})",
            prelude="using System;\nusing System.Collections.Generic;\nusing System.Linq;\n\npublic class Solution {\n    ",
            example="public static long count_even(List<long> numbers) {\n"
            "        return numbers.Count(number => number % 2 == 0);\n    }\n}",
            equal="Assert.AreEqual(new System.Func<{type}, {type}>(got => got)({0}), {1});",
            near="Assert.IsTrue(System.Math.Abs({0} - ({1})) <= {2});",
            before="using System.Collections.Generic;\n",
        ),
    ),
)
