"""What a program does to tests that share its process: it gives their words another meaning, or reaches what runs them. No control
tells that, since a control is read with the same words; so nothing proves such a program.
"""

from __future__ import annotations

import re

from sandbox.languages.scripted import modules

LONGEST = 1 << 16
"""Characters of a program that is looked at; more of them prove nothing, as some of the patterns take their square in time."""
_UNREAD = re.compile(
    r"//[^\n]*|/\*.*?\*/|\"\"\".*?\"\"\"|\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'|`[^`]*`", re.DOTALL
)
_SHARP = re.compile(r"#[^\n]*|\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'")
_REACHES = {
    "cpp": r"##|\b(?:asm|__asm(?:__)?)\b|\b(?:dup[23]|fcntl|syscall|socketpair|fdopen|freopen|mprotect|dlopen|dlsym|longjmp|ptrace)\s*\("
    r"|\bextern\s+\"C\"|\bredefine_extname\b|\b(?:alias|ifunc)\s*\(\s*\"|/proc/|/dev/fd|/dev/std",
    "java": r"\b(?:try)?[sS]etAccessible\b|\bgetDeclared\w+|\b(?:MethodHandles|VarHandle|Unsafe|StackWalker|FileDescriptor|(?:get)?ClassLoader|"
    r"defineClass|loadClass|forName|getMethods|getStackTrace)\b|\bgetMethod(?=\s*\(\s*[^)\s])|\bjava\s*\.\s*lang\s*\.\s*(?:reflect|invoke|instrument)\b|/proc/|/dev/fd",
    "go": r"\bgo:linkname\b|\"(?:syscall|unsafe|plugin|runtime/debug|golang\.org/x/sys/unix)\"|\bos\s*\.\s*NewFile\b|/proc/|/dev/fd",
    "php": r"\$GLOBALS\b|\b(?:get_defined_vars|debug_backtrace|debug_print_backtrace|get_declared_classes|get_defined_constants)\b|/proc/|\bphp://fd",
    "ruby": r"\b(?:TOPLEVEL_BINDING|ObjectSpace|TracePoint|set_trace_func|callcc|RubyVM|Fiddle|for_fd|binding_of_caller)\b|\bdef\s+to_(?:str|ary|hash)\b|/proc/|/dev/fd"
    r"|\.\s*(?:binding\b|define_singleton_method\b|singleton_class\b|extend\s*\(?\s*[A-Z])|\bdef\s+(?!self\b)[a-z_]\w*\.|\bconst_get\b"
    r"|\b(?:String|Symbol|Array|Hash|Integer|Float|Object|BasicObject|Kernel|Comparable|Enumerable|Minitest(?:::\w+)*)\s*\.\s*"
    r"(?:class_e|module_e|instance_e|(?:__|public_)?send|define_|alias_|remove_|undef_)",
    "javascript": r"\.\s*(?:caller|callee)\b|\[\s*['\"](?:caller|callee)['\"]|\bprepareStackTrace\b|\bprocess\s*\.\s*binding\b",
    "rust": r"\b(?:no_mangle|export_name|link_section|from_raw_fd)\b|\basm!|/proc/|/dev/fd",
    "csharp": r"\b(?:BindingFlags|DllImport|SafeFileHandle)\b|/proc/|/dev/fd",
    "bash": r"\b(?:extdebug|expand_aliases|BASH_COMMAND)\b|\benable\s+-|\bhash\s+-p|(?<![\w$])PATH=(?![\"']?(?:/(?:usr|bin|sbin)\b|\$\{?PATH))|/proc/|/dev/fd/?[34]",
}
_REACHES |= {"c": _REACHES["cpp"], "typescript": _REACHES["javascript"]}
"""Words by which a program finds memory, descriptors, frames or variables that are not its own, or changes a class or object by the way."""
_DEFINES = {
    "java": r"\b(?:class|interface|enum|record)\s+(\w+)",
    "php": r"\b(?:class|interface|trait|enum|const)\s+(\w+)",
    "ruby": r"^[ \t]*(?:(?:class|module)\s+)?([A-Z]\w*)(?=\s*(?:[<\n]|=(?![=~])))",
}
_GO = re.compile(
    r"any|append|bool|byte|cap|close|comparable|complex|complex64|complex128|copy|delete|error|false|"
    r"float32|float64|imag|int|int8|int16|int32|int64|iota|len|make|new|nil|panic|print|println|real|"
    r"recover|rune|string|true|uint|uint8|uint16|uint32|uint64|uintptr"
)
_JAVA = re.compile(
    r"Arrays|Assert|Assertions|Boolean|Byte|Character|Collections|Comparator|Double|Float|Integer|Iterable|"
    r"List|Long|Map|Math|Number|Object|Objects|Set|Short|StrictMath|String|StringBuilder|System|"
    r"After|AfterAll|AfterEach|Before|BeforeAll|BeforeEach|CsvSource|MethodSource|Nested|ParameterizedTest|RepeatedTest|Test|ValueSource|"
    r"BigDecimal|BigInteger|Collectors|IntStream|Optional|OptionalDouble|OptionalInt|Stream"
)
_JAVA_UTIL = re.compile(
    r"(?:Array|Linked)List|(?:Linked|Tree|Weak|Enum)?Hash(?:Map|Set)|Tree(?:Map|Set)|Enum(?:Map|Set)|ArrayDeque|"
    r"PriorityQueue|BitSet|Iterator|StringJoiner|Scanner"
)
"""What tests that import all of `java.util` mean by it."""
_JAVA_CATCHES = re.compile(
    r"\bcatch\s*\(\s*(?:final\s+)?(?:[\w.]+\s*\|\s*)*(?:Error|Throwable|Assertion(?:Failed)?Error)\b"
)
"""By which a program learns of an assertion that fails in what it is to call."""
_JAVA_OF_A_KIND = (
    r"\bclass\s+(\w+)\b(?:\s*<[^{;]*?>)?\s*(?:extends\b|implements\b[^{;]*\b(?:Collection|Deque|List|Map|Queue|Set)\b)"
)
"""A class that passes for one of the library's; others of such a name that have no `equals` are exercises."""
_CSHARP = re.compile(
    r"Array|Assert|CollectionAssert|Console|Convert|DateTime|Debug|Dictionary|Does|Double|Enumerable|Has|HashSet|Int32|Is|"
    r"List|Math|Object|String|StringAssert|StringBuilder|Test|TestAttribute|TestCase|TestCaseAttribute|TimeSpan|Tuple"
)
_CSHARP_EXTENDS = re.compile(r"\bstatic\s+[\w<>\[\], .?]+?\s(\w+)\s*(?:<[^<>()]*>)?\s*\(\s*this\b")
"""A method that C# takes for the library's own where it fits better."""
_LINQ = re.compile(
    r"Aggregate|All|Any|Average|Concat|Contains|Count|Distinct|ElementAt|EndsWith|Equals|Except|First|Intersect|Last|"
    r"Max|Min|OrderBy|Reverse|Select|SequenceEqual|Single|Skip|StartsWith|Sum|Take|ToArray|ToList|ToString|Where|Zip"
)
_RUST_MACROS = re.compile(r"(?:debug_)?assert(?:_eq|_ne)?|panic|vec|format|matches|unreachable")
_RUST_KINDS = re.compile(r"std|core|alloc|Vec|String|Option|Result|Box|HashMap|HashSet|BTreeMap")
_BASH = re.compile(
    r"\[|test|assert|assert_equal|builtin|command|declare|diff|cmp|cut|echo|eval|exit|expr|false|grep|head|let|local|"
    r"mapfile|printf|read|readarray|return|sed|set|sort|tail|tr|trap|true|uniq|wc"
)
_BASH_READS = re.compile(r"awk|bc|cat|column|comm|fold|jq|nl|od|paste|rev|tac|xargs|xxd")
"""Commands that tests read an answer or a file with; a program may have one of its own, which they call by itself."""
_JAVASCRIPT = re.compile(
    r"Array|BigInt|Boolean|Date|Error|JSON|Map|Math|NaN|Number|Object|Promise|RangeError|Reflect|RegExp|"
    r"Set|String|Symbol|SyntaxError|TypeError|assert|console|describe|expect|isNaN|it|jest|parseFloat|"
    r"parseInt|structuredClone|test|undefined"
)
_CPP_LIBRARY = r"_?exit|abort|s?n?printf|vs?n?printf|str(?:len|str|chr|cpy)|mem(?:cpy|set|move|chr|cmp)|bcmp|(?:p?write|p?read)(?=\s*\((?:[^,()]*,){2})"
"""What harness and tests call of the C library, whose place a function of the program's takes."""
_CPP_COMPARES = r"abs|fabsf?|fabsl|labs|llabs|equal|strn?cmp|memcmp|isnan|to_string|lexicographical_compare"
_CPP_CHECKS = "is_sorted|is_permutation|is_heap|accumulate|inner_product|(?:all|any|none)_of|includes|(?:max|min)_element|mismatch"
"""What tests ask the library of what lies between two iterators, where they do not say `std`."""
_CPP_BODY = r"\s*\([^;{}]{0,500}\)\s*(?:const\s*)?(?:noexcept\s*)?(?:->\s*[\w:]+\s*)?\{"
_CPP_OF_STD = re.compile(
    r"(?<![\w:~])([a-z_]\w*)\s*\([^;{}]{0,500}\)\s*(?:const\s*)?(?:noexcept\s*)?(?:->\s*[\w:<>]+\s*)?\{"
)
_CPP_CIRCLE = re.compile(
    r"^[ \t]*#[ \t]*(?:undef|define)[ \t]+(M_\w+)(?![ \t]+\(?(?:3\.14159265|2\.7182818|1\.4142135|(?:std::)?acos\(-1))",
    re.MULTILINE,
)
"""A constant of the library's by another value."""
_CPP_TYPES = re.compile(
    r"\b(?:class|struct|union|enum(?:\s+(?:class|struct))?)\s+(?:\[\[[^\]]*\]\]\s*)?(\w+)(?=\s*(?:\{|:(?!:)|final\b))"
)
_CPP_SPECIAL = re.compile(
    r"\btemplate\s*<\s*>\s*(?:struct|class)\s+(?:std\s*::\s*)?"
    r"(less(?:_equal)?|greater(?:_equal)?|(?:not_)?equal_to|char_traits|numeric_limits)\s*<([^{};]{0,200})>\s*(?::[^{};]{0,200})?\{"
)
"""What the library orders and compares by, which a program may say of its own types."""
_CPP_PRINTS = re.compile(
    r"\boperator\s*<<\s*\(\s*(?:std\s*::\s*)?ostream\s*&\s*\w*\s*,\s*"
    r"(?:const\s+)?(?:(?:std\s*::\s*)?string(?:_view)?|char|bool|int|long|unsigned|float|double)(?:\s+const)?\s*[&*]?\s*\w*\s*\)"
)
_CPP_NO_NAN = re.compile(r"#\s*pragma\s+GCC\s+optimize\b[^\n]*(?:Ofast|fast-math|finite-math|unsafe-math)|\b_Pragma\b")
_CPP_FRIENDS = re.compile(r"\bfriend\b[^;{}]{0,500}\{")
"""Functions that a class puts beside itself."""
_CPP_OPERATOR = re.compile(r"\boperator\s*(?:[=!]=|[<>]=?)\s*(?:<[^()]*>\s*)?\(((?:[^()]|\([^()]*\))*)\)")
_CPP_FRAMEWORK = re.compile(r"\b((?<=namespace )testing|Catch|doctest)\b")
"""Where a framework's words live, among which a program may put one that fits better."""
_CPP_DEFINE = re.compile(r"^[ \t]*(?:#|%:|\?\?=)[ \t]*define[ \t]+(\w+)", re.MULTILINE)
_CPP_CONSTANT = re.compile(r"(?!(?:U?INT|DBL|FLT|LL?ONG|CHAR|NULL|EOF|NAN|INFINITY)(?:_|$))[A-Z][A-Z0-9_]*")
"""A macro that a program may well have in common with its tests."""


def meddles(language: str, code: str, tests: str) -> str:
    """The first word by which a program reaches what runs its tests, or that means another thing to them than without it; empty where
    there is none.
    """
    if len(code) > LONGEST:
        return "its length"
    if language == "java":  # where any letter may be written by its number
        code = re.sub(r"\\u+00([2-7][\da-fA-F])", lambda match: chr(int(match[1], 16)), code)
    if language in _REACHES and (found := re.search(_REACHES[language], code)):
        return found[0].strip("( \t\n")
    unread = _SHARP if language == "ruby" else _UNREAD
    used = set(re.findall(r"[A-Za-z_]\w*", unread.sub(" ", tests)))
    if language == "bash":
        used = set(re.findall(r"[A-Za-z_]\w*|\[(?=\s)", tests))
        if re.search(r"\bshopt\s+-s\b[^\n;]*\bnocasematch\b", _outside_of_functions(code)) and re.search(
            r"\[\[|\bcase\b", tests
        ):
            return "nocasematch"
        for name in re.findall(r"(?:^|[\s;&|({])(\w+)[ \t]*\([ \t]*\)", code):
            if re.search(rf"(?:\||<)[ \t]*{name}\b|\$\({name}[ \t]+(?:[\"']?[/$])", tests) and _BASH_READS.fullmatch(
                name
            ):
                return str(name)
    bare = unread.sub(" ", code)
    if named := _names_its_tests(language, bare, unread.sub(" ", tests)):
        return named
    if language in ("javascript", "typescript"):
        if modules.own(tests):
            return ""
        if re.search(r"(?<![\w.$])eval\s*\(", bare):  # which sees the variables of the tests in the same file
            return "eval"
    if language in ("cpp", "c"):
        if found := re.search(rf"^(?:[\w:]+[\s*&]+){{1,8}}({_CPP_LIBRARY}){_CPP_BODY}", bare, re.MULTILINE):
            return found[1]
        if found := re.search(rf"\(\s*({_CPP_LIBRARY}|{_CPP_COMPARES})\s*\)\s*\(", bare):
            return found[1]
        if operator := _foreign_operator(bare):
            return operator
        for special in _CPP_SPECIAL.finditer(bare):
            if not set(_CPP_TYPES.findall(bare)) & set(re.findall(r"\w+", special[2])):
                return special[1]
        if _CPP_PRINTS.search(bare):
            return "operator<<"
        if (found := _CPP_NO_NAN.search(code)) and re.search(
            r"\bis(?:nan|inf|finite)\b|NaN|NAN|[iI]nfinity|INFINITY", tests
        ):
            return found[0].split("(")[0].strip()
        if (found := _CPP_FRAMEWORK.search(bare)) and found[1] in used:
            return found[1]
        for name in re.findall(rf"(?<![\w:.])({_CPP_CHECKS})\s*\(\s*[\w.]+\.c?begin\s*\(", tests):
            if re.search(rf"(?<![\w.>:]){name}{_CPP_BODY}|\bauto\s+{name}\s*=", bare):
                return str(name)
    if language == "php":
        aliases = re.findall(
            r"\bclass_alias\s*\(\s*['\"]?([\w\\]+?)(?:::class)?['\"]?\s*,\s*['\"]?([\w\\]+?)(?:::class)?['\"]?\s*\)",
            code,
        )
        mine = [name for pair in set(aliases) for name in pair if name.split("\\")[-1] in used]
        if len(set(mine)) > 1 and re.search(r"expectException|\bcatch\b|InstanceOf|\binstanceof\b", tests):
            return "class_alias"
    if language == "go" and (changed := _changes_of_a_package(code, bare, tests)):
        return changed
    caught = _JAVA_CATCHES.search(bare) if language == "java" else None
    if caught and re.search(r"(?:\b\w+|\(\s*\w[\w\s,]*\))\s*->\s*\{?\s*assert", tests):
        return caught[0]
    moved = re.search(r"\b(?:Locale|TimeZone)\s*\.\s*setDefault\b", bare) if language == "java" else None
    if moved and re.search(r"[fF]ormat|Locale|Calendar|java\.time", tests):
        return moved[0]
    names = _redefined(language, code if language == "bash" else bare)
    if language == "java" and re.search(r"^import\s+java\.util\.\*", tests, re.MULTILINE):
        judges = _DEFINES["java"] if re.search(r"\bboolean\s+equals\s*\(", bare) else _JAVA_OF_A_KIND
        names += [name for name in re.findall(judges, bare) if _JAVA_UTIL.fullmatch(name)]
    if language == "csharp" and "System.Linq" in tests:
        names += [name for name in _CSHARP_EXTENDS.findall(bare) if _LINQ.fullmatch(name)]
    return next((name for name in names if name in used), "")


def _names_its_tests(language: str, bare: str, tests: str) -> str:
    """A class or constant of the tests that the program says, and does not define: in a project no program sees them."""
    if language not in _DEFINES:
        return ""
    theirs, mine = (set(re.findall(_DEFINES[language], side, re.MULTILINE)) for side in (tests, bare))
    return next((name for name in sorted(theirs - mine) if re.search(rf"(?<![\w$]){name}\b", bare)), "")


def _redefined(language: str, bare: str) -> list[str]:
    """Names of the language, or of its library, that a program gives to something of its own."""
    if language in ("cpp", "c"):
        bare = bare.replace("\\\n", " ")
        names = [name for name in _CPP_DEFINE.findall(bare) if not _CPP_CONSTANT.fullmatch(name)]
        names += _CPP_CIRCLE.findall(bare) + _within_std(bare)
        own, free = set(_CPP_TYPES.findall(bare)), _without_members(bare)
        compares = re.finditer(rf"(?<![\w.>:])({_CPP_COMPARES})(?=\s*\(([^;{{}}]*)\)){_CPP_BODY}", free)
        return names + [one[1] for one in compares if not own & set(re.findall(r"\w+", one[2]))]
    if language == "go":
        groups = "\n".join(re.findall(r"^(?:type|const|var)\s*\(([^()]*(?:\([^()]*\)[^()]*)*)\)", bare, re.MULTILINE))
        names = re.findall(r"^(?:func|type|const|var)\s+([\w, ]+)", bare, re.MULTILINE)
        names += re.findall(r"^[ \t]*([\w, ]+)", groups, re.MULTILINE)
        asked = [
            found[2]
            for found in re.finditer(
                r"^func\s*\(([^()]*)\)\s*(Is|As)\s*\(([^\n]*\}$|.*?^\}|.*)", bare, re.MULTILINE | re.DOTALL
            )
            if found[2] == "As" or not _looks_at_its_target(found[1].split()[-1].lstrip("*"), found[3])
        ]  # by `errors.Is`
        return asked + [
            name
            for said in names
            for name in re.findall(r"\w+", said.split(" ")[0] if "," not in said else said)
            if _GO.fullmatch(name)
        ]
    if language == "java":
        return [
            name for name in re.findall(r"\b(?:class|interface|enum|record)\s+(\w+)", bare) if _JAVA.fullmatch(name)
        ]
    if language in ("javascript", "typescript"):  # of one file with its tests
        taken = re.sub(r"^(?:const\s+[\w${}, :]+?=\s*require\(|import\b)[^\n]*", "", bare, flags=re.MULTILINE)
        taken += "\n" + _at_the_top(taken)
        found = re.findall(
            r"^(?:export\s+)?(?:default\s+)?(?:async\s+)?(?:function\s*\*?|class|const|let|var)\s+([\w$]+)",
            taken,
            re.MULTILINE,
        )
        for names in re.findall(r"^(?:const|let|var)\s*[\[{]([^\]}]*)[\]}]", taken, re.MULTILINE):
            found += re.findall(r"[\w$]+", names)
        return [name for name in found if _JAVASCRIPT.fullmatch(name)]
    if language == "php":
        # `use function near as abs`, in one file with the tests
        uses = "".join(
            re.findall(r"^[ \t]*use\s+(?:(?:function|const)\b[^;]*|[\w\\]+\s+as\s+\w+\s*);", bare, re.MULTILINE)
        )
        return re.findall(r"\bglobal\s+\$(\w+)", bare) + re.findall(r"\bas\s+(\w+)", uses)
    if language == "bash":
        named = re.findall(
            r"(?:^|[\s;&|({])([\w\[]+)[ \t]*\([ \t]*\)|\bfunction[ \t]+([\w\[]+)|\balias[ \t]+['\"]?([\w\[]+)", bare
        )
        found = [name for one in named for name in one if name and _BASH.fullmatch(name)]
        set_so = re.findall(r"\b(?:declare|typeset)((?:[ \t]+-\w+)+)[ \t]+(\w+)", _outside_of_functions(bare))
        set_so += re.findall(r"\b(?:declare|typeset)((?:[ \t]+-\w+)*[ \t]+-\w*g\w*(?:[ \t]+-\w+)*)[ \t]+(\w+)", bare)
        return found + [name for flags, name in set_so if re.search(r"[ilnu]", flags)]
    if language == "rust":
        macros = re.findall(r"\bmacro_rules!\s*(\w+)|\buse\b[^;]{0,500}?\bas\s+(\w+)", bare)
        found = [name for one in macros for name in one if name and _RUST_MACROS.fullmatch(name)]
        kinds = re.findall(r"\b(?:mod|struct|enum|trait)\s+(\w+)", bare)
        return found + [name for name in kinds if _RUST_KINDS.fullmatch(name)]
    if language == "csharp":
        named = re.findall(r"\b(?:class|struct|interface|enum)\s+(\w+)|\busing\s+(\w+)\s*=", bare)
        return [name for one in named for name in one if name and _CSHARP.fullmatch(name)]
    if language == "ruby" and re.search(
        r"^[ \t]*using\b", bare, re.MULTILINE
    ):  # which holds for the tests in the same file too
        blocks = re.findall(
            r"^([ \t]*)refine\b[^\n]*\n(.*?)^\1end\b|\brefine\b([^\n]*\bdef\b[^\n]*)", bare, re.MULTILINE | re.DOTALL
        )
        return [name for block in blocks for name in re.findall(r"\bdef\s+(\w+[?!]?)", "".join(block))]
    return []


def _looks_at_its_target(kind: str, said: str) -> bool:
    """Whether Go's `Is` of an error compares what it is asked for, with one other or with errors of its own type."""
    target = said.split()[0] if said.split() else ""
    named = re.findall(rf"(?<![\w.]){target}\s*==\s*(?!nil\b|{target}\b)[A-Za-z]\w*", said)
    typed = re.search(rf":=\s*{target}\.\(\*?{kind}\)", said)
    return (len(named) == 1 or typed is not None) and not re.search(r"\btrue\b|\bnil\b", said)


def _outside_of_functions(code: str) -> str:
    """A Bash program without its functions, where a variable that is declared is theirs alone."""
    for opening in reversed([*re.finditer(r"(?:\(\)|\bfunction[ \t]+\w+)\s*\{", code)]):
        depth, end = 1, opening.end()
        while depth and end < len(code):
            depth += (code[end] == "{") - (code[end] == "}")
            end += 1
        code = code[: opening.end()] + code[end:]
    return code


def _at_the_top(bare: str) -> str:
    """What a JavaScript program declares in no bracket, each on a line of its own; `var` anywhere."""
    depth, top = 0, []
    for part in re.split(r"([(\[{}\])])", bare):
        depth += (part in ("(", "[", "{")) - (part in (")", "]", "}"))
        if depth == 0:
            top.append(part)
    said = "".join(top)
    found = re.findall(
        r"\b(?:function\s*\*?|class|const|let|var|enum|namespace)\s+([\w$]+)|,\s*([\w$]+)\s*=(?![=>])", said
    )
    found += [(name, "") for name in re.findall(r"\bvar\s+(?!(?:it|test)\b)([\w$]+)", bare)]
    return "\n".join(f"var {one or other}" for one, other in found)


def _without_members(bare: str) -> str:
    """A C++ program without the bodies of its classes, whose methods stand for nothing of the library's."""
    classes = re.compile(r"\b(?:class|struct)\s+(?:\w+\s*)(?:final\s*)?(?::(?!:)[^;{}()]*)?\{")
    while opening := classes.search(bare):
        depth, end = 1, opening.end()
        while depth and end < len(bare):
            depth += (bare[end] == "{") - (bare[end] == "}")
            end += 1
        inside = bare[opening.end() : end]
        bare = bare[: opening.start()] + "".join(_CPP_FRIENDS.findall(inside)) + bare[end:]
    return bare


def _within_std(bare: str) -> list[str]:
    """Functions that a C++ program puts into the library's namespace."""
    found: list[str] = []
    end = 0
    for opening in re.finditer(r"\bnamespace\s+std\b(?:::\w+)*\s*\{", bare):
        if opening.start() < end:
            continue
        depth, end = 1, opening.end()
        while depth and end < len(bare):
            depth += (bare[end] == "{") - (bare[end] == "}")
            end += 1
        found += _CPP_OF_STD.findall(bare[opening.end() : end])
    return [name for name in found if name != "operator"]


def _changes_of_a_package(code: str, bare: str, tests: str) -> str:
    """A variable of another package that a Go program gives another value, and that its tests ask for (`io.EOF = nil`)."""
    imported = re.findall(r"^(?:import\s*\(?)?[ \t]*(\w+[ \t]+)?\"(?:[\w.-]+/)*([\w.-]+)\"", code, re.MULTILINE)
    names = {(alias.strip() or name) for alias, name in imported}
    for found in re.finditer(r"(&)?(?<![\w.])(\w+)\.([A-Z]\w*)\b(?:[^\n=:;!<>(]*=(?!=))?", bare):
        changed = found[1] or found[0].endswith("=")
        if changed and found[2] in names and re.search(rf"\.{found[3]}\b", tests):
            return f"{found[2]}.{found[3]}"
    return ""


def _foreign_operator(bare: str) -> str:
    """A comparison of types that are not the program's."""
    own = set(_CPP_TYPES.findall(bare))
    for found in _CPP_OPERATOR.finditer(bare):
        types = re.sub(r"(?<=[&*\s])\s*\w+\s*(?=,|$|=)", "", found[1])  # without their names
        if not own & set(re.findall(r"\w+", types)):
            return found[0].partition("(")[0].strip()
    return ""
