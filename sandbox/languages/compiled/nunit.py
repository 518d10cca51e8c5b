"""NUnit's tests of C#: its own engine, from Debian's packages, runs them inside of the program's process.

The tests are a file of their own, so that what they use and define is theirs alone. It is NUnit 2.6: of what came after
it, a few words are written here by those it has.
"""

from __future__ import annotations

import re

PACKAGES = ("libnunit-framework2.6.3-cil", "libnunit-core2.6.3-cil", "libnunit-core-interfaces2.6.3-cil")
_AT = "/usr/lib/cli/nunit"
REFERENCES = tuple(f"-r:{_AT}.{name}-2.6.3/nunit.{name}.dll" for name in ("framework", "core", "core.interfaces"))
_OTHERS = r"Xunit|Moq|NSubstitute|FluentAssertions|Shouldly|AutoFixture|Bogus|FakeItEasy"
NOT_HERE = (
    r"(?:`NUnit\.Framework\.[\w.]+' does not contain a definition for "
    rf"|name (?=`(?:Does|{_OTHERS}|VisualStudio)'))(`\w+')"
)
"""What the compiler says of a word that NUnit 2.6 does not know, and of a library that is not here."""
USED = re.compile(rf"^\s*using\s+(?:static\s+)?(?:NUnit\.Framework|Microsoft\.VisualStudio|{_OTHERS})\b", re.MULTILINE)
"""Tests of a framework, ours or one that is not here."""
_TESTED = re.compile(r"\[[^\]\n]*\b(?:Test|TestCase|TestCaseSource|Theory)\b")
_METHOD = re.compile(
    r"\b(?:public|internal|protected|private)\s+(?:(?:static|async|virtual|override|new)\s+)*[\w<>\[\].,?]+\s+(\w+)\s*\("
)


def methods(tests: str) -> list[tuple[int, str]]:
    """Line and name of each test method; empty where two are called alike."""
    found: list[tuple[int, str]] = []
    marked = False
    for number, line in enumerate(tests.split("\n"), 1):
        marked = marked or _TESTED.search(line) is not None
        if marked and (method := _METHOD.search(line)):
            found.append((number, f"{method[1]}()"))
            marked = False
    return found if len({name for _, name in found}) == len(found) else []


def harness(found: list[tuple[int, str]]) -> str:
    """What runs all test classes of the program and tells of each method."""
    table = ", ".join(f'{{ "{name[:-2]}", {index} }}' for index, (_, name) in enumerate(found))
    return _RUN.replace("$TABLE", table)


_RUN = r"""
public class LabUnit : System.MarshalByRefObject, NUnit.Core.EventListener {
    static readonly System.Collections.Generic.Dictionary<string, int> indexes = new System.Collections.Generic.Dictionary<string, int> { $TABLE };
    public static void LabMain() {
        LabHarness.Ran = false;
        NUnit.Core.CoreExtensions.Host.InitializeService();
        NUnit.Core.TestExecutionContext.CurrentContext.TestPackage = new NUnit.Core.TestPackage("tests");
        foreach (var type in System.Reflection.Assembly.GetExecutingAssembly().GetTypes())
            if (NUnit.Core.TestFixtureBuilder.CanBuildFrom(type))
                NUnit.Core.TestFixtureBuilder.BuildFrom(type).Run(new LabUnit(), NUnit.Core.TestFilter.Empty);
    }
    static void Tell(NUnit.Core.TestResult result, string method) {
        int index;
        if (method == null || !indexes.TryGetValue(method, out index)) index = LabHarness.Script;
        switch (result.ResultState) {
            case NUnit.Core.ResultState.Success: LabHarness.Ran = true; if (index != LabHarness.Script) LabHarness.Ok(index); break;
            case NUnit.Core.ResultState.Failure: LabHarness.Not(index, true, result.Message ?? "it does not hold"); break;
            case NUnit.Core.ResultState.Error: case NUnit.Core.ResultState.Cancelled: case NUnit.Core.ResultState.NotRunnable:
                LabHarness.Not(index, false, result.Message ?? "it raised"); break;
        }
    }
    public void TestFinished(NUnit.Core.TestResult result) { Tell(result, result.Test.MethodName); }
    public void SuiteFinished(NUnit.Core.TestResult result) {
        if (result.FailureSite == NUnit.Core.FailureSite.SetUp || result.FailureSite == NUnit.Core.FailureSite.TearDown) Tell(result, null); }
    public void RunStarted(string name, int count) {}
    public void RunFinished(NUnit.Core.TestResult result) {}
    public void RunFinished(System.Exception error) { LabHarness.No(LabHarness.Script, error); }
    public void TestStarted(NUnit.Core.TestName name) {}
    public void SuiteStarted(NUnit.Core.TestName name) {}
    public void UnhandledException(System.Exception error) { LabHarness.No(LabHarness.Script, error); }
    public void TestOutput(NUnit.Core.TestOutput output) {}
}
"""
