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
    rf"|name (?=`(?:{_OTHERS}|VisualStudio)'))(`\w+')"
)
"""What the compiler says of a word that NUnit 2.6 does not know, and of a library that is not here."""
USED = re.compile(
    rf"(?:^|;)\s*using\s+(?:static\s+)?(?:NUnit\.Framework|Microsoft\.VisualStudio|{_OTHERS})\b", re.MULTILINE
)
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


def of_today(tests: str) -> str:
    """The tests with a few words of NUnit 3 as NUnit 2.6 has them."""
    for pattern, word in _LATER:
        tests = pattern.sub(word, tests)
    return tests


_LATER = tuple(
    (re.compile(pattern), word)
    for pattern, word in (
        (r"\bOneTime(?=SetUp\b|TearDown\b)", "TestFixture"),
        (r"\bAssert\.(?=(?:Multiple|ThrowsAsync|DoesNotThrowAsync)\b)", "LabAssert."),
        (r"\b(Is(?:\.Not)?)\.Zero\b", r"\1.EqualTo(0)"),
        (r"\b(Is(?:\.Not)?)\.Positive\b", r"\1.GreaterThan(0)"),
        (r"\b(Is(?:\.Not)?)\.Negative\b", r"\1.LessThan(0)"),
    )
)


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
namespace NUnit.Framework {
    using NUnit.Framework.Constraints;
    public static class LabAssert {
        public static void Multiple(System.Action body) { body(); }
        public static void Multiple(System.Func<System.Threading.Tasks.Task> body) { body().GetAwaiter().GetResult(); }
        public static T ThrowsAsync<T>(System.Func<System.Threading.Tasks.Task> body) where T : System.Exception { return Assert.Throws<T>(() => body().GetAwaiter().GetResult()); }
        public static void DoesNotThrowAsync(System.Func<System.Threading.Tasks.Task> body) { Assert.DoesNotThrow(() => body().GetAwaiter().GetResult()); }
    }
    public static class Does {
        public static ConstraintExpression Not { get { return Is.Not; } }
        public static Constraint Contain(string part) { return new ContainsConstraint(part); }
        public static Constraint Contain(object item) { return new CollectionContainsConstraint(item); }
        public static Constraint StartWith(string part) { return new StartsWithConstraint(part); }
        public static Constraint EndWith(string part) { return new EndsWithConstraint(part); }
        public static Constraint Match(string pattern) { return new RegexConstraint(pattern); }
        public static Constraint Contain(this ConstraintExpression not, string part) { return not.Contains(part); }
        public static Constraint Contain(this ConstraintExpression not, object item) { return not.Contains(item); }
        public static Constraint StartWith(this ConstraintExpression not, string part) { return not.StartsWith(part); }
        public static Constraint EndWith(this ConstraintExpression not, string part) { return not.EndsWith(part); }
        public static Constraint Match(this ConstraintExpression not, string pattern) { return not.Matches(pattern); }
    }
}
"""
