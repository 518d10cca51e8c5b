"""Rust: solution, tests and harness are one crate.

A test script has `#[test]` functions (in a module or not), or a `main` that panics, or is a list of statements in which
a line `assert...!(...);` is a test of its own.
"""

from __future__ import annotations

import re

from sandbox.languages.diagnostics import lines
from sandbox.languages.language import BOX, MIB, Dialect, Language, Translation
from sandbox.languages.script import SKIPPED, Script, rewrite
from sandbox.languages.values import Spelling, escaped, typed

ASSERTION = re.compile(r"\s*(?:debug_)?assert\w*!\s*\(.*\)\s*;\s*(?://.*)?$")
_MAIN = re.compile(r"^(?:pub\s+)?fn\s+main\s*\(\s*\)", re.MULTILINE)
_TEST = re.compile(
    r"((?:#\[(?:should_panic|ignore)[^\]]*\]\s*)*)#\[test\]((?:\s*#\[[^\]]*\])*)\s*(?:pub\s+)?fn\s+(\w+)\s*\(\s*\)"
)
_MODULE = re.compile(r"^([ \t]*)(?:pub(?:\([a-z]+\))?\s+)?mod\s+(\w+)\s*\{", re.MULTILINE)
_WORDS = re.compile(r"should_panic\s*\(\s*expected\s*=\s*(\"(?:\\.|[^\"\\])*\")")
_INNER = re.compile(r"^\s*#!\[.*\]\s*$", re.MULTILINE)


def assemble(code: str, tests: str) -> Script:
    """One file; `main` of the solution and of the tests under other names."""
    if not tests.strip():
        return Script(code)
    code = _MAIN.sub("#[allow(dead_code)] fn lab_solution_main()", code)
    units: list[tuple[int, str]] = []
    if found := list(_TEST.finditer(tests)):
        units = [
            (tests.count("\n", 0, match.start(3)) + 1, f"{match[3]}()" + (SKIPPED if "#[ignore" in match[0] else ""))
            for match in found
        ]
        call = "lab::chosen(); " + " ".join(_called(index, match, tests) for index, match in enumerate(found))
        tests = _TEST.sub(lambda match: "\n" * match[0].count("\n") + f"pub fn {match[3]}()", tests)
        tests = _MODULE.sub(r"\1pub mod \2 {", tests)
        tests = tests.replace("#[cfg(test)]", "")
    elif _MAIN.search(tests):
        tests, call = _MAIN.sub("fn lab_tests_main()", tests), "lab::script(|| { lab_tests_main(); });"
    else:
        body, units = rewrite(
            tests,
            ASSERTION,
            lambda index, line: f"lab::seen({index}, false, || {{ {line.strip()}\n}});".replace("\n", " "),
            comments=("//",),
        )
        tests, call = f"fn lab_tests_main() {{ {body}\n}}", "lab::script(|| { lab_tests_main(); });"
    lines = code.count("\n") + 1
    harness = _HARNESS.replace("$CALL", call).replace("$SCRIPT", str(len(units))).replace("$LINES", str(lines))
    return Script(f"{code}\n{tests}\n{harness}", units=(*units, (1, "the test script")), solution_lines=lines)


def _called(index: int, test: re.Match[str], tests: str) -> str:
    """The statement that runs a test function; one that is ignored is not run."""
    said = test[1] + test[2]
    if "#[ignore" in said:
        return ""
    indent = test.start() - tests.rfind("\n", 0, test.start()) - 1
    path: dict[int, str] = {}
    for module in _MODULE.finditer(tests, 0, test.start()):
        depth = len(module[1])
        path = {known: name for known, name in path.items() if known < depth} | {depth: module[2]}
    name = "::".join([*(part for depth, part in sorted(path.items()) if depth < indent), test[3]])
    words = _WORDS.search(said)
    panics = f"Some({words[1] if words else chr(34) * 2})" if "should_panic" in said else "None"
    return f"lab::tested({index}, {panics}, || {name}());"


_HARNESS = r"""
#[allow(dead_code)]
mod lab {
    use std::fs::File; use std::io::{Read, Write}; use std::os::unix::io::FromRawFd; use std::panic;
    use std::sync::Mutex; use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
    static TOKEN: Mutex<String> = Mutex::new(String::new());
    static FAILED: AtomicBool = AtomicBool::new(false);
    static LINE: AtomicU32 = AtomicU32::new(0);
    pub fn begin() {
        let mut wire = unsafe { File::from_raw_fd(4) };
        let mut token = [0u8; 32]; wire.read_exact(&mut token).unwrap();
        *TOKEN.lock().unwrap() = String::from_utf8_lossy(&token).to_string();
        say("begin", 0, ""); let mut rest = Vec::new(); wire.read_to_end(&mut rest).unwrap();
        panic::set_hook(Box::new(|info| {
            LINE.store(info.location().map_or(0, |at| if at.file().ends_with("main.rs") { at.line() } else { 0 }), Ordering::SeqCst);
        }));
    }
    fn say(kind: &str, index: usize, text: &str) {
        let clean: String = text.chars().take(1000).map(|c| if c < ' ' || c > '~' { '?' } else { c }).collect();
        let line = format!("{} {} {} \"{}\"\n", TOKEN.lock().unwrap(), kind, index, clean.replace('\\', "\\\\").replace('"', "\\\""));
        let mut out = std::mem::ManuallyDrop::new(unsafe { File::from_raw_fd(3) });
        if out.write_all(line.as_bytes()).is_err() { std::process::exit(70) }
    }
    fn no(index: usize, cause: Box<dyn std::any::Any + Send>) {
        FAILED.store(true, Ordering::SeqCst);
        let text = cause.downcast_ref::<&str>().map(|s| s.to_string()).or_else(|| cause.downcast_ref::<String>().cloned()).unwrap_or_default();
        let line = LINE.load(Ordering::SeqCst);
        if line > 0 && line <= $LINES { say("error", index, &format!("panicked: {} (line {} of the program)", text, line)) }
        else { say("fail", index, &text) }
    }
    pub fn seen<F: FnOnce()>(index: usize, should_panic: bool, body: F) {
        match panic::catch_unwind(panic::AssertUnwindSafe(body)) {
            Ok(_) if should_panic => { FAILED.store(true, Ordering::SeqCst); say("fail", index, "expected a panic, got none") }
            Err(cause) if !should_panic => no(index, cause),
            _ => say("ok", index, ""),
        }
    }
    static RAN: AtomicBool = AtomicBool::new(false);
    static CHOSEN: AtomicBool = AtomicBool::new(false);
    pub trait Outcome { fn failure(self) -> Option<String>; }
    impl Outcome for () { fn failure(self) -> Option<String> { None } }
    impl<E: std::fmt::Debug> Outcome for Result<(), E> { fn failure(self) -> Option<String> { self.err().map(|e| format!("Err({:?})", e)) } }
    pub fn tested<R: Outcome, F: FnOnce() -> R>(index: usize, panics: Option<&str>, body: F) {
        RAN.store(true, Ordering::SeqCst);
        let bad = |text: &str| { FAILED.store(true, Ordering::SeqCst); say("fail", index, text) };
        match (panic::catch_unwind(panic::AssertUnwindSafe(body)), panics) {
            (Ok(_), Some(_)) => bad("expected a panic, got none"),
            (Ok(result), None) => match result.failure() { Some(text) => bad(&text), None => say("ok", index, "") },
            (Err(cause), None) => no(index, cause),
            (Err(cause), Some(words)) => {
                let text = cause.downcast_ref::<&str>().map(|s| s.to_string()).or_else(|| cause.downcast_ref::<String>().cloned());
                if words.is_empty() || text.as_deref().map_or(false, |t| t.contains(words)) { say("ok", index, "") }
                else { bad(&format!("expected a panic with {:?}, got {:?}", words, text)) }
            }
        }
    }
    pub fn chosen() { CHOSEN.store(true, Ordering::SeqCst) }
    pub fn script<F: FnOnce()>(body: F) { if let Err(cause) = panic::catch_unwind(panic::AssertUnwindSafe(body)) { no($SCRIPT, cause) } }
    pub fn end() -> ! { if !FAILED.load(Ordering::SeqCst) && (RAN.load(Ordering::SeqCst) || !CHOSEN.load(Ordering::SeqCst)) { say("ok", $SCRIPT, "") } say("end", 0, ""); std::process::exit(0) }
}
fn main() { lab::begin(); $CALL lab::end(); }
"""


_RUST_TEXT = escaped("", "\\u{{{:x}}}")


LANGUAGE = Language(
    "rust",
    (".rs",),
    solution="solution.rs",
    main="main.rs",
    compile=(
        *("/usr/bin/rustc", "--edition", "2021", "-C", "opt-level=1", "-C", "debuginfo=0", "--error-format"),
        *("short", "-o", "main", "main.rs"),
    ),
    run=(f"{BOX}/main",),
    artefacts=("main",),
    version=("/usr/bin/rustc", "--version"),
    readers={
        "compile": lines(
            "rustc",
            r"^main\.rs:(?P<line>\d+):(?P<column>\d+): (?P<severity>error|warning)(?:\[(?P<rule>\w+)\])?: (?P<message>.*)",
        )
    },
    not_here=r"(?:unresolved import|undeclared crate or module) (`(?!super|crate|self|std|core|alloc)[^`]+`)",
    packages=("rustc", "gcc", "libc6-dev"),
    aliases=("rs",),
    memory_signs=("memory allocation of",),
    build_memory_bytes=1024 * MIB,
    build_pids=64,
    assemble=assemble,
    dialect=Dialect(
        "rust",
        "Rust",
        solution="fn count_even(numbers: &[i64]) -> usize {\n"
        "    // A number is even when dividing it by two leaves nothing.\n"
        "    numbers.iter().filter(|number| *number % 2 == 0).count()\n}\n",
        tests="assert_eq!(count_even(&[1, 2, 4]), 2);\n"
        "assert_eq!(count_even(&[]), 0);\n"
        "assert_eq!(count_even(&[7]), 0);\n"
        "assert_eq!(count_even(&[0, -2]), 2);\n",
        test_start="assert_eq!(",
        functions=r"^(?:pub[ \t]+)?fn[ \t]+(\w{1,64})[ \t]*[<(]",
        translation=Translation(
            Spelling(
                lambda text: f"{_RUST_TEXT(text)}.to_string()",
                none="None::<{type}>",
                some="Some({0})",
                items=lambda items, kind: f"{kind.replace('Vec<', 'Vec::<', 1)}::from([{', '.join(items)}])",
                pairs=lambda pairs, kind: (
                    f"{kind.replace('Map<', 'Map::<', 1)}::from([{', '.join(f'({k}, {v})' for k, v in pairs)}])"
                ),
                names=typed(
                    "int=i64; float=f64; str=String; bool=bool; list=Vec<{}>; "
                    "dict=std::collections::HashMap<String, {}>; optional=Option<{}>"
                ),
            ),
            signature="fn {name}({parameters}) -> {result}",
            parameter="{name}: {type}",
            example="fn count_even(numbers: Vec<i64>) -> i64 {\n"
            "    numbers.iter().filter(|number| *number % 2 == 0).count() as i64\n}",
            equal="assert_eq!({0}, {1});",
            near="assert!(({0} - ({1})).abs() <= {2});",
        ),
    ),
)
